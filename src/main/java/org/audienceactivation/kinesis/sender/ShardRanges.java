package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which shard takes which hashes, as far as answers have shown: no permission but that to write is
 * needed. What a newer answer contradicts is forgotten, so it follows a reshard by itself. Not
 * thread-safe.
 */
final class ShardRanges {

  /** By lower end; ends are inclusive and moved by 2^63, so that unsigned order is natural. */
  private final TreeMap<Long, Range> byStart = new TreeMap<>();

  private final Map<String, Range> byShard = new HashMap<>();

  private record Range(String shardId, long first, long last) {
    boolean contains(long place) {
      return place >= first && place <= last;
    }

    Range with(long place) {
      return new Range(shardId, Math.min(first, place), Math.max(last, place));
    }
  }

  /** The shard that the hash most likely leads to; empty where nothing is known yet. */
  Optional<String> shardOf(long hash) {
    long place = place(hash);
    Map.Entry<Long, Range> candidate = byStart.floorEntry(place);
    return candidate != null && candidate.getValue().contains(place)
        ? Optional.of(candidate.getValue().shardId())
        : Optional.empty();
  }

  /**
   * A record with this hash was answered by this shard.
   *
   * @return the shards that cannot be where they were thought to be: a reshard closed them
   */
  List<String> learn(long hash, String shardId) {
    long place = place(hash);
    Range known = byShard.get(shardId);
    if (known != null && known.contains(place)) {
      return List.of();
    }
    if (known != null) {
      forget(known);
    }
    Range range = known == null ? new Range(shardId, place, place) : known.with(place);
    List<Range> contradicted = overlapping(range);
    contradicted.forEach(this::forget);
    byShard.put(shardId, range);
    byStart.put(range.first(), range);
    return contradicted.stream().map(Range::shardId).toList();
  }

  private List<Range> overlapping(Range range) {
    List<Range> found = new ArrayList<>();
    Map.Entry<Long, Range> before = byStart.lowerEntry(range.first());
    if (before != null && before.getValue().last() >= range.first()) {
      found.add(before.getValue());
    }
    found.addAll(byStart.subMap(range.first(), true, range.last(), true).values());
    return found;
  }

  private void forget(Range range) {
    byStart.remove(range.first());
    byShard.remove(range.shardId());
  }

  private static long place(long hash) {
    return hash ^ Long.MIN_VALUE;
  }
}
