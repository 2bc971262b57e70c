package org.audienceactivation.bench;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Says on standard error how far a soak is, and notices when it gets no further. Used by one
 * thread.
 */
final class SoakProgress {

  private static final long SAID_EVERY = Duration.ofSeconds(10).toNanos();

  /** After an outage the program may wait for as long as its longest backoff, and again. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final SoakPlan plan;
  private final long started = System.nanoTime();
  private long saidAt = started;
  private long stored;
  private long storedAt = started;

  SoakProgress(SoakPlan plan) {
    this.plan = plan;
  }

  /** To be called often, with what the stream holds. */
  void at(long storedByNow, List<String> mishapsLeft) {
    long now = System.nanoTime();
    if (storedByNow > stored) {
      stored = storedByNow;
      storedAt = now;
    }
    if (now - saidAt >= SAID_EVERY) {
      saidAt = now;
      System.err.println(where(mishapsLeft));
    }
  }

  /** Whether nothing has arrived for too long, or all of it takes too long. */
  boolean isStuck() {
    long now = System.nanoTime();
    return now - storedAt > plan.outage().plus(PATIENCE).toNanos()
        || now - started > plan.longest().toNanos();
  }

  /** How far it is, in one line. */
  String where(List<String> mishapsLeft) {
    return String.format(
        Locale.ROOT,
        "%s, %,.0f s: %,d of %,d records stored, %,.0f/s, the last one %.0f s ago; still to come: %s",
        plan.title(),
        seconds(),
        stored,
        plan.records(),
        stored / seconds(),
        (System.nanoTime() - storedAt) / 1e9,
        mishapsLeft.isEmpty() ? "nothing" : String.join(", ", mishapsLeft));
  }

  /** Since the start. */
  double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
