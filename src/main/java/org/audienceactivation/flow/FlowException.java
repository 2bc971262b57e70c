package org.audienceactivation.flow;

/**
 * A file that is no flow description; the message says what and where, for the one who named it.
 */
public final class FlowException extends Exception {

  private static final long serialVersionUID = 1L;

  FlowException(String message) {
    super(message);
  }
}
