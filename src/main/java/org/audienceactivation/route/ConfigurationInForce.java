package org.audienceactivation.route;

import java.time.Clock;
import java.time.Instant;

/**
 * Which configuration decides what begins now.
 *
 * @param version the beginning of a digest of its files, as the log tells it
 * @param since the start, or the change by which it came into force
 */
public record ConfigurationInForce(String version, Instant since) {

  /** From this moment on. */
  static ConfigurationInForce of(HomeFiles files) {
    return new ConfigurationInForce(files.version(), Instant.now(Clock.systemUTC()));
  }
}
