package org.audienceactivation.enrichment;

/** A table that cannot be asked now; the batch is tried again. The message holds no secret. */
public final class LookupException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  LookupException(String message, Throwable cause) {
    super(message, cause);
  }
}
