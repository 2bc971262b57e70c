package org.audienceactivation.localkinesis;

import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A stream: its settings, its shards, and how far it is from being active. Reading is safe for many
 * threads; what changes it is called by one at a time.
 */
final class Stream {

  /**
   * What the creator of a stream chooses.
   *
   * @param shards how many there are at first
   * @param maxRecordKiB the limit of one record, key and data together
   */
  record Settings(int shards, Mode mode, int maxRecordKiB) {

    /** The service's limit for streams whose creator does not raise it, and the lowest one. */
    static final int DEFAULT_MAX_RECORD_KIB = 1024;

    /** The highest limit that the service allows. */
    static final int MAX_RECORD_KIB = 10_240;

    static Settings provisioned(int shards) {
      return new Settings(shards, Mode.PROVISIONED, DEFAULT_MAX_RECORD_KIB);
    }
  }

  /** How a stream's capacity is said to be managed; only provisioned ones can be resharded. */
  enum Mode {
    PROVISIONED,
    ON_DEMAND
  }

  private final StreamKey key;
  private final Mode mode;
  private final long createdMillis;
  private final long activeMillis;
  private final ShardFactory factory;
  private volatile int maxRecordKiB;
  private volatile long updatedMillis;
  private volatile Shards shards;

  private Stream(Settings settings, long activeMillis, ShardFactory factory) {
    this.key = factory.stream();
    this.mode = settings.mode();
    this.maxRecordKiB = settings.maxRecordKiB();
    this.createdMillis = factory.streamCreatedMillis();
    this.activeMillis = activeMillis;
    this.factory = factory;
    this.shards = Shards.ofNewStream(settings.shards(), factory);
  }

  /**
   * A new stream.
   *
   * @param activeMillis until when it is CREATING
   */
  static Stream create(Settings settings, long activeMillis, ShardFactory factory) {
    return new Stream(settings, activeMillis, factory);
  }

  StreamKey key() {
    return key;
  }

  Mode mode() {
    return mode;
  }

  int maxRecordKiB() {
    return maxRecordKiB;
  }

  long createdMillis() {
    return createdMillis;
  }

  StreamStatus status(long nowMillis) {
    if (nowMillis < activeMillis) {
      return StreamStatus.CREATING;
    }
    return nowMillis < updatedMillis ? StreamStatus.UPDATING : StreamStatus.ACTIVE;
  }

  Shards shards() {
    return shards;
  }

  Optional<Shard> shard(String id) {
    return shards.find(id);
  }

  /** From now until a time it is UPDATING. */
  void updateUntil(long epochMillis) {
    updatedMillis = epochMillis;
  }

  void setMaxRecordKiB(int newMaxRecordKiB) {
    maxRecordKiB = newMaxRecordKiB;
  }

  /**
   * Changes the shards. Those who put meanwhile find either the old shards open or, when they are
   * refused by one of them, the new ones: the new ones are known before the old ones are sealed.
   */
  void reshard(Consumer<Resharding> change, long nowMillis) throws IOException {
    Shards before = shards;
    long youngest =
        before.all().stream()
            .map(Shard::createdMillis)
            .max(Comparator.naturalOrder())
            .orElse(createdMillis);
    Resharding resharding = new Resharding(before, factory, Math.max(nowMillis, youngest));
    change.accept(resharding);
    shards = resharding.after();
    for (Shard shard : resharding.closing()) {
      shard.log().seal();
    }
  }

  void delete() throws IOException {
    for (Shard shard : shards.all()) {
      shard.log().delete();
    }
  }

  void close() throws IOException {
    for (Shard shard : shards.all()) {
      shard.log().close();
    }
  }
}
