package org.audienceactivation.kinesis.sender;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What one throttled shard may still be given, and what waits for it. Not thread-safe.
 *
 * <p>A token bucket, for records and for bytes, that starts at what the shard was seen to accept,
 * but at no less than the service documents for a shard. It follows what comes back: still
 * throttled as much as before, and the rate falls to what was accepted meanwhile; throttled no
 * more, and it grows slowly. A pace that changes nothing in three steps is lifted for a while: then
 * it is not our rate that throttles the shard, and waiting in line would help nobody. So is one
 * that has fallen to a small part of what the shard took without it: callers that wait for their
 * records bring less when less is taken, so what is accepted says little then, and the rate would
 * fall for ever.
 */
final class ShardPace {

  /** Service quota of a shard in both capacity modes (Kinesis quotas and limits). */
  static final double DOCUMENTED_RECORDS = 1_000;

  static final double DOCUMENTED_BYTES = 1 << 20;

  private static final double SECOND = 1e9;

  /** Tokens for longer than this are not kept: a shard has no use for a burst. */
  private static final double BURST_SECONDS = 0.1;

  private static final long STEP = 500_000_000L;
  private static final int RECORDS_TO_JUDGE = 20;

  /**
   * What is throttled less costs less than waiting in line does: it is sent again after a while.
   */
  private static final double WORTH_A_PACE = 0.2;

  private static final int STEPS_IN_VAIN = 3;
  private static final long LIFTED_FOR = 30_000_000_000L;
  private static final double FEW = 0.05;
  private static final double LEAST_RECORDS = 2;
  private static final double LEAST_BYTES = 2 << 10;
  private static final double GROWTH = 1.05;
  private static final double BEYOND_NEED = 4;

  /** A shard that has not throttled for so long, while nothing waited for it, needs no pace. */
  private static final long QUIET = 30_000_000_000L;

  /** Of what the shard took before; a pace that fell below it is in vain. */
  private static final double SMALLEST_PART = 1.0 / 8;

  private final Deque<Pending> held = new ArrayDeque<>();

  private boolean lifted;
  private long liftedUntil;

  private double records;
  private double bytes;
  private double recordsAtStart;
  private double recordsUnpaced;
  private double recordTokens;
  private double byteTokens;
  private long filledAt;

  private long begunAt;
  private long throttledAt;
  private long stepFrom;
  private double shareUnpaced;
  private int stepsInVain;
  private int accepted;
  private long acceptedBytes;
  private int throttled;

  /**
   * A pace for a shard that has just throttled.
   *
   * @param acceptedRecords what it took of us in a second lately
   * @param throttledShare of those that it was given, how many came back; 0 to 1
   */
  ShardPace(double acceptedRecords, double acceptedBytes, double throttledShare, long now) {
    begin(acceptedRecords, acceptedBytes, throttledShare, now);
  }

  /** Whether so many throttled records among those that a shard was given are reason for a pace. */
  static boolean isWorthwhile(long stored, long throttled) {
    long given = stored + throttled;
    return given >= RECORDS_TO_JUDGE && throttled >= WORTH_A_PACE * given;
  }

  private void begin(double acceptedRecords, double acceptedByteRate, double share, long now) {
    recordsUnpaced = acceptedRecords;
    records = Math.max(DOCUMENTED_RECORDS, acceptedRecords);
    bytes = Math.max(DOCUMENTED_BYTES, acceptedByteRate);
    recordsAtStart = records;
    recordTokens = 0;
    byteTokens = 0;
    begunAt = now;
    throttledAt = now;
    filledAt = now;
    shareUnpaced = share;
    stepsInVain = 0;
    beginStep(now);
  }

  private void beginStep(long now) {
    stepFrom = now;
    accepted = 0;
    acceptedBytes = 0;
    throttled = 0;
  }

  /** What waits for the shard, in order. */
  Deque<Pending> held() {
    return held;
  }

  /** Whether the pace holds anything back at present. */
  boolean isLifted() {
    return lifted;
  }

  /** Whether it can be forgotten: nothing waits, and it has not held anything back for a while. */
  boolean isOver(long now) {
    boolean isNeeded = records < BEYOND_NEED * recordsAtStart && now - throttledAt < QUIET;
    return held.isEmpty() && (lifted ? now - liftedUntil >= 0 : !isNeeded);
  }

  /** Takes tokens for a record of so many bytes. False if there are none: it must wait. */
  boolean take(int recordBytes, long now) {
    if (lifted) {
      return true;
    }
    fill(now);
    if (recordTokens < 1 || byteTokens <= 0) {
      return false;
    }
    recordTokens--;
    byteTokens -= recordBytes; // may go below zero: a large record pays afterwards
    return true;
  }

  /** When there will be tokens for about a twentieth of a second, or for all that is held. */
  long readyAt(long now) {
    if (lifted) {
      return now;
    }
    fill(now);
    double wanted = Math.max(1, Math.min(held.size(), records * BURST_SECONDS / 2));
    double forRecords = (wanted - recordTokens) / records;
    double forBytes = byteTokens > 0 ? 0 : (1 - byteTokens) / bytes;
    double seconds = Math.max(0, Math.max(forRecords, forBytes));
    return now + (long) Math.ceil(seconds * SECOND);
  }

  private void fill(long now) {
    double seconds = (now - filledAt) / SECOND;
    filledAt = now;
    recordTokens = Math.min(Math.max(1, records * BURST_SECONDS), recordTokens + seconds * records);
    byteTokens = Math.min(bytes * BURST_SECONDS, byteTokens + seconds * bytes);
  }

  /** What one call brought for this shard. A call that left before the pace began is no news. */
  void answered(int stored, long storedBytes, int notStored, long departed, long now) {
    if (departed - begunAt < 0) {
      return;
    }
    if (notStored > 0) {
      throttledAt = now;
    }
    if (lifted) {
      resume(stored, storedBytes, notStored, now);
      return;
    }
    accepted += stored;
    acceptedBytes += storedBytes;
    throttled += notStored;
    if (now - stepFrom >= STEP && accepted + throttled >= RECORDS_TO_JUDGE) {
      judge(now);
    }
  }

  private void resume(int stored, long storedBytes, int notStored, long now) {
    accepted += stored;
    acceptedBytes += storedBytes;
    throttled += notStored;
    double seconds = Math.max(STEP, now - stepFrom) / SECOND;
    if (now - liftedUntil >= 0 && isWorthwhile(accepted, throttled)) {
      lifted = false;
      begin(accepted / seconds, acceptedBytes / seconds, share(), now);
    } else if (now - stepFrom >= STEP) {
      beginStep(now);
    }
  }

  private void judge(long now) {
    double share = share();
    double seconds = (now - stepFrom) / SECOND;
    if (share <= FEW) {
      stepsInVain = 0;
      records *= GROWTH;
      bytes *= GROWTH;
    } else {
      stepsInVain = share > shareUnpaced / 2 ? stepsInVain + 1 : 0;
      records = Math.max(LEAST_RECORDS, Math.min(records, accepted / seconds));
      bytes = Math.max(LEAST_BYTES, Math.min(bytes, acceptedBytes / seconds));
    }
    beginStep(now);
    if (stepsInVain >= STEPS_IN_VAIN || records < SMALLEST_PART * recordsUnpaced) {
      lifted = true;
      liftedUntil = now + LIFTED_FOR;
    }
  }

  private double share() {
    return (double) throttled / (accepted + throttled);
  }
}
