package org.audienceactivation.bench;

import java.math.BigDecimal;
import java.time.Duration;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Faults;

/**
 * What one soak puts the program through, and what a sender that sends nothing again without need
 * has to send under it.
 *
 * @param records in the inbox
 * @param failures percent of the records in a call that fail: half of them are throttled, half fail
 *     inside Kinesis
 * @param drops percent of the calls whose connection is dropped: half of them before anything was
 *     stored, half after it was
 * @param outage how long nothing gets through, once
 * @param backoffMax where the doubling of the destination's backoff ends
 * @param longest how long the program may take in all
 * @param seed of what is struck
 */
record SoakPlan(
    int records,
    double failures,
    double drops,
    Duration outage,
    Duration backoffMax,
    Duration longest,
    long seed) {

  /** Refuses a plan under which nothing would ever arrive. */
  SoakPlan {
    if (records < 1 || failures < 0 || failures >= 100 || drops < 0 || drops >= 100) {
      throw new IllegalArgumentException(
          "a soak needs records, and some that arrive: "
              + "%d records, %s %% failures, %s %% drops".formatted(records, failures, drops));
    }
  }

  Faults faults() {
    return Faults.none()
        .with(Fault.THROTTLE, failures / 2)
        .with(Fault.INTERNAL, failures / 2)
        .with(Fault.DROP, drops / 2)
        .with(Fault.DROP_AFTER, drops / 2)
        .withSeed(seed);
  }

  /** What tells it from others. */
  String title() {
    return BigDecimal.valueOf(failures).stripTrailingZeros().toPlainString() + " %";
  }

  /** 1/(1−p): how often a record is sent on average, if it is only sent again after it failed. */
  double resendsInTheory() {
    return 1 / (1 - failures / 100);
  }

  /** The same where a record also fails with its call. */
  double resendsInTheoryWithDrops() {
    return resendsInTheory() / (1 - drops / 100);
  }
}
