package org.audienceactivation.localkinesis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a {@link LocalKinesis} is started.
 *
 * @param host the address to listen on; whoever can reach it can read and write every stream, since
 *     signatures are not checked
 * @param port the TCP port; 0 takes a free one
 * @param directory where the logs are kept; empty means a temporary directory that is deleted at
 *     close
 * @param defaultShards shards of a stream whose creator does not say how many
 * @param autoCreateShards if present, a put to an unknown stream creates it with so many shards
 * @param storage what becomes of the records' bytes
 * @param creationTime how long a new stream is CREATING before it is ACTIVE, when it is created
 *     over the wire
 */
public record LocalKinesisOptions(
    String host,
    int port,
    Optional<Path> directory,
    int defaultShards,
    OptionalInt autoCreateShards,
    Storage storage,
    Duration creationTime) {

  /** As many shards as the service gives a new on-demand stream. */
  private static final int SHARDS = 4;

  /** Refuses what no server could be started with, naming the option. */
  public LocalKinesisOptions {
    require(!host.isBlank(), "host", "must not be blank");
    require(port >= 0 && port <= 65_535, "port", "must be 0 to 65535, is " + port);
    requireShards(defaultShards, "defaultShards");
    autoCreateShards.ifPresent(shards -> requireShards(shards, "autoCreateShards"));
    require(!creationTime.isNegative(), "creationTime", "must not be negative");
  }

  /**
   * A free port on 127.0.0.1, a temporary directory, 4 shards, unknown streams are not created, new
   * streams are ACTIVE at once.
   */
  public static LocalKinesisOptions defaults() {
    return new LocalKinesisOptions(
        "127.0.0.1", 0, Optional.empty(), SHARDS, OptionalInt.empty(), Storage.DISK, Duration.ZERO);
  }

  public LocalKinesisOptions withHost(String newHost) {
    return new LocalKinesisOptions(
        newHost, port, directory, defaultShards, autoCreateShards, storage, creationTime);
  }

  public LocalKinesisOptions withPort(int newPort) {
    return new LocalKinesisOptions(
        host, newPort, directory, defaultShards, autoCreateShards, storage, creationTime);
  }

  /**
   * Keeps the logs in a directory that outlives the server. It is created where it is missing. What
   * earlier servers left there is neither read nor touched: each stream gets a folder of its own.
   */
  public LocalKinesisOptions withDirectory(Path newDirectory) {
    return new LocalKinesisOptions(
        host,
        port,
        Optional.of(newDirectory),
        defaultShards,
        autoCreateShards,
        storage,
        creationTime);
  }

  public LocalKinesisOptions withDefaultShards(int shards) {
    return new LocalKinesisOptions(
        host, port, directory, shards, autoCreateShards, storage, creationTime);
  }

  /** A put to an unknown stream creates it, with so many shards, instead of being refused. */
  public LocalKinesisOptions withAutoCreateStreams(int shards) {
    return new LocalKinesisOptions(
        host, port, directory, defaultShards, OptionalInt.of(shards), storage, creationTime);
  }

  public LocalKinesisOptions withStorage(Storage newStorage) {
    return new LocalKinesisOptions(
        host, port, directory, defaultShards, autoCreateShards, newStorage, creationTime);
  }

  /** How long a stream that is created over the wire stays CREATING. */
  public LocalKinesisOptions withCreationTime(Duration newCreationTime) {
    return new LocalKinesisOptions(
        host, port, directory, defaultShards, autoCreateShards, storage, newCreationTime);
  }

  private static void requireShards(int shards, String option) {
    require(
        shards >= 1 && shards <= Streams.SHARD_LIMIT,
        option,
        "must be 1 to " + Streams.SHARD_LIMIT + ", is " + shards);
  }

  private static void require(boolean holds, String option, String rule) {
    if (!holds) {
      throw new IllegalArgumentException("Local Kinesis: " + option + " " + rule);
    }
  }
}
