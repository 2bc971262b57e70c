package org.audienceactivation.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.kinesis.sender.KinesisClients;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;
import org.audienceactivation.route.Home;
import org.audienceactivation.route.KinesisAccounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** {@code demo}: the main job on the shipped samples, against an embedded Kinesis. */
@Command(
    name = "demo",
    description = {
      "Sends the sample exports to an embedded local Kinesis and shows what became of them.",
      "A few records are read back from the stream. Succeeds when the outcomes are those that",
      "the samples are made to have. Leaves nothing behind."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String DESTINATION = "prospects";
  private static final int SHARDS = 4;
  private static final int SHOWN = 3;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParentCommand private AudienceActivation root;

  @Override
  public Integer call() throws Exception {
    Home home = root.home();
    Path samples = home.directory().resolve("samples");
    Path expected = samples.resolve("expected-outcomes.json");
    if (!Files.isReadable(expected)) {
      throw new UserMistake(
          samples + ": the sample exports are not there; start the demo in the project's folder");
    }
    Path work = Files.createTempDirectory("audience-activation-demo");
    LocalKinesisOptions createsStreams =
        LocalKinesisOptions.defaults().withAutoCreateStreams(SHARDS);
    try (LocalKinesis kinesis = LocalKinesis.start(createsStreams)) {
      List<String> exports = copyExports(samples.resolve("exports"), work.resolve("inbox"));
      System.out.println("Sample exports:  " + String.join(", ", exports));
      System.out.println("Local Kinesis:   " + kinesis.endpoint());
      return demonstrate(home, work, kinesis, MAPPER.readTree(expected.toFile()));
    } finally {
      TemporaryFolder.delete(work);
    }
  }

  private static int demonstrate(Home home, Path work, LocalKinesis kinesis, JsonNode expected)
      throws Exception {
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Once())
            .withKinesisEndpoint(kinesis.endpoint())
            .withOverrides(
                Map.of(
                    "files.enabled",
                    "true",
                    "files.inbox",
                    work.resolve("inbox").toString(),
                    "files.done",
                    work.resolve("done").toString(),
                    "files.settleMillis",
                    "1",
                    "state.store",
                    "none",
                    "deadLetter.directory",
                    work.resolve("dead-letter").toString()));
    try (Activation activation = Activation.start(home, options)) {
      Termination.whenRequested(activation::stop);
      activation.awaitNothingLeft();
      activation.stop();
      OutcomeReport report = activation.report();
      System.out.println();
      System.out.print(report.toTable());
      System.out.println();
      showRecords(activation.destinations(), kinesis);
      return verdict(report, expected, countLines(work.resolve("dead-letter")));
    }
  }

  private static List<String> copyExports(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    List<String> names = new ArrayList<>();
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
        names.add(file.getFileName().toString());
      }
    }
    return names;
  }

  private static void showRecords(List<Destination> destinations, LocalKinesis kinesis) {
    Destination prospects =
        destinations.stream()
            .filter(one -> one.name().equals(DESTINATION))
            .findFirst()
            .orElseThrow(() -> new UserMistake("the demo needs the destination " + DESTINATION));
    String stream = prospects.stream().name();
    System.out.println("A few records read back from the stream " + stream + ":");
    KinesisClients clients = new KinesisClients();
    try (KinesisClients.Lease lease =
        clients.lease(KinesisAccounts.of(prospects, Optional.of(kinesis.endpoint())))) {
      KinesisClient client = lease.client();
      String shard = client.listShards(list -> list.streamName(stream)).shards().get(0).shardId();
      String iterator =
          client
              .getShardIterator(
                  get ->
                      get.streamName(stream)
                          .shardId(shard)
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      for (Record record :
          client.getRecords(get -> get.shardIterator(iterator).limit(SHOWN)).records()) {
        System.out.println("  " + shard + " " + record.sequenceNumber());
        System.out.println("  " + record.data().asUtf8String());
      }
    }
  }

  private static long countLines(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return 0;
    }
    long lines = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        try (Stream<String> text = Files.lines(file)) {
          lines += text.count();
        }
      }
    }
    return lines;
  }

  private static int verdict(OutcomeReport report, JsonNode expected, long deadLetters)
      throws IOException {
    JsonNode wanted = expected.at("/destinations/" + DESTINATION);
    JsonNode got = MAPPER.readTree(report.toJson()).at("/destinations/" + DESTINATION);
    long rejected = got.path("rejected").asLong() + got.path("deadLettered").asLong();
    System.out.println();
    System.out.println("Dead letters:    " + deadLetters + " documents");
    if (!wanted.equals(got) || deadLetters != rejected) {
      System.out.println("These are NOT the outcomes that the samples are made to have:");
      System.out.println(wanted.toPrettyString());
      return ExitStatus.INTERNAL_FAILURE.code();
    }
    System.out.println("These are the outcomes that the samples are made to have.");
    return ExitStatus.OK.code();
  }
}
