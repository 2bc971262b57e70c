package org.audienceactivation.localkinesis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A Kinesis Data Streams server inside this process. Any AWS SDK or CLI can talk to it: point it at
 * {@link #endpoint()}, with any credentials. It checks no signature; the region that a caller signs
 * for tells its streams from those of other regions.
 *
 * <p>Its threads are daemons: they do not keep a process alive. All methods are safe for use by
 * many threads.
 */
public final class LocalKinesis implements AutoCloseable {

  private final HttpFront front;
  private final Engine engine;
  private final URI endpoint;

  private LocalKinesis(HttpFront front, Engine engine, URI endpoint) {
    this.front = front;
    this.engine = engine;
    this.endpoint = endpoint;
  }

  /**
   * Starts a server; it answers when this returns.
   *
   * @throws IllegalStateException if the address cannot be listened on, for example because the
   *     port is taken; the message names it
   * @throws UncheckedIOException if the directory cannot be made
   */
  public static LocalKinesis start(LocalKinesisOptions options) {
    return start(options, InstantSource.system());
  }

  static LocalKinesis start(LocalKinesisOptions options, InstantSource clock) {
    Engine engine = Engine.start(options, openHome(options), clock);
    try {
      HttpFront front = HttpFront.open(options.host(), options.port(), engine.handler());
      return new LocalKinesis(front, engine, endpoint(options.host(), front.port()));
    } catch (IllegalStateException e) {
      closeHome(engine.home());
      throw e;
    }
  }

  /**
   * Where it listens: {@code http://HOST:PORT}, with the port that was found if 0 was asked for.
   */
  public URI endpoint() {
    return endpoint;
  }

  /**
   * Makes a stream that is ACTIVE at once. A stream that exists already is left as it is, whatever
   * its number of shards.
   *
   * @throws IllegalArgumentException if region, name or number of shards cannot be
   */
  public void createStream(String region, String name, int shards) {
    if (shards < 1) {
      throw new IllegalArgumentException("a stream has at least one shard, not " + shards);
    }
    carryOut(
        "create the stream",
        () ->
            engine
                .streams()
                .getOrCreate(new StreamKey(region, name), Stream.Settings.provisioned(shards)));
  }

  /**
   * Splits an open shard in the middle. Its two children take its place at once; it keeps its
   * records. The stream is then UPDATING for the time that the options say.
   *
   * @throws IllegalArgumentException if there is no such open shard, or the stream is not ACTIVE
   */
  public void splitShard(String region, String stream, String shardId) {
    carryOut(
        "split the shard",
        () -> engine.reshards().split(new StreamKey(region, stream), shardId, Optional.empty()));
  }

  /**
   * Merges two open shards whose hash keys lie side by side.
   *
   * @throws IllegalArgumentException if they are no such shards, or the stream is not ACTIVE
   */
  public void mergeShards(String region, String stream, String shardId, String adjacentShardId) {
    carryOut(
        "merge the shards",
        () -> engine.reshards().merge(new StreamKey(region, stream), shardId, adjacentShardId));
  }

  /**
   * Divides a stream evenly into so many shards.
   *
   * @param shards at least half and at most twice as many as are open
   * @throws IllegalArgumentException if that is not so, or the stream is not ACTIVE
   */
  public void updateShardCount(String region, String stream, int shards) {
    carryOut(
        "update the number of shards",
        () -> engine.reshards().updateCount(new StreamKey(region, stream), shards));
  }

  /**
   * From the next call on the server misbehaves in this way, and no longer in the way it did. What
   * a call met before it was complete stays.
   */
  public void inject(Faults faults) {
    engine.inject(faults);
  }

  /** How it misbehaves. */
  public Faults faults() {
    return engine.injector().faults();
  }

  /** What it has counted since its start. */
  public Stats stats() {
    return engine.stats();
  }

  /** How many records were stored, or only counted, in all streams that exist. */
  public long recordCount() {
    return engine.recordCount();
  }

  /**
   * Gives every record to a consumer: streams by region and name, their shards by id, the records
   * of a shard in order. Records are read from disk one after another, so memory does not grow with
   * their number. Records that are put meanwhile may or may not be among them.
   *
   * @throws IllegalStateException if the server keeps no records ({@link Storage#NONE})
   * @throws UncheckedIOException if a log cannot be read
   */
  public void forEachRecord(Consumer<StoredRecord> consumer) {
    if (!engine.home().keepsRecords()) {
      throw new IllegalStateException(
          "Local Kinesis was started without storage: it has no records");
    }
    for (Stream stream : engine.streams().all()) {
      for (Shard shard : stream.shards().all()) {
        forEachRecord(stream.key(), shard, consumer);
      }
    }
  }

  /** Stops the server. A temporary directory is deleted, a given one is left as it is. */
  @Override
  public void close() {
    front.close();
    try {
      engine.streams().close();
    } catch (IOException e) {
      throw new UncheckedIOException("Local Kinesis could not close its logs", e);
    } finally {
      closeHome(engine.home());
    }
  }

  private static void forEachRecord(
      StreamKey stream, Shard shard, Consumer<StoredRecord> consumer) {
    try (LogReader reader = shard.log().reader(1)) {
      while (reader.next()) {
        consumer.accept(
            new StoredRecord(
                stream.region(),
                stream.name(),
                shard.name(),
                shard.numbers().text(reader.place()),
                reader.partitionKey(),
                Instant.ofEpochMilli(reader.arrival()),
                reader.data()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Local Kinesis cannot read " + shard.name() + " of " + stream.described(), e);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private static void carryOut(String what, Step step) {
    try {
      step.run();
    } catch (ApiException e) {
      throw new IllegalArgumentException("Local Kinesis cannot " + what + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("Local Kinesis cannot " + what, e);
    }
  }

  private static LogHome openHome(LocalKinesisOptions options) {
    try {
      return LogHome.of(options);
    } catch (IOException e) {
      throw new UncheckedIOException("Local Kinesis cannot make its directory", e);
    }
  }

  private static void closeHome(LogHome home) {
    try {
      home.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Local Kinesis could not delete its temporary directory", e);
    }
  }

  private static URI endpoint(String host, int port) {
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
  }
}
