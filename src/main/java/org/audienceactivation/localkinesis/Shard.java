package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.io.SerializedString;
import java.math.BigInteger;

/**
 * A part of a stream: a range of hash keys, the numbers that its records get, and their log.
 *
 * @param id its name on the wire, encoded once
 * @param firstHashKey the first hash key that belongs here
 * @param lastHashKey the last one that does
 */
record Shard(
    SerializedString id,
    BigInteger firstHashKey,
    BigInteger lastHashKey,
    SequenceNumbers numbers,
    RecordLog log) {

  static Shard of(
      int index,
      BigInteger first,
      BigInteger last,
      StreamKey stream,
      long createdMillis,
      LogHome home) {
    String id = "shardId-%012d".formatted(index);
    return new Shard(
        new SerializedString(id),
        first,
        last,
        new SequenceNumbers(createdMillis, index),
        home.newLog(stream, createdMillis, id));
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
}
