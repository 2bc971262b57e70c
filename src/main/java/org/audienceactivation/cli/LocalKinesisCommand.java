package org.audienceactivation.cli;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.localkinesis.Storage;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
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
        LocalKinesisOptions.defaults().withHost(host).withPort(port).withStorage(storage);
    if (data.isPresent()) {
      options = options.withDirectory(data.get());
    }
    return autoCreate.isPresent() ? options.withAutoCreateStreams(autoCreate.get()) : options;
  }

  private static void parse(String stream, Map<String, Integer> shards) {
    String[] parts = stream.split(":", -1);
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
}
