package org.audienceactivation.localkinesis;

import java.io.IOException;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A stream: its settings, its shards in the order of their ids, and the way from key to shard. */
final class Stream {

  /**
   * What the creator of a stream chooses.
   *
   * @param maxRecordKiB the limit of one record, key and data together
   */
  record Settings(int shards, Mode mode, int maxRecordKiB) {

    /** The service's limit for streams whose creator does not raise it. */
    static final int DEFAULT_MAX_RECORD_KIB = 1024;

    static Settings provisioned(int shards) {
      return new Settings(shards, Mode.PROVISIONED, DEFAULT_MAX_RECORD_KIB);
    }
  }

  /** How a stream's capacity is said to be managed; here it has no effect but its own report. */
  enum Mode {
    PROVISIONED,
    ON_DEMAND
  }

  private final StreamKey key;
  private final Settings settings;
  private final long createdMillis;
  private final long activeMillis;
  private final List<Shard> shards;
  private final ShardMap openShards;

  private Stream(
      StreamKey key, Settings settings, long createdMillis, long activeMillis, List<Shard> shards) {
    this.key = key;
    this.settings = settings;
    this.createdMillis = createdMillis;
    this.activeMillis = activeMillis;
    this.shards = shards;
    this.openShards = new ShardMap(shards);
  }

  static Stream create(
      StreamKey key, Settings settings, long createdMillis, long activeMillis, LogHome home) {
    int count = settings.shards();
    List<Shard> shards =
        IntStream.range(0, count)
            .mapToObj(
                index ->
                    Shard.of(
                        index,
                        HashKey.startOfPart(index, count),
                        HashKey.startOfPart(index + 1, count).subtract(BigInteger.ONE),
                        key,
                        createdMillis,
                        home))
            .toList();
    return new Stream(key, settings, createdMillis, activeMillis, shards);
  }

  StreamKey key() {
    return key;
  }

  Settings settings() {
    return settings;
  }

  long createdMillis() {
    return createdMillis;
  }

  boolean isActive(long nowMillis) {
    return nowMillis >= activeMillis;
  }

  List<Shard> shards() {
    return shards;
  }

  ShardMap openShards() {
    return openShards;
  }

  Optional<Shard> shard(String id) {
    return shards.stream().filter(shard -> shard.name().equals(id)).findFirst();
  }

  void delete() throws IOException {
    for (Shard shard : shards) {
      shard.log().delete();
    }
  }

  void close() throws IOException {
    for (Shard shard : shards) {
      shard.log().close();
    }
  }
}
