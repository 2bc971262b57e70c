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
  private final Streams streams;
  private final LogHome home;
  private final URI endpoint;

  private LocalKinesis(HttpFront front, Streams streams, LogHome home, URI endpoint) {
    this.front = front;
    this.streams = streams;
    this.home = home;
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
    LogHome home = openHome(options);
    Streams streams = new Streams(home, clock);
    long heap = Runtime.getRuntime().maxMemory();
    PutActions.Admission everyRecord = (shard, recordBytes) -> Optional.empty();
    Api api =
        new Api(
            new StreamActions(streams, options.defaultShards(), options.creationTime(), clock),
            new PutActions(streams, options.autoCreateShards(), everyRecord, clock),
            new ReadActions(streams, clock, heap));
    try {
      HttpFront front =
          HttpFront.open(options.host(), options.port(), api, MemoryBudget.ofHeap(heap));
      return new LocalKinesis(front, streams, home, endpoint(options.host(), front.port()));
    } catch (IllegalStateException e) {
      closeHome(home);
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
    try {
      streams.getOrCreate(new StreamKey(region, name), Stream.Settings.provisioned(shards));
    } catch (ApiException e) {
      throw new IllegalArgumentException(
          "Local Kinesis cannot create the stream: " + e.getMessage(), e);
    }
  }

  /** How many records were stored, or only counted, in all streams that exist. */
  public long recordCount() {
    return streams.all().stream()
        .flatMap(stream -> stream.shards().stream())
        .mapToLong(shard -> shard.log().count())
        .sum();
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
    if (!home.keepsRecords()) {
      throw new IllegalStateException(
          "Local Kinesis was started without storage: it has no records");
    }
    for (Stream stream : streams.all()) {
      for (Shard shard : stream.shards()) {
        forEachRecord(stream.key(), shard, consumer);
      }
    }
  }

  /** Stops the server. A temporary directory is deleted, a given one is left as it is. */
  @Override
  public void close() {
    front.close();
    try {
      streams.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Local Kinesis could not close its logs", e);
    } finally {
      closeHome(home);
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
