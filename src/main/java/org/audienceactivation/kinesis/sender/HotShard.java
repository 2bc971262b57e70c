package org.audienceactivation.kinesis.sender;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.audienceactivation.kinesis.sender.SkewReport.HeavyKey;
import org.audienceactivation.kinesis.sender.SkewReport.ShardShare;

/**
 * A shard that is at its limit while the others are not: it took half as much again as a fair share
 * or more, so that a third of what the shards could take is out of reach, and it throttles. Little
 * traffic makes none, since it is over before anybody could act.
 *
 * @param share of all records or of all bytes, whichever is more; 0 to 1
 * @param throttled how many records it sent back because it had too much
 * @param shards how many took records
 * @param key the partition key that carries at least half of what the shard took, if one does
 */
public record HotShard(
    String shardId, double share, long throttled, int shards, Optional<HeavyKey> key)
    implements Bottleneck {

  private static final double FAIR_SHARES = 1.5;

  /** A pace keeps what is sent in vain to a few in a hundred. */
  private static final double THROTTLED_SHARE = 0.01;

  /** A key that carries so much of a shard's records is what makes it hot. */
  private static final double SHARE_OF_THE_KEY = 0.5;

  private static final int SECONDS_WORTH_ACTING = 10;

  /** The hottest, if there is one. */
  static Optional<HotShard> among(List<ShardShare> shards, List<HeavyKey> heavyKeys) {
    long allBytes = shards.stream().mapToLong(ShardShare::bytes).sum();
    int inUse = (int) shards.stream().filter(shard -> shard.records() > 0).count();
    return shards.stream()
        .filter(HotShard::isAtItsLimit)
        .map(shard -> of(shard, allBytes, inUse, heavyKeys))
        .filter(HotShard::isOutOfProportion)
        .max(Comparator.comparingDouble(HotShard::share));
  }

  private static boolean isAtItsLimit(ShardShare shard) {
    boolean worthActing =
        shard.records() >= SECONDS_WORTH_ACTING * ShardPace.DOCUMENTED_RECORDS
            || shard.bytes() >= SECONDS_WORTH_ACTING * ShardPace.DOCUMENTED_BYTES;
    long given = shard.records() + shard.throttled();
    return worthActing && shard.throttled() >= THROTTLED_SHARE * given;
  }

  private static HotShard of(ShardShare shard, long allBytes, int inUse, List<HeavyKey> heavyKeys) {
    Optional<HeavyKey> key =
        heavyKeys.stream()
            .filter(heavy -> heavy.shardId().equals(shard.shardId()))
            .filter(heavy -> heavy.share() >= SHARE_OF_THE_KEY * shard.share())
            .findFirst();
    double share = Math.max(shard.share(), (double) shard.bytes() / allBytes);
    return new HotShard(shard.shardId(), share, shard.throttled(), inUse, key);
  }

  /** Where only one shard is in use, others may be idle because of a key, and only then. */
  private boolean isOutOfProportion() {
    return shards > 1 ? share * shards >= FAIR_SHARES : key.isPresent();
  }

  @Override
  public String description() {
    String proportion =
        shards > 1
            ? "which took %s of the records or bytes (a fair share is %s)"
                .formatted(percent(share), percent(1.0 / shards))
            : "the only one in use,";
    return "shard %s, %s and sent %s records back because it had too much. %s"
        .formatted(shardId, proportion, String.format(Locale.ROOT, "%,d", throttled), remedy());
  }

  private String remedy() {
    return key.map(
            heavy ->
                "One partition key (SHA-256 %s…) carries %s of all records, and those of one key go to one shard, so more shards do not help: spread them over several keys"
                    .formatted(heavy.key(), percent(heavy.share())))
        .orElse("No single partition key stands out: split the shard");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * share);
  }
}
