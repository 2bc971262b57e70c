package org.audienceactivation.kinesis.sender;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How evenly a stream is used: what each shard took, and the keys that alone carry much. A shard
 * takes 1 MiB and 1,000 records a second, so a key with a large share limits the whole stream.
 *
 * @param shards by id; with those that a reshard has closed meanwhile
 * @param heavyKeys those with at least a hundredth of all records, the heaviest first
 * @param longestLine the most records that waited for some time behind one key
 */
public record SkewReport(
    List<ShardShare> shards, List<HeavyKey> heavyKeys, Optional<LongLine> longestLine) {

  public SkewReport {
    shards = List.copyOf(shards);
    heavyKeys = List.copyOf(heavyKeys);
  }

  /**
   * What one shard took.
   *
   * @param share of all records that were stored, 0 to 1
   * @param throttled how many times it sent a record back because it had too much
   */
  public record ShardShare(
      String shardId, long records, long bytes, long throttled, double share) {}

  /**
   * A partition key with many records.
   *
   * @param key the first 12 hexadecimal digits of the SHA-256 of the key, which may be personal
   * @param share of all records, 0 to 1: an estimate from a sample, rather too low than too high
   * @param shardId where a record of it went last
   */
  public record HeavyKey(String key, double share, String shardId) {}

  /** What alone held the stream back and should be acted on; empty for most streams. */
  public List<Bottleneck> bottlenecks() {
    return Stream.<Bottleneck>concat(
            longestLine.stream(), HotShard.among(shards, heavyKeys).stream())
        .toList();
  }
}
