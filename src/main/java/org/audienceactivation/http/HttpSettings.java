package org.audienceactivation.http;

import java.time.Duration;

/**
 * Where the server listens, and how it is bounded.
 *
 * @param port 0 is any that is free
 * @param maxBytes what a body may have
 * @param concurrency calls in progress; each has a thread of its own
 * @param largeBodies bodies above {@value Upload#SMALL_BYTES} bytes that are read at the same time;
 *     the others wait
 * @param timeout what a call may take, from its head to its answer
 * @param quiet how long a caller may say nothing: between calls, and within one while more of it is
 *     awaited
 */
public record HttpSettings(
    String host,
    int port,
    int maxBytes,
    int concurrency,
    int largeBodies,
    Duration timeout,
    Duration quiet) {

  public HttpSettings {
    if (maxBytes < 1 || concurrency < 1 || largeBodies < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
