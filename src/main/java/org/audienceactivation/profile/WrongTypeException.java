package org.audienceactivation.profile;

/** Leaves the parsing of a record whose parts have the wrong types; carries no stack trace. */
final class WrongTypeException extends Exception {

  private static final long serialVersionUID = 1L;

  private final transient Rejection rejection;

  WrongTypeException(String path, String expected, String actual) {
    super(path, null, false, false);
    this.rejection = Rejection.wrongType(path, expected, actual);
  }

  Rejection rejection() {
    return rejection;
  }
}
