package org.audienceactivation.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code run}: the application itself. */
@Command(
    name = "run",
    description = "Starts the application; SIGTERM settles what is in flight and ends it.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  private static final int LOCAL_SHARDS = 4;

  @ParentCommand private AudienceActivation root;

  @Option(names = "--once", description = "Process what lies in the inbox, then end.")
  private boolean once;

  @Option(
      names = "--local",
      description =
          "Deliver to an embedded local Kinesis instead of AWS; the streams are created in it.")
  private boolean local;

  @Option(
      names = "--dump",
      paramLabel = "FILE",
      description = "With --local: in the end write what lies in the streams, one record a line.")
  private Optional<Path> dump;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description =
          "In the end write the outcomes of each destination, and how it used its stream, as JSON.")
  private Optional<Path> report;

  private boolean hasStarted;

  @Override
  public Integer call() throws Exception {
    if (dump.isPresent() && !local) {
      throw new UserMistake(
          "--dump needs --local: only an embedded Kinesis can be read back whole");
    }
    report.ifPresent(file -> OutputFile.requireWritable("--report", file));
    dump.ifPresent(file -> OutputFile.requireWritable("--dump", file));
    try {
      return run();
    } catch (Exception | Error e) {
      if (hasStarted || !Termination.isRequested()) {
        throw e;
      }
      System.err.println("stopped before it had started");
      return ExitStatus.OK.code();
    }
  }

  private int run() throws Exception {
    if (!local) {
      return run(ActivationOptions.of(sources()));
    }
    LocalKinesisOptions createsStreams =
        LocalKinesisOptions.defaults().withAutoCreateStreams(LOCAL_SHARDS);
    // what is delivered here is gone when the run ends, and must not be remembered
    Path forgotten = Files.createTempDirectory("audience-activation-state");
    try (LocalKinesis kinesis = LocalKinesis.start(createsStreams)) {
      int status =
          run(
              ActivationOptions.of(sources())
                  .withKinesisEndpoint(kinesis.endpoint())
                  .withState(forgotten));
      if (dump.isPresent()) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(dump.get()))) {
          StreamDump.write(kinesis, out);
        }
      }
      return status;
    } finally {
      TemporaryFolder.delete(forgotten);
    }
  }

  private ActivationOptions.Sources sources() {
    return once ? new ActivationOptions.Sources.Once() : new ActivationOptions.Sources.Watching();
  }

  private int run(ActivationOptions options) throws Exception {
    try (Activation activation = Activation.start(root.home(), options)) {
      hasStarted = true;
      Termination.whenRequested(activation::stop);
      if (once) {
        awaitNothingLeft(activation);
      } else {
        awaitTermination(activation);
      }
      activation.stop();
      return finish(activation);
    }
  }

  private static void awaitTermination(Activation activation) throws InterruptedException {
    TotalsLine totals =
        TotalsLine.everyMinute(activation::report, activation::refusedConfiguration);
    try {
      Termination.await();
    } finally {
      totals.end();
    }
  }

  private static void awaitNothingLeft(Activation activation) throws InterruptedException {
    Progress progress = Progress.show(activation);
    try {
      activation.awaitNothingLeft();
    } finally {
      progress.end();
    }
  }

  private int finish(Activation activation) throws IOException {
    OutcomeReport outcomes = activation.report();
    RunReport all =
        RunReport.of(
            activation.configurationInForce(),
            outcomes,
            activation.destinations(),
            activation.skew());
    System.out.print(outcomes.toTable());
    all.bottlenecks().forEach(System.out::println);
    if (report.isPresent()) {
      Files.writeString(report.get(), all.toJson());
    }
    if (!once) {
      return ExitStatus.ofStopped(outcomes).code();
    }
    List<String> left = activation.leftInInbox();
    left.forEach(
        file -> System.err.println(file + ": is still in the inbox, not or not fully processed"));
    boolean leftOver = !left.isEmpty() && outcomes.addsUp();
    ExitStatus status = ExitStatus.ofFinished(outcomes);
    return (leftOver ? ExitStatus.RECORDS_RETURNED : status).code();
  }
}
