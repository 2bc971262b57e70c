package org.audienceactivation.cli;

/** Something in the call that the user can mend; the message says how. It has no trace. */
final class UserMistake extends RuntimeException {
  private static final long serialVersionUID = 1;

  UserMistake(String message) {
    super(message, null, false, false);
  }
}
