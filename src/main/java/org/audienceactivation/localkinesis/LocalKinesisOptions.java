package org.audienceactivation.localkinesis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

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
 * @param updateTime how long a stream is UPDATING after it was resharded
 * @param shardLimits what each shard takes; empty means all that comes
 * @param faults how the server misbehaves from its start on
 */
public record LocalKinesisOptions(
    String host,
    int port,
    Optional<Path> directory,
    int defaultShards,
    OptionalInt autoCreateShards,
    Storage storage,
    Duration creationTime,
    Duration updateTime,
    Optional<ShardLimits> shardLimits,
    Faults faults) {

  /** As many shards as the service gives a new on-demand stream. */
  private static final int SHARDS = 4;

  /** Refuses what no server could be started with, naming the option. */
  public LocalKinesisOptions {
    require(!host.isBlank(), "host", "must not be blank");
    require(port >= 0 && port <= 65_535, "port", "must be 0 to 65535, is " + port);
    requireShards(defaultShards, "defaultShards");
    autoCreateShards.ifPresent(shards -> requireShards(shards, "autoCreateShards"));
    require(!creationTime.isNegative(), "creationTime", "must not be negative");
    require(!updateTime.isNegative(), "updateTime", "must not be negative");
  }

  /**
   * A free port on 127.0.0.1, a temporary directory, 4 shards, unknown streams are not created, new
   * and resharded streams are ACTIVE at once, shards take all that comes, no faults.
   */
  public static LocalKinesisOptions defaults() {
    return new Draft().options();
  }

  public LocalKinesisOptions withHost(String newHost) {
    return with(draft -> draft.host = newHost);
  }

  public LocalKinesisOptions withPort(int newPort) {
    return with(draft -> draft.port = newPort);
  }

  /**
   * Keeps the logs in a directory that outlives the server. It is created where it is missing. What
   * earlier servers left there is neither read nor touched: each stream gets a folder of its own.
   */
  public LocalKinesisOptions withDirectory(Path newDirectory) {
    return with(draft -> draft.directory = Optional.of(newDirectory));
  }

  public LocalKinesisOptions withDefaultShards(int shards) {
    return with(draft -> draft.defaultShards = shards);
  }

  /** A put to an unknown stream creates it, with so many shards, instead of being refused. */
  public LocalKinesisOptions withAutoCreateStreams(int shards) {
    return with(draft -> draft.autoCreateShards = OptionalInt.of(shards));
  }

  public LocalKinesisOptions withStorage(Storage newStorage) {
    return with(draft -> draft.storage = newStorage);
  }

  /** How long a stream that is created over the wire stays CREATING. */
  public LocalKinesisOptions withCreationTime(Duration newCreationTime) {
    return with(draft -> draft.creationTime = newCreationTime);
  }

  /** How long a stream stays UPDATING when its shards or its record limit are changed. */
  public LocalKinesisOptions withUpdateTime(Duration newUpdateTime) {
    return with(draft -> draft.updateTime = newUpdateTime);
  }

  /** Each shard takes so much and no more, as in the service. */
  public LocalKinesisOptions withShardLimits(ShardLimits limits) {
    return with(draft -> draft.shardLimits = Optional.of(limits));
  }

  /** Misbehaves from the start; {@link LocalKinesis#inject} changes that later. */
  public LocalKinesisOptions withFaults(Faults newFaults) {
    return with(draft -> draft.faults = newFaults);
  }

  private LocalKinesisOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /** Options on their way from one value to the next; at first, the defaults. */
  private static final class Draft {
    private String host = "127.0.0.1";
    private int port;
    private Optional<Path> directory = Optional.empty();
    private int defaultShards = SHARDS;
    private OptionalInt autoCreateShards = OptionalInt.empty();
    private Storage storage = Storage.DISK;
    private Duration creationTime = Duration.ZERO;
    private Duration updateTime = Duration.ZERO;
    private Optional<ShardLimits> shardLimits = Optional.empty();
    private Faults faults = Faults.none();

    Draft() {}

    Draft(LocalKinesisOptions from) {
      host = from.host;
      port = from.port;
      directory = from.directory;
      defaultShards = from.defaultShards;
      autoCreateShards = from.autoCreateShards;
      storage = from.storage;
      creationTime = from.creationTime;
      updateTime = from.updateTime;
      shardLimits = from.shardLimits;
      faults = from.faults;
    }

    LocalKinesisOptions options() {
      return new LocalKinesisOptions(
          host,
          port,
          directory,
          defaultShards,
          autoCreateShards,
          storage,
          creationTime,
          updateTime,
          shardLimits,
          faults);
    }
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
