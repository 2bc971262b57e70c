package org.audienceactivation.kinesis.sender;

import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Whether calls to the stream succeed at present. While they do not, one call at a time probes,
 * with growing waits between probes, so that neither a service in trouble nor the log is hammered;
 * the first success opens the way for all. Not thread-safe.
 *
 * <p>A short trouble passes unsaid. One that needs somebody's help is said at once, another after
 * some seconds; each cause by itself, and as long as it lasts at most once in half a minute. A
 * cause that comes back sooner than that after the stream took records again is said when it has
 * lasted some seconds, so that a stream that comes and goes does not fill the log. If an outage was
 * said, its end is said too.
 */
final class StreamHealth {

  /** Where those are told who must act. */
  interface Log {
    void blocked(Failure cause, long downNanos, int waitingRecords);

    void recovered(long downNanos, int waitingRecords);
  }

  private static final long SAID_AT_MOST_EVERY = 30_000_000_000L;
  private static final long UNSAID_FOR = 5_000_000_000L;

  private final Backoff backoff;
  private final Log log;
  private final IntSupplier waitingRecords;

  private boolean down;
  private int failedProbes;
  private long downSince;
  private long nextProbe;
  private boolean said;

  /** When each cause was said, for as long as that counts. */
  private final Map<Cause, Long> saidAt = new HashMap<>();

  /** What makes two failures the same trouble to who must act. */
  private record Cause(String code, Treatment treatment) {}

  StreamHealth(Backoff backoff, Log log, IntSupplier waitingRecords) {
    this.backoff = backoff;
    this.log = log;
    this.waitingRecords = waitingRecords;
  }

  /** True if a call may be made now. */
  boolean admitsCall(long now, int callsInFlight) {
    return !down || (callsInFlight == 0 && nextProbe - now <= 0);
  }

  boolean isDown() {
    return down;
  }

  /** Only while down. */
  long nextProbe() {
    return nextProbe;
  }

  /** Only while down. */
  long downSince() {
    return downSince;
  }

  void succeeded(long now) {
    if (!down) {
      return;
    }
    down = false;
    if (said) {
      log.recovered(now - downSince, waitingRecords.getAsInt());
    }
  }

  void failed(long now, Failure cause, Treatment treatment) {
    if (!down) {
      down = true;
      said = false;
      downSince = now;
      failedProbes = 0;
      nextProbe = now;
    }
    // calls that were under way when it began are no further probes
    if (nextProbe - now <= 0) {
      failedProbes++;
      nextProbe = now + backoff.nanosAfter(failedProbes);
    }
    say(now, cause, treatment);
  }

  private void say(long now, Failure cause, Treatment treatment) {
    boolean lasts = now - downSince >= UNSAID_FOR;
    boolean needsHelp = treatment == Treatment.RETRY_AND_CALL_FOR_HELP;
    saidAt.values().removeIf(at -> now - at >= SAID_AT_MOST_EVERY);
    Cause what = new Cause(cause.code(), treatment);
    boolean isNews = !saidAt.containsKey(what) || (lasts && !said);
    if (!isNews || !(needsHelp || lasts)) {
      return;
    }
    said = true;
    saidAt.put(what, now);
    log.blocked(cause, now - downSince, waitingRecords.getAsInt());
  }
}
