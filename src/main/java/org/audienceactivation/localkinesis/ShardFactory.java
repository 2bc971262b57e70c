package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.io.SerializedString;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Makes the shards of one stream.
 *
 * @param streamCreatedMillis when the stream was made, which names the folder of its logs
 * @param limits what each shard takes; empty for all that comes
 */
record ShardFactory(
    StreamKey stream, long streamCreatedMillis, LogHome home, Optional<ShardLimits> limits) {

  /**
   * A shard without records.
   *
   * @param index how many shards the stream had before it; the higher ones are younger
   */
  Shard make(
      int index, BigInteger first, BigInteger last, List<Shard> parents, long createdMillis) {
    String id = Shard.name(index);
    return new Shard(
        new SerializedString(id),
        first,
        last,
        parents,
        createdMillis,
        new SequenceNumbers(createdMillis, index),
        home.newLog(stream, streamCreatedMillis, id),
        limits.map(limit -> new ShardThroughput(limit, createdMillis)));
  }
}
