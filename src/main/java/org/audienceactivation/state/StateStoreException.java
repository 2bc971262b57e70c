package org.audienceactivation.state;

/** A state store that cannot be opened, reached or read; the message is for its operator. */
public sealed class StateStoreException extends RuntimeException permits StateStoreInUseException {

  private static final long serialVersionUID = 1L;

  /** Without a cause that anybody would want to see. */
  public StateStoreException(String message) {
    super(message);
  }

  public StateStoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
