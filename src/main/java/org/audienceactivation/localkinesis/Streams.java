package org.audienceactivation.localkinesis;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** All streams of one server. Safe for use by many threads; streams come and go one at a time. */
final class Streams {

  /** Shards of all streams together: the service's quota for an account in its largest regions. */
  static final int SHARD_LIMIT = 20_000;

  private final ConcurrentNavigableMap<StreamKey, Stream> byKey = new ConcurrentSkipListMap<>();
  private final LogHome home;
  private final Optional<ShardLimits> limits;
  private final InstantSource clock;
  private volatile Optional<StreamStatus> pretended = Optional.empty();

  Streams(LogHome home, Optional<ShardLimits> limits, InstantSource clock) {
    this.home = home;
    this.limits = limits;
    this.clock = clock;
  }

  /** From now on every stream has this status, whatever is the case; empty for the truth. */
  void pretend(Optional<StreamStatus> status) {
    pretended = status;
  }

  StreamStatus status(Stream stream) {
    Optional<StreamStatus> status = pretended;
    return status.isPresent() ? status.get() : stream.status(clock.millis());
  }

  Optional<Stream> find(StreamKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  Stream get(StreamKey key) {
    return find(key)
        .orElseThrow(() -> ApiException.resourceNotFound(key.described() + " not found."));
  }

  /** A stream that takes and gives records. */
  Stream getActive(StreamKey key) {
    Stream stream = get(key);
    StreamStatus status = status(stream);
    if (!status.takesRecords()) {
      throw ApiException.resourceNotFound(key.described() + " is " + status + ", not ACTIVE.");
    }
    return stream;
  }

  /** All streams, by region and name. */
  Collection<Stream> all() {
    return byKey.values();
  }

  /** The streams of a region whose names come after a given one, in the order of their names. */
  List<Stream> after(String region, String name) {
    return byKey.values().stream()
        .filter(stream -> stream.key().region().equals(region))
        .filter(stream -> stream.key().name().compareTo(name) > 0)
        .toList();
  }

  synchronized void create(StreamKey key, Stream.Settings settings, Duration creationTime) {
    if (byKey.containsKey(key)) {
      throw ApiException.resourceInUse(key.described() + " already exists.");
    }
    requireRoomFor(settings.shards());
    long now = clock.millis();
    byKey.put(
        key,
        Stream.create(
            settings, now + creationTime.toMillis(), new ShardFactory(key, now, home, limits)));
  }

  /** Something that changes a stream. */
  @FunctionalInterface
  interface Change {
    void applyTo(Stream stream) throws IOException;
  }

  /**
   * Changes a stream that is ACTIVE; it is UPDATING afterwards.
   *
   * @param updateTime how long
   */
  synchronized void update(StreamKey key, Duration updateTime, Change change) throws IOException {
    Stream stream = get(key);
    StreamStatus status = status(stream);
    if (status != StreamStatus.ACTIVE) {
      throw ApiException.resourceInUse(
          key.described() + " is not ACTIVE, instead in state " + status + ".");
    }
    change.applyTo(stream);
    stream.updateUntil(clock.millis() + updateTime.toMillis());
  }

  /** How many shards of all streams are open. */
  int openShards() {
    return byKey.values().stream().mapToInt(stream -> stream.shards().open().size()).sum();
  }

  /** Refuses more shards than an account may have. */
  void requireRoomFor(int moreShards) {
    int shards = openShards();
    if (shards + moreShards > SHARD_LIMIT) {
      throw ApiException.limitExceeded(
          "This request would exceed the limit of "
              + SHARD_LIMIT
              + " shards; "
              + shards
              + " are in use.");
    }
  }

  synchronized Stream getOrCreate(StreamKey key, Stream.Settings settings) {
    if (!byKey.containsKey(key)) {
      create(key, settings, Duration.ZERO);
    }
    return get(key);
  }

  synchronized void delete(StreamKey key) throws IOException {
    Stream stream = get(key);
    byKey.remove(key);
    stream.delete();
    home.removeFolder(key, stream.createdMillis());
  }

  synchronized void close() throws IOException {
    for (Stream stream : byKey.values()) {
      stream.close();
    }
  }
}
