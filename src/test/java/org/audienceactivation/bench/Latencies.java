package org.audienceactivation.bench;

import java.util.Arrays;

/**
 * How long calls took, in milliseconds.
 *
 * @param p50 half of them took no longer
 * @param p99 all but one in a hundred
 * @param p999 all but one in a thousand
 */
record Latencies(double p50, double p99, double p999, double longest) {

  /** Of a contestant whose work is no calls that somebody waits for. */
  static final Latencies NONE = new Latencies(0, 0, 0, 0);

  static Latencies of(long[] nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    return new Latencies(
        millis(sorted, 0.5), millis(sorted, 0.99), millis(sorted, 0.999), millis(sorted, 1));
  }

  private static double millis(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1] / 1e6;
  }
}
