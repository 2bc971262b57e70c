package org.audienceactivation.localkinesis;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * The shards of a stream, open and closed, at one moment. Immutable: a stream that is resharded
 * gets another one.
 */
final class Shards {

  private final List<Shard> all;
  private final Map<Shard, Long> closedMillis;
  private final ShardMap open;

  /**
   * @param all by id
   * @param openByHashKey those that are open, which cover the space of hash keys
   * @param closedMillis when the others were closed
   */
  Shards(List<Shard> all, List<Shard> openByHashKey, Map<Shard, Long> closedMillis) {
    this.all = List.copyOf(all);
    this.closedMillis = Map.copyOf(closedMillis);
    this.open = new ShardMap(openByHashKey);
  }

  /** The shards of a new stream, which divide the hash keys evenly. */
  static Shards ofNewStream(int count, ShardFactory factory) {
    List<Shard> shards =
        IntStream.range(0, count)
            .mapToObj(
                index ->
                    factory.make(
                        index,
                        HashKey.startOfPart(index, count),
                        HashKey.startOfPart(index + 1, count).subtract(BigInteger.ONE),
                        List.of(),
                        factory.streamCreatedMillis()))
            .toList();
    return new Shards(shards, shards, Map.of());
  }

  /** All shards that the stream ever had, by id. */
  List<Shard> all() {
    return all;
  }

  ShardMap open() {
    return open;
  }

  boolean isOpen(Shard shard) {
    return !closedMillis.containsKey(shard);
  }

  /** When a shard was closed; empty for an open one. */
  OptionalLong closedMillis(Shard shard) {
    Long millis = closedMillis.get(shard);
    return millis == null ? OptionalLong.empty() : OptionalLong.of(millis);
  }

  Map<Shard, Long> closedMillis() {
    return closedMillis;
  }

  /** Whether a shard took records at a time. */
  boolean wasOpen(Shard shard, long epochMillis) {
    return shard.createdMillis() <= epochMillis
        && closedMillis(shard).orElse(Long.MAX_VALUE) >= epochMillis;
  }

  List<Shard> childrenOf(Shard parent) {
    return all.stream().filter(shard -> shard.parents().contains(parent)).toList();
  }

  Optional<Shard> find(String id) {
    return all.stream().filter(shard -> shard.name().equals(id)).findFirst();
  }
}
