package org.audienceactivation.http;

import java.io.IOException;

/** The body of a call cannot be read to its end. */
public final class UploadException extends IOException {
  private static final long serialVersionUID = 1L;

  UploadException(String message) {
    super(message);
  }
}
