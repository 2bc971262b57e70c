package org.audienceactivation.route;

/** Tells a source that it still has records which are not settled. It says so without a trace. */
final class UnsettledSourceException extends Exception {
  private static final long serialVersionUID = 1;

  UnsettledSourceException(String message) {
    super(message, null, false, false);
  }
}
