package org.audienceactivation.kinesis.sender;

import java.util.function.IntSupplier;

/**
 * Whether calls to the stream succeed at present. While they do not, one call at a time probes,
 * with growing waits between probes, so that neither a service in trouble nor the log is hammered;
 * the first success opens the way for all. Not thread-safe.
 *
 * <p>A short trouble passes unsaid. One that needs somebody's help is said at once, another after
 * some seconds, and then at most once in half a minute as long as it lasts; if it was said, its end
 * is said too.
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
  private boolean everSaid;
  private long saidAt;

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
    boolean needsHelp = treatment == Treatment.RETRY_AND_CALL_FOR_HELP;
    boolean longEnough = needsHelp || now - downSince >= UNSAID_FOR;
    boolean saidLately = everSaid && now - saidAt < SAID_AT_MOST_EVERY;
    if (!longEnough || saidLately) {
      return;
    }
    said = true;
    everSaid = true;
    saidAt = now;
    log.blocked(cause, now - downSince, waitingRecords.getAsInt());
  }
}
