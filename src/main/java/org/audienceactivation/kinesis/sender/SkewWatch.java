package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * How evenly the stream is used, and whether somebody should be told: what is measured comes with
 * the answers of calls, and is looked at once a second, so that a record costs nothing. Not
 * thread-safe.
 *
 * <p>The report is of the whole time; what is said is of the last half minute, as a stream that was
 * skewed last month needs nobody now. It is said at most once in ten minutes: mending it takes
 * longer.
 */
final class SkewWatch {

  /** Where those are told who must act. */
  interface Log {
    void skewed(Bottleneck bottleneck);
  }

  private static final long LOOK_EVERY = 1_000_000_000L;
  private static final long JUDGED_EVERY = 30_000_000_000L;
  private static final long SAID_AT_MOST_EVERY = 600_000_000_000L;

  private final ShardTraffic traffic;
  private final LineWatch lines;
  private final Log log;

  private final HeavyKeys keys = new HeavyKeys();
  private HeavyKeys keysLately = new HeavyKeys();
  private long lookedAt;
  private long latelyFrom;
  private boolean everSaid;
  private long saidAt;

  SkewWatch(ShardTraffic traffic, KeyLines lines, Log log, long now) {
    this.traffic = traffic;
    this.lines = new LineWatch(lines);
    this.log = log;
    this.lookedAt = now;
    this.latelyFrom = now;
  }

  /** Learns from a call that ended. */
  void learn(CallFeedback feedback) {
    feedback.keysOfRecords(keys::add);
    feedback.keysOfRecords(keysLately::add);
  }

  /**
   * Looks, if it is time to.
   *
   * @param underWay the records that are in calls
   * @param openRecords how many there are, and of those that wait
   */
  void look(Supplier<List<Pending>> underWay, IntSupplier openRecords, long now) {
    if (now - lookedAt < LOOK_EVERY) {
      return;
    }
    lookedAt = now;
    List<Bottleneck> found =
        new ArrayList<>(lines.look(underWay.get(), openRecords.getAsInt(), now).stream().toList());
    if (now - latelyFrom >= JUDGED_EVERY) {
      hotShardLately(now).ifPresent(found::add);
    }
    say(found, now);
  }

  private Optional<HotShard> hotShardLately(long now) {
    Optional<HotShard> hot = HotShard.among(traffic.reportLately(), keysLately.report());
    traffic.beginLately();
    keysLately = new HeavyKeys();
    latelyFrom = now;
    return hot;
  }

  private void say(List<Bottleneck> found, long now) {
    boolean saidLately = everSaid && now - saidAt < SAID_AT_MOST_EVERY;
    if (found.isEmpty() || saidLately) {
      return;
    }
    everSaid = true;
    saidAt = now;
    found.forEach(log::skewed);
  }

  /** Of the whole time. */
  SkewReport report() {
    return new SkewReport(traffic.report(), keys.report(), lines.longest());
  }
}
