package org.audienceactivation.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import software.amazon.awssdk.core.util.VersionInfo;

/**
 * {@code bench/run}: all competitors in turn, round after round, each time in a JVM of its own that
 * was warmed by the same work, against one sink in another process. Prints a Markdown table.
 */
@Command(
    name = "bench/run",
    description =
        "Measures the pipeline against what bounds it, and against stock Camel. bench/README.md"
            + " says what each competitor is.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RunMain implements Callable<Integer> {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double HALF = 0.5;
  private static final int SECONDS_AT_CONSTANT_RATE = 20;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "400000",
      description =
          "Records in a pass; the slowest competitors get a share of it (default: ${DEFAULT-VALUE}).")
  private int records;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "(default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "20",
      description =
          "How long passes are repeated before the measured one; up to four times as long while the"
              + " JIT compiler still works (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--only",
      paramLabel = "ID",
      split = ",",
      description = "Only these competitors, by their ids in bench/README.md.")
  private List<String> only = List.of();

  @Option(
      names = "--governance",
      description = "The pipeline with and without governance, in place of the other competitors.")
  private boolean governance;

  @Option(
      names = "--state",
      description = "The pipeline with and without state, in place of the other competitors.")
  private boolean state;

  @Option(
      names = "--consents",
      description =
          "What consents cost a record to read and to decide, in one JVM, in place of competitors.")
  private boolean consents;

  @Option(
      names = "--latencies",
      description =
          "How long calls take of REST and of a bare PutRecord, at the same constant rate, in place"
              + " of what competitors cost.")
  private boolean latencies;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Calls a second for --latencies (default: half of what REST reached before in the same"
              + " round).")
  private int rate;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description =
          "Profiles of your own (NDJSON, also .gz for the pipeline), all audiences and person.email"
              + " mapped, in place of the generated ones.")
  private Optional<Path> file;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "500",
      description =
          "The most records in a call, for the bare SDK, our component and the pipeline (default:"
              + " ${DEFAULT-VALUE}).")
  private int recordsPerCall;

  @Option(
      names = "--calls",
      paramLabel = "N",
      defaultValue = "8",
      description = "The most calls that our sender has in flight (default: ${DEFAULT-VALUE}).")
  private int callsInFlight;

  @Option(
      names = "--latency",
      paramLabel = "MS",
      defaultValue = "0",
      description =
          "How long each call takes at least, as one to another region does (default:"
              + " ${DEFAULT-VALUE}).")
  private int latencyMillis;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "Workers of the pipeline and callers of the bare SDK, each with one batch (default:"
              + " ${DEFAULT-VALUE}).")
  private int workers;

  @Option(
      names = "--client",
      paramLabel = "KIND",
      defaultValue = "APACHE",
      description =
          "HTTP client of the bare SDK and of our component alone: ${COMPLETION-CANDIDATES}. Others"
              + " than APACHE must be in BENCH_CLASSPATH (default: ${DEFAULT-VALUE}).")
  private HttpClientKind client;

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "256m",
      description = "-Xmx of each competitor (default: ${DEFAULT-VALUE}, as the launcher has it).")
  private String heap;

  @Option(
      names = "--jvm-option",
      paramLabel = "OPTION",
      description = "A further option for the JVM of each competitor, such as -XX:+UseSerialGC.")
  private List<String> jvmOptions = List.of();

  private Path folder = Path.of("");

  public static void main(String[] args) {
    CommandLine command = new CommandLine(new RunMain()).setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws IOException {
    List<Competitor> competitors = competitors();
    folder = BenchFolder.create();
    if (consents) {
      ConsentCost.measure(folder, rounds);
      System.out.println(facts());
      return 0;
    }
    try (Sink free = sink("free");
        Sink limited = sink(SinkMain.LIMITED)) {
      Load load = load(free.endpoint());
      prepare(load);
      load = file.isPresent() ? counted(load) : load;
      System.out.println(
          latencies
              ? LatencyTable.of(latencies(load, free))
              : ResultTable.of(costs(competitors, load, free, limited)));
    }
    System.out.println(facts());
    return 0;
  }

  private Rounds costs(List<Competitor> competitors, Load load, Sink free, Sink limited)
      throws IOException {
    Rounds measured = new Rounds();
    for (int round = 1; round <= rounds; round++) {
      for (Competitor competitor : competitors) {
        Measurement measurement =
            measure(competitor, load, competitor.isLimited() ? limited : free);
        measured.add(competitor, measurement);
        System.err.printf(
            "round %d  %-22s %,9.0f records/s  %6.2f µs%n",
            round, competitor.id(), measurement.recordsPerSecond(), measurement.cpuMicros());
      }
    }
    return measured;
  }

  private Rounds latencies(Load load, Sink sink) throws IOException {
    Rounds measured = new Rounds();
    for (int round = 1; round <= rounds; round++) {
      int perSecond =
          rate > 0 ? rate : (int) (measure(Competitor.REST, load, sink).recordsPerSecond() * HALF);
      Load paced =
          load.withCallsPerSecond(perSecond).withRecords(perSecond * SECONDS_AT_CONSTANT_RATE);
      for (Competitor competitor : List.of(Competitor.REST, Competitor.PUT_RECORD)) {
        Measurement measurement = measure(competitor, paced, sink);
        measured.add(competitor, measurement);
        System.err.printf(
            "round %d  %-22s %,9d calls/s  p50 %.2f ms  p99 %.2f ms%n",
            round,
            competitor.id(),
            perSecond,
            measurement.latencies().p50(),
            measurement.latencies().p99());
      }
    }
    return measured;
  }

  /** Where the competitors send to, in another process. */
  private record Sink(BenchJvm jvm, URI endpoint) implements AutoCloseable {
    @Override
    public void close() {
      jvm.close();
    }
  }

  private Sink sink(String kind) throws IOException {
    BenchJvm jvm =
        BenchJvm.start(
            SinkMain.class,
            List.of("-Xmx512m"),
            folder.resolve("sink-" + kind + ".log"),
            kind,
            Integer.toString(latencyMillis));
    return new Sink(jvm, URI.create(jvm.readLine()));
  }

  private List<Competitor> competitors() {
    if (only.isEmpty()) {
      return Arrays.stream(Competitor.values())
          .filter(one -> one.isGoverned() == governance && one.isRemembering() == state)
          .toList();
    }
    return only.stream().map(this::competitor).sorted().toList();
  }

  private Competitor competitor(String id) {
    return Competitor.named(id)
        .orElseThrow(
            () ->
                new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--only " + id + ": no such competitor; there are " + Competitor.ids()));
  }

  private Load load(URI endpoint) {
    Path profiles =
        file.orElseGet(() -> folder.resolve("profiles-" + records + ".ndjson")).toAbsolutePath();
    return new Load(
        endpoint,
        profiles,
        file.isPresent(),
        folder.resolve("events.tsv"),
        records,
        warmUp,
        recordsPerCall,
        callsInFlight,
        workers,
        0,
        client,
        folder);
  }

  private static void prepare(Load load) throws IOException {
    if (!load.ownFile() && Files.notExists(load.profiles())) {
      BenchProfiles.write(load.profiles(), load.records());
    }
    int events = ReadyEvents.write(load);
    if (events == 0 || (!load.ownFile() && events != load.records())) {
      throw new IllegalStateException(load.profiles() + " gives " + events + " events");
    }
  }

  /** With as many records as the user's file has lines. */
  private static Load counted(Load load) throws IOException {
    try (Stream<String> lines = Files.lines(load.profiles())) {
      return load.withRecords((int) lines.filter(line -> !line.isBlank()).count());
    }
  }

  private Measurement measure(Competitor competitor, Load all, Sink sink) throws IOException {
    Path work = Files.createTempDirectory(folder, competitor.id() + "-");
    Load load = shareOf(competitor, all).withWork(work).withEndpoint(sink.endpoint());
    List<String> options = new ArrayList<>(List.of("-Xmx" + heap));
    options.addAll(jvmOptions);
    try (BenchJvm jvm =
        BenchJvm.start(
            ContestantMain.class,
            options,
            folder.resolve(competitor.id() + ".log"),
            competitor.id(),
            Long.toString(sink.jvm().handle().pid()),
            JSON.writeValueAsString(load))) {
      String line = jvm.readLine();
      while (!line.startsWith("{")) {
        line = jvm.readLine();
      }
      return JSON.readValue(line, Measurement.class);
    } finally {
      BenchFolder.delete(work);
    }
  }

  private Load shareOf(Competitor competitor, Load all) throws IOException {
    int share = competitor.recordsOf(all.records());
    if (share == all.records() || all.callsPerSecond() > 0) {
      return all;
    }
    Path events = folder.resolve("events-" + share + ".tsv");
    try (BufferedReader from = Files.newBufferedReader(all.events());
        BufferedWriter to = Files.newBufferedWriter(events)) {
      String line = from.readLine();
      for (int i = 0; i < share && line != null; i++) {
        to.write(line);
        to.write('\n');
        line = from.readLine();
      }
    }
    return all.withRecords(share).withEvents(events);
  }

  private String facts() throws IOException {
    return "%s records a pass, %d rounds, %d s of warm-up, %d calls in flight at most, calls of %d ms at least, %d threads, %s; %d cores (%s); %s %s; Camel %s, AWS SDK %s; commit %s"
        .formatted(
            file.map(Path::toString).orElse(Integer.toString(records)),
            rounds,
            warmUp,
            callsInFlight,
            latencyMillis,
            workers,
            heap,
            Runtime.getRuntime().availableProcessors(),
            processor(),
            System.getProperty("java.vm.name"),
            System.getProperty("java.runtime.version"),
            new DefaultCamelContext(false).getVersion(),
            VersionInfo.SDK_VERSION,
            System.getProperty("bench.commit", "unknown"));
  }

  private static String processor() throws IOException {
    Path cpus = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(cpus)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(cpus).stream()
        .filter(line -> line.startsWith("model name"))
        .findFirst()
        .map(line -> line.replaceAll(".*: ", "").strip())
        .orElse(System.getProperty("os.arch"));
  }
}
