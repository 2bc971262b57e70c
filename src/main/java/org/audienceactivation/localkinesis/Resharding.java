package org.audienceactivation.localkinesis;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One change of a stream's shards, from what it had to what it will have: any number of splits and
 * merges, which take effect together. Used by one thread, once.
 */
final class Resharding {

  private final ShardFactory factory;
  private final long nowMillis;
  private final List<Shard> all;
  private final NavigableMap<BigInteger, Shard> openByFirstKey = new TreeMap<>();
  private final Map<Shard, Long> closedMillis;
  private final List<Shard> closing = new ArrayList<>();

  /**
   * @param nowMillis when the change takes place; not before the youngest shard was made, so that
   *     sequence numbers of children are above those of their parents
   */
  Resharding(Shards before, ShardFactory factory, long nowMillis) {
    this.factory = factory;
    this.nowMillis = nowMillis;
    this.all = new ArrayList<>(before.all());
    this.closedMillis = new HashMap<>(before.closedMillis());
    before.all().stream()
        .filter(before::isOpen)
        .forEach(shard -> openByFirstKey.put(shard.firstHashKey(), shard));
  }

  /** An open shard becomes two, of which the upper one begins with a hash key. */
  void split(Shard shard, BigInteger upperFirstKey) {
    close(shard);
    open(shard.firstHashKey(), upperFirstKey.subtract(BigInteger.ONE), List.of(shard));
    open(upperFirstKey, shard.lastHashKey(), List.of(shard));
  }

  /** Two open shards become one; the upper one begins where the lower one ends. */
  Shard merge(Shard lower, Shard upper) {
    close(lower);
    close(upper);
    return open(lower.firstHashKey(), upper.lastHashKey(), List.of(lower, upper));
  }

  /**
   * So many open shards, which divide the hash keys evenly. No shard has more than two parents or
   * children, so some that are made on the way are closed at once, as in the service.
   */
  void divideEvenly(int count) {
    for (int index = 1; index < count; index++) {
      BigInteger firstKey = HashKey.startOfPart(index, count);
      Shard shard = openByFirstKey.floorEntry(firstKey).getValue();
      if (!shard.firstHashKey().equals(firstKey)) {
        split(shard, firstKey);
      }
    }
    for (int index = 0; index < count; index++) {
      mergeAll(HashKey.startOfPart(index, count), HashKey.startOfPart(index + 1, count));
    }
  }

  private void mergeAll(BigInteger firstKey, BigInteger endKey) {
    List<Shard> parts = List.copyOf(openByFirstKey.subMap(firstKey, true, endKey, false).values());
    Shard merged = parts.get(0);
    for (Shard part : parts.subList(1, parts.size())) {
      merged = merge(merged, part);
    }
  }

  int openShards() {
    return openByFirstKey.size();
  }

  Shards after() {
    return new Shards(all, List.copyOf(openByFirstKey.values()), closedMillis);
  }

  /** The shards that were or became open and are closed by the change. */
  List<Shard> closing() {
    return closing;
  }

  private void close(Shard shard) {
    openByFirstKey.remove(shard.firstHashKey());
    closedMillis.put(shard, nowMillis);
    closing.add(shard);
  }

  private Shard open(BigInteger first, BigInteger last, List<Shard> parents) {
    Shard shard = factory.make(all.size(), first, last, parents, nowMillis);
    all.add(shard);
    openByFirstKey.put(first, shard);
    return shard;
  }
}
