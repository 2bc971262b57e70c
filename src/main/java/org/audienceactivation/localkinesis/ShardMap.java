package org.audienceactivation.localkinesis;

import java.util.Arrays;
import java.util.List;

/** Which open shard a hash key belongs to. Immutable: a stream that is resharded gets a new one. */
final class ShardMap {

  private final Shard[] shards;
  private final HashKey[] firstKeys;

  /**
   * Of shards whose ranges, in their order, cover the space of hash keys without gap or overlap.
   */
  ShardMap(List<Shard> shardsByHashKey) {
    this.shards = shardsByHashKey.toArray(Shard[]::new);
    this.firstKeys =
        shardsByHashKey.stream()
            .map(shard -> HashKey.of(shard.firstHashKey()))
            .toArray(HashKey[]::new);
  }

  Shard shardFor(HashKey key) {
    int found = Arrays.binarySearch(firstKeys, key);
    return shards[found >= 0 ? found : -found - 2];
  }

  int size() {
    return shards.length;
  }
}
