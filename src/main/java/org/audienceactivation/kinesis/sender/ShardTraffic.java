package org.audienceactivation.kinesis.sender;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.audienceactivation.kinesis.sender.SenderListener.ShardUse;
import org.audienceactivation.kinesis.sender.SkewReport.ShardShare;

/**
 * What each shard was given and what came back: in total, and lately. Not thread-safe.
 *
 * <p>Shards that a reshard closed keep their totals; so many are remembered that only a stream that
 * is resharded for ever would lose the oldest.
 */
final class ShardTraffic {

  private static final int SHARDS_REMEMBERED = 20_000;
  private static final long WINDOW = 1_000_000_000L;
  private static final double SECOND = 1e9;

  private final Map<String, Shard> shards = new HashMap<>();

  /** What one call brought for one shard. */
  static final class Shard {
    private final String id;
    private long records;
    private long bytes;
    private long throttled;

    private long windowFrom;
    private long recordsInWindow;
    private long bytesInWindow;
    private long throttledInWindow;
    private double recordsPerSecond;
    private double bytesPerSecond;
    private double throttledShare;

    private Shard(String id, long now) {
      this.id = id;
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
      shard = new Shard(id, now);
      shards.put(id, shard);
    }
    return shard;
  }

  void add(ShardUse use, long now) {
    shard(use.shardId(), now).add(use.stored(), use.bytes(), use.throttled(), now);
  }

  /** The totals, by shard id. */
  List<ShardShare> report() {
    long all = shards.values().stream().mapToLong(shard -> shard.records).sum();
    return shards.values().stream()
        .sorted(Comparator.comparing((Shard shard) -> shard.id))
        .map(
            shard ->
                new ShardShare(
                    shard.id,
                    shard.records,
                    shard.bytes,
                    shard.throttled,
                    all == 0 ? 0 : (double) shard.records / all))
        .toList();
  }
}
