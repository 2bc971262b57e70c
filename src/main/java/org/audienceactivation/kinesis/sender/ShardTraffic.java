package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.audienceactivation.kinesis.sender.SenderListener.ShardUse;
import org.audienceactivation.kinesis.sender.SkewReport.ShardShare;

/**
 * What each shard was given and what came back: in total, since a moment that somebody chose, and
 * within about a second. Not thread-safe.
 *
 * <p>Shards that a reshard closed keep their totals; so many are remembered that only a stream that
 * is resharded for ever would lose the oldest.
 */
final class ShardTraffic {

  private static final int SHARDS_REMEMBERED = 20_000;
  private static final long WINDOW = 1_000_000_000L;
  private static final double SECOND = 1e9;

  private final Map<String, Shard> shards = new LinkedHashMap<>();

  /** What one call brought for one shard. */
  static final class Shard {
    private long records;
    private long bytes;
    private long throttled;

    private long recordsBefore;
    private long bytesBefore;
    private long throttledBefore;

    private long windowFrom;
    private long recordsInWindow;
    private long bytesInWindow;
    private long throttledInWindow;
    private double recordsPerSecond;
    private double bytesPerSecond;
    private double throttledShare;

    private Shard(long now) {
      this.windowFrom = now;
    }

    /** What it took of us in a second lately. */
    double acceptedRecords(long now) {
      return Math.max(recordsPerSecond, recordsInWindow / seconds(now));
    }

    double acceptedBytes(long now) {
      return Math.max(bytesPerSecond, bytesInWindow / seconds(now));
    }

    /** Of those that it was given lately, how many came back; 0 to 1. */
    double throttledShare() {
      long given = recordsInWindow + throttledInWindow;
      return given == 0 ? throttledShare : (double) throttledInWindow / given;
    }

    boolean isWorthAPace() {
      return ShardPace.isWorthwhile(recordsInWindow, throttledInWindow);
    }

    private double seconds(long now) {
      return Math.max(WINDOW, now - windowFrom) / SECOND;
    }

    private void add(int stored, long storedBytes, int notStored, long now) {
      if (now - windowFrom >= WINDOW) {
        recordsPerSecond = recordsInWindow / seconds(now);
        bytesPerSecond = bytesInWindow / seconds(now);
        throttledShare = throttledShare();
        windowFrom = now;
        recordsInWindow = 0;
        bytesInWindow = 0;
        throttledInWindow = 0;
      }
      records += stored;
      bytes += storedBytes;
      throttled += notStored;
      recordsInWindow += stored;
      bytesInWindow += storedBytes;
      throttledInWindow += notStored;
    }
  }

  Shard shard(String id, long now) {
    Shard shard = shards.get(id);
    if (shard == null) {
      if (shards.size() >= SHARDS_REMEMBERED) {
        shards.remove(shards.keySet().iterator().next());
      }
      shard = new Shard(now);
      shards.put(id, shard);
    }
    return shard;
  }

  void add(ShardUse use, long now) {
    shard(use.shardId(), now).add(use.stored(), use.bytes(), use.throttled(), now);
  }

  /** The totals, by shard id. */
  List<ShardShare> report() {
    return withShares(shard -> new Use(shard.records, shard.bytes, shard.throttled));
  }

  /** The same since the last {@link #beginLately()}. */
  List<ShardShare> reportLately() {
    return withShares(
        shard ->
            new Use(
                shard.records - shard.recordsBefore,
                shard.bytes - shard.bytesBefore,
                shard.throttled - shard.throttledBefore));
  }

  void beginLately() {
    for (Shard shard : shards.values()) {
      shard.recordsBefore = shard.records;
      shard.bytesBefore = shard.bytes;
      shard.throttledBefore = shard.throttled;
    }
  }

  private record Use(long records, long bytes, long throttled) {}

  private List<ShardShare> withShares(Function<Shard, Use> counts) {
    Map<String, Use> uses = new TreeMap<>();
    shards.forEach((id, shard) -> uses.put(id, counts.apply(shard)));
    long all = uses.values().stream().mapToLong(Use::records).sum();
    List<ShardShare> shares = new ArrayList<>(uses.size());
    uses.forEach(
        (id, use) ->
            shares.add(
                new ShardShare(
                    id,
                    use.records,
                    use.bytes,
                    use.throttled,
                    all == 0 ? 0 : (double) use.records / all)));
    return shares;
  }
}
