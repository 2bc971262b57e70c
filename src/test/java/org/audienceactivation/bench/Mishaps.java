package org.audienceactivation.bench;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.audienceactivation.localkinesis.LocalKinesis;

/**
 * What befalls a stream while somebody writes to it: a shard is split, everything goes down for a
 * while, the two halves are merged. Each comes when a share of the records is stored, so that it
 * comes in the middle of the work however fast that is. Used by one thread.
 */
final class Mishaps {

  /** The shards that the stream has at first. */
  static final int SHARDS = 4;

  /** With the two halves, and with the one that they become. */
  static final int SHARDS_IN_ALL = SHARDS + 3;

  private static final String SPLIT_SHARD = "shardId-000000000000";
  private static final String LOWER_HALF = "shardId-000000000004";
  private static final String UPPER_HALF = "shardId-000000000005";

  private record Mishap(String name, long storedBefore, Runnable action) {}

  private final LocalKinesis kinesis;
  private final SoakPlan plan;
  private final Deque<Mishap> toCome;
  private boolean isDown;
  private long downSince;

  /** They befall a stream that has not been resharded so far. */
  Mishaps(LocalKinesis kinesis, String region, String stream, SoakPlan plan) {
    this.kinesis = kinesis;
    this.plan = plan;
    this.toCome =
        new ArrayDeque<>(
            List.of(
                new Mishap(
                    "split",
                    plan.records() / 4,
                    () -> kinesis.splitShard(region, stream, SPLIT_SHARD)),
                new Mishap("outage", plan.records() / 2, this::goDown),
                new Mishap(
                    "merge",
                    plan.records() * 3L / 4,
                    () -> kinesis.mergeShards(region, stream, LOWER_HALF, UPPER_HALF))));
  }

  /** Lets come what is due. To be called often: what nobody calls for comes late. */
  void proceed() {
    if (isDown) {
      comeBackWhenDue();
    } else if (!toCome.isEmpty() && kinesis.recordCount() >= toCome.element().storedBefore()) {
      toCome.remove().action().run();
    }
  }

  private void goDown() {
    isDown = true;
    downSince = System.nanoTime();
    kinesis.inject(plan.faults().withOutage(true));
  }

  private void comeBackWhenDue() {
    if (System.nanoTime() - downSince >= plan.outage().toNanos()) {
      isDown = false;
      kinesis.inject(plan.faults());
    }
  }

  /** What has not come, or is not over yet. */
  List<String> left() {
    List<String> names = new ArrayList<>();
    if (isDown) {
      names.add("end of the outage");
    }
    toCome.forEach(mishap -> names.add(mishap.name()));
    return names;
  }
}
