package org.audienceactivation.kinesis.sender;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.kinesis.sender.SenderListener.ShardUse;

/**
 * What the answers of calls tell of the shards: where they lie, and which of them must be given
 * less. So that one hot shard does not slow the others, only what is meant for it waits. Not
 * thread-safe.
 */
final class ShardPacing {

  private final ShardRanges ranges = new ShardRanges();
  private final ShardTraffic traffic = new ShardTraffic();
  private final Map<String, ShardPace> paces = new HashMap<>();
  private final Deque<Pending> freed = new ArrayDeque<>();

  ShardRanges ranges() {
    return ranges;
  }

  ShardTraffic traffic() {
    return traffic;
  }

  /** Learns from a call that ended; what it brought for each shard. */
  List<ShardUse> learn(CallFeedback feedback, long departed, long now) {
    feedback.whereaboutsOfRecords((hash, shard) -> ranges.learn(hash, shard).forEach(this::closed));
    List<ShardUse> shards = feedback.shards(ranges::shardOf);
    for (ShardUse use : shards) {
      traffic.add(use, now);
      answered(use, departed, now);
    }
    forgetThoseOver(now);
    return shards;
  }

  /** Also when no call ends: after an idle time nothing is held to what a shard took before it. */
  void forgetThoseOver(long now) {
    if (!paces.isEmpty()) {
      paces.values().removeIf(pace -> pace.isOver(now));
    }
  }

  /** What waited for a shard that a reshard closed is not held to its pace. */
  private void closed(String shard) {
    ShardPace pace = paces.remove(shard);
    if (pace != null) {
      freed.addAll(pace.held());
      pace.held().clear();
    }
  }

  /** Takes out the next record that need not wait any more because its shard was closed. */
  Optional<Pending> nextFreed() {
    return Optional.ofNullable(freed.poll());
  }

  private void answered(ShardUse use, long departed, long now) {
    ShardPace pace = paces.get(use.shardId());
    if (pace != null) {
      pace.answered(use.stored(), use.bytes(), use.throttled(), departed, now);
    } else if (use.throttled() > 0) {
      beginPace(use.shardId(), now);
    }
  }

  private void beginPace(String shard, long now) {
    ShardTraffic.Shard seen = traffic.shard(shard, now);
    if (seen.isWorthAPace()) {
      paces.put(
          shard,
          new ShardPace(
              seen.acceptedRecords(now), seen.acceptedBytes(now), seen.throttledShare(), now));
    }
  }

  /** The pace that the record's shard is kept to; empty if it is not throttled. */
  Optional<ShardPace> paceOf(Pending pending) {
    if (paces.isEmpty()) {
      return Optional.empty();
    }
    return ranges.shardOf(pending.hash()).map(paces::get).filter(pace -> !pace.isLifted());
  }

  /** Every shard that is throttled, with what waits for it. */
  Iterable<ShardPace> paces() {
    return paces.values();
  }

  /** How many shards are given less than there is for them. */
  int pacedShards(long now) {
    forgetThoseOver(now);
    return (int) paces.values().stream().filter(pace -> !pace.isLifted()).count();
  }

  /** Whether something that waits for its shard may be sent. */
  boolean hasReady(long now) {
    for (ShardPace pace : paces.values()) {
      if (!pace.held().isEmpty() && pace.readyAt(now) - now <= 0) {
        return true;
      }
    }
    return false;
  }

  /** How long until more of it may; {@link Long#MAX_VALUE} if nothing waits. */
  long untilReady(long now) {
    long least = Long.MAX_VALUE;
    for (ShardPace pace : paces.values()) {
      long wait = pace.held().isEmpty() ? 0 : pace.readyAt(now) - now;
      if (wait > 0) {
        least = Math.min(least, wait);
      }
    }
    return least;
  }
}
