package org.audienceactivation.kinesis.sender;

import java.util.random.RandomGenerator;

/**
 * Exponential backoff with full jitter: a wait drawn evenly between zero and a bound that doubles
 * with each failure. Those who failed together spread out, and the mean load stays what it is with
 * equal steps (AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
final class Backoff {

  private final long minNanos;
  private final long maxNanos;
  private final RandomGenerator random;

  Backoff(SenderSettings settings, RandomGenerator random) {
    this.minNanos = settings.backoffMin().toNanos();
    this.maxNanos = settings.backoffMax().toNanos();
    this.random = random;
  }

  /** The wait after so many failures in a row, in nanoseconds. */
  long nanosAfter(int failures) {
    return random.nextLong(bound(failures) + 1);
  }

  private long bound(int failures) {
    int doublings = Math.max(0, failures - 1);
    boolean beyond = doublings >= Long.numberOfLeadingZeros(minNanos) - 1;
    return beyond ? maxNanos : Math.min(maxNanos, minNanos << doublings);
  }
}
