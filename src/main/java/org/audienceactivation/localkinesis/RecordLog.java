package org.audienceactivation.localkinesis;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * The records of one shard, in order. A record is known by its place: 1 for the first, without
 * gaps. Safe for use by many threads.
 */
sealed interface RecordLog extends AutoCloseable permits DiskLog, CountingLog {

  /**
   * Appends entries in their order, all or none.
   *
   * @return the place of the first; empty if the log is sealed
   */
  OptionalLong append(List<PutEntry> entries, long nowMillis) throws IOException;

  /** How many records there are; the place of the last. */
  long count();

  /** Takes no more records from now on; those that it has can be read as before. */
  void seal() throws IOException;

  /** The final {@link #count()} of a sealed log; empty while it takes records. */
  OptionalLong sealedCount();

  /**
   * The place of the first record that arrived at this time or later; one beyond the last if none.
   */
  long firstPlaceSince(long epochMillis) throws IOException;

  /** A reader over what lies in the log now, from a place on. */
  LogReader reader(long fromPlace) throws IOException;

  /** Takes no more records and lets go of the file, which stays. */
  @Override
  void close() throws IOException;

  /** Closes the log and removes its file. */
  void delete() throws IOException;
}
