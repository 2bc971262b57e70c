package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.io.SerializedString;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * A part of a stream: a range of hash keys, the numbers that its records get, and their log. It is
 * closed when its log is sealed.
 *
 * @param id its name on the wire, encoded once
 * @param firstHashKey the first hash key that belongs here
 * @param lastHashKey the last one that does
 * @param parents the shards that it took the place of: none at first, one after a split, two after
 *     a merge
 * @param throughput what it may still take; empty if there is no limit
 */
record Shard(
    SerializedString id,
    BigInteger firstHashKey,
    BigInteger lastHashKey,
    List<Shard> parents,
    long createdMillis,
    SequenceNumbers numbers,
    RecordLog log,
    Optional<ShardThroughput> throughput) {

  static String name(int index) {
    return "shardId-%012d".formatted(index);
  }

  String name() {
    return id.getValue();
  }

  // shards are keys of maps on the hot path, and no two of them are alike
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  // not its parents and their parents
  @Override
  public String toString() {
    return name();
  }
}
