package org.audienceactivation.cli;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.localkinesis.ShardLimits;
import org.audienceactivation.localkinesis.Storage;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code local-kinesis}: the embedded server alone. */
@Command(
    name = "local-kinesis",
    description = "Starts a local Kinesis that any AWS SDK or CLI can talk to, until SIGTERM.",
    mixinStandardHelpOptions = true)
final class LocalKinesisCommand implements Callable<Integer> {
  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "4567",
      description = "0 is any free port (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--host",
      paramLabel = "HOST",
      defaultValue = "127.0.0.1",
      description = "The address to bind to (default: ${DEFAULT-VALUE}).")
  private String host;

  @Option(
      names = "--streams",
      paramLabel = "NAME:SHARDS",
      split = ",",
      description = "Streams to create, in the region of --region, for example events:4,other:1.")
  private List<String> streams = List.of();

  @Option(
      names = "--region",
      paramLabel = "REGION",
      defaultValue = "us-east-1",
      description = "The region of --streams (default: ${DEFAULT-VALUE}).")
  private String region;

  @Option(
      names = "--auto-create",
      paramLabel = "SHARDS",
      description = "Create a stream with so many shards when a record for it arrives.")
  private Optional<Integer> autoCreate;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keep the log here, to look at; it is not read again at the next start (default: a"
              + " temporary folder that is deleted in the end).")
  private Optional<Path> data;

  @Option(
      names = "--storage",
      paramLabel = "disk|none",
      defaultValue = "disk",
      converter = StorageByName.class,
      description =
          "disk: records can be read back; none: they are counted and dropped, for benchmarks"
              + " (default: ${DEFAULT-VALUE}).")
  private Storage storage;

  @Option(
      names = "--creation-time",
      paramLabel = "TIME",
      defaultValue = "0ms",
      converter = TimeSpan.class,
      description = "How long a stream that a client creates is CREATING, for example 10s.")
  private Duration creationTime;

  @Option(
      names = "--update-time",
      paramLabel = "TIME",
      defaultValue = "0ms",
      converter = TimeSpan.class,
      description = "How long a stream is UPDATING after it was resharded, for example 10s.")
  private Duration updateTime;

  @Option(
      names = "--shard-limits",
      paramLabel = "RECORDS:BYTES",
      arity = "0..1",
      fallbackValue = "1000:1048576",
      converter = LimitsByText.class,
      description =
          "Each shard takes so much a second and throttles the rest, as the service does; without a"
              + " value the service's ${FALLBACK-VALUE}.")
  private Optional<ShardLimits> shardLimits;

  @Option(
      names = "--fault",
      paramLabel = "NAME=VALUE",
      split = ",",
      description =
          "How to misbehave, for example throttle=10,drop-after=1,latency=20ms; see below. It can be"
              + " changed while the server runs (docs/local-kinesis.md).")
  private List<String> faults = List.of();

  /** The faults that there are belong to its help. */
  @Spec
  void describe(CommandSpec spec) {
    List<String> lines = new ArrayList<>(List.of("", "What --fault takes:"));
    Faults.vocabulary().forEach((name, meaning) -> lines.add("  %-21s%s".formatted(name, meaning)));
    // picocli formats what it is given
    spec.usageMessage()
        .footer(lines.stream().map(line -> line.replace("%", "%%")).toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    Map<String, Integer> shards = new LinkedHashMap<>();
    streams.forEach(stream -> parse(stream, shards));
    try (LocalKinesis kinesis = start(shards)) {
      System.out.println("Kinesis listens at " + kinesis.endpoint());
      System.out.flush();
      Termination.await();
    }
    return ExitStatus.OK.code();
  }

  /** What is asked for may be impossible: a port that is taken, a name that no stream can have. */
  private LocalKinesis start(Map<String, Integer> shards) {
    try {
      LocalKinesis kinesis = LocalKinesis.start(options());
      try {
        shards.forEach((stream, count) -> kinesis.createStream(region, stream, count));
        return kinesis;
      } catch (IllegalArgumentException e) {
        kinesis.close();
        throw e;
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new UserMistake(e.getMessage());
    } catch (UncheckedIOException e) {
      throw new UserMistake(e.getMessage() + ": " + e.getCause().getMessage());
    }
  }

  private LocalKinesisOptions options() {
    LocalKinesisOptions options =
        LocalKinesisOptions.defaults()
            .withHost(host)
            .withPort(port)
            .withStorage(storage)
            .withCreationTime(creationTime)
            .withUpdateTime(updateTime)
            .withFaults(faults());
    if (shardLimits.isPresent()) {
      options = options.withShardLimits(shardLimits.get());
    }
    if (data.isPresent()) {
      options = options.withDirectory(data.get());
    }
    return autoCreate.isPresent() ? options.withAutoCreateStreams(autoCreate.get()) : options;
  }

  private Faults faults() {
    if (faults.isEmpty()) {
      return Faults.none();
    }
    try {
      return Faults.parse(String.join(",", faults));
    } catch (IllegalArgumentException e) {
      throw new UserMistake("--fault " + String.join(",", faults) + ": " + e.getMessage());
    }
  }

  private static void parse(String stream, Map<String, Integer> shards) {
    String[] parts = stream.split(":", -1);
    if (shards.containsKey(parts[0])) {
      throw new UserMistake("--streams names " + parts[0] + " twice");
    }
    try {
      shards.put(parts[0], parts.length == 1 ? 1 : Integer.parseInt(parts[1]));
    } catch (NumberFormatException e) {
      throw new UserMistake("--streams " + stream + ": must be NAME or NAME:SHARDS");
    }
  }

  /** Options are lower case, constants are not. */
  private static final class StorageByName implements ITypeConverter<Storage> {
    @Override
    public Storage convert(String name) {
      return switch (name) {
        case "disk" -> Storage.DISK;
        case "none" -> Storage.NONE;
        default -> throw new TypeConversionException("must be disk or none, is '" + name + "'");
      };
    }
  }

  /** A shard's limits as RECORDS:BYTES. */
  private static final class LimitsByText implements ITypeConverter<ShardLimits> {
    @Override
    public ShardLimits convert(String text) {
      String[] parts = text.split(":", -1);
      try {
        if (parts.length == 2) {
          return new ShardLimits(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        }
      } catch (IllegalArgumentException e) {
        // refused below: no number, or none that a shard can have
      }
      throw new TypeConversionException(
          "must be RECORDS:BYTES, both at least 1, is '" + text + "'");
    }
  }
}
