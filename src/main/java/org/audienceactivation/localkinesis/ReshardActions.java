package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Splitting and merging shards. The change takes effect at once: the children take records from
 * then on, and their parents keep what they have. What the service needs time for is only said: the
 * stream is UPDATING for a while, in which it can be written to and read but not resharded again.
 *
 * <p>What callers in this process ask for goes the same way as what comes over the wire.
 */
final class ReshardActions {

  private static final BigInteger TWO = BigInteger.valueOf(2);
  private static final String UNIFORM_SCALING = "UNIFORM_SCALING";

  private final Streams streams;
  private final Duration updateTime;
  private final InstantSource clock;

  ReshardActions(Streams streams, Duration updateTime, InstantSource clock) {
    this.streams = streams;
    this.updateTime = updateTime;
    this.clock = clock;
  }

  void split(Call call) throws IOException {
    Fields fields = Fields.of(call);
    split(
        StreamKey.of(call, fields),
        fields.requiredText("ShardToSplit"),
        Optional.of(hashKey(fields.requiredText("NewStartingHashKey"))));
  }

  /**
   * Splits a shard.
   *
   * @param upperFirstKey where the upper child begins; empty for the middle
   */
  void split(StreamKey key, String shardId, Optional<BigInteger> upperFirstKey) throws IOException {
    streams.update(
        key,
        updateTime,
        stream -> {
          requireProvisioned(stream, "SplitShard");
          Shard shard = openShard(stream, shardId);
          BigInteger at = upperFirstKey.orElseGet(() -> middle(shard));
          requireInside(at, shard);
          streams.requireRoomFor(1);
          stream.reshard(change -> change.split(shard, at), clock.millis());
        });
  }

  void merge(Call call) throws IOException {
    Fields fields = Fields.of(call);
    merge(
        StreamKey.of(call, fields),
        fields.requiredText("ShardToMerge"),
        fields.requiredText("AdjacentShardToMerge"));
  }

  /** Merges two shards that lie side by side, named in either order. */
  void merge(StreamKey key, String shardId, String adjacentId) throws IOException {
    streams.update(
        key,
        updateTime,
        stream -> {
          requireProvisioned(stream, "MergeShards");
          Shard one = openShard(stream, shardId);
          Shard other = openShard(stream, adjacentId);
          boolean inOrder = one.firstHashKey().compareTo(other.firstHashKey()) < 0;
          Shard lower = inOrder ? one : other;
          Shard upper = inOrder ? other : one;
          requireAdjacent(lower, upper, stream);
          stream.reshard(change -> change.merge(lower, upper), clock.millis());
        });
  }

  void updateCount(Call call, JsonGenerator out) throws IOException {
    Fields fields = Fields.of(call);
    StreamKey key = StreamKey.of(call, fields);
    if (!fields.requiredText("ScalingType").equals(UNIFORM_SCALING)) {
      throw ApiException.validation(
          "scalingType", "satisfy enum value set: [" + UNIFORM_SCALING + "]");
    }
    int target =
        fields
            .integer("TargetShardCount", 1, Streams.SHARD_LIMIT)
            .orElseThrow(() -> ApiException.validation("targetShardCount", "not be null"));
    int before = streams.get(key).shards().open().size();
    updateCount(key, target);
    out.writeStartObject();
    out.writeStringField("StreamName", key.name());
    out.writeStringField("StreamARN", key.arn());
    out.writeNumberField("CurrentShardCount", before);
    out.writeNumberField("TargetShardCount", target);
    out.writeEndObject();
  }

  /** Divides the stream evenly into at least half and at most twice as many shards. */
  void updateCount(StreamKey key, int target) throws IOException {
    streams.update(
        key,
        updateTime,
        stream -> {
          requireProvisioned(stream, "UpdateShardCount");
          int now = stream.shards().open().size();
          requireWithinFactorOfTwo(now, target);
          streams.requireRoomFor(target - now);
          stream.reshard(change -> change.divideEvenly(target), clock.millis());
        });
  }

  void updateMaxRecordSize(Call call) throws IOException {
    Fields fields = Fields.of(call);
    int maxRecordKiB =
        fields
            .integer(
                "MaxRecordSizeInKiB",
                Stream.Settings.DEFAULT_MAX_RECORD_KIB,
                Stream.Settings.MAX_RECORD_KIB)
            .orElseThrow(() -> ApiException.validation("maxRecordSizeInKiB", "not be null"));
    streams.update(
        StreamKey.of(call, fields), updateTime, stream -> stream.setMaxRecordKiB(maxRecordKiB));
  }

  private static void requireProvisioned(Stream stream, String action) {
    if (stream.mode() != Stream.Mode.PROVISIONED) {
      throw ApiException.validationOf(
          action
              + " is for streams of the PROVISIONED mode; "
              + stream.key().described()
              + " is "
              + stream.mode()
              + ".");
    }
  }

  private static Shard openShard(Stream stream, String id) {
    Shard shard = ReadActions.shard(stream, id);
    if (!stream.shards().isOpen(shard)) {
      throw ApiException.resourceInUse(
          "Shard " + id + " of " + stream.key().described() + " is closed.");
    }
    return shard;
  }

  private static BigInteger middle(Shard shard) {
    return shard.firstHashKey().add(shard.lastHashKey()).divide(TWO).add(BigInteger.ONE);
  }

  private static void requireInside(BigInteger key, Shard shard) {
    boolean inside =
        key.compareTo(shard.firstHashKey().add(BigInteger.ONE)) > 0
            && key.compareTo(shard.lastHashKey()) < 0;
    if (!inside) {
      throw ApiException.invalidArgument(
          "NewStartingHashKey "
              + key
              + " must be above "
              + shard.firstHashKey().add(BigInteger.ONE)
              + " and below "
              + shard.lastHashKey()
              + " to split "
              + shard.name()
              + ".");
    }
  }

  private static void requireAdjacent(Shard lower, Shard upper, Stream stream) {
    if (!lower.lastHashKey().add(BigInteger.ONE).equals(upper.firstHashKey())) {
      throw ApiException.invalidArgument(
          lower.name()
              + " and "
              + upper.name()
              + " of "
              + stream.key().described()
              + " do not lie side by side.");
    }
  }

  private static void requireWithinFactorOfTwo(int now, int target) {
    if (target > 2 * now || 2 * target < now) {
      throw ApiException.invalidArgument(
          "TargetShardCount must be at least half and at most twice the "
              + now
              + " open shards, is "
              + target
              + ".");
    }
  }

  private static BigInteger hashKey(String text) {
    if (!HashKey.isDecimal(text)) {
      throw ApiException.validation(
          "newStartingHashKey", "satisfy regular expression pattern: 0|([1-9]\\d{0,38})");
    }
    return new BigInteger(text);
  }
}
