package org.audienceactivation.destination;

import java.time.Duration;

/**
 * How hard and how wide a destination sends.
 *
 * @param retryFor how long a record is tried; zero is without limit
 * @param maxAttempts how often a record is tried; zero is without limit
 * @param maxRecordBytes data and partition key of one record, in UTF-8 bytes; zero is what the
 *     stream takes
 * @param order {@code perKey}, {@code latestWins} or {@code none}: what is kept in order
 */
public record Delivery(
    Duration retryFor,
    int maxAttempts,
    Duration backoffMin,
    Duration backoffMax,
    int callsInFlight,
    int maxRecordBytes,
    String order) {

  /** Ride out every outage; what Kinesis takes without being asked. */
  public static final Delivery DEFAULT =
      new Delivery(
          Duration.ZERO, 0, Duration.ofMillis(100), Duration.ofSeconds(20), 8, 0, "perKey");
}
