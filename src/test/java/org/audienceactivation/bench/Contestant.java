package org.audienceactivation.bench;

/** One way to do the work, in a JVM of its own. */
interface Contestant extends AutoCloseable {

  /**
   * Does all records of a pass once. Starts the watch when the work begins and stops it when the
   * last record is through, so that what only finds the work is not measured.
   *
   * @throws IllegalStateException if a record did not get through
   */
  void pass(Watch watch) throws Exception;

  @Override
  void close();
}
