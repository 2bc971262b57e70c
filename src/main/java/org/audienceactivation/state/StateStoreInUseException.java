package org.audienceactivation.state;

/** Another process has the store open, which only one may have. */
public final class StateStoreInUseException extends StateStoreException {

  private static final long serialVersionUID = 1L;

  StateStoreInUseException(String message) {
    super(message);
  }
}
