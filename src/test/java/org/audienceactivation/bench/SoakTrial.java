package org.audienceactivation.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.audienceactivation.cli.Program;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;

/**
 * Lets the packaged program work through exports, in a JVM of its own with the launcher's heap,
 * while Kinesis fails as a {@link SoakPlan} says and the {@link Mishaps} come, and looks at what is
 * in the stream then. What it keeps of a record is one bit, and of a key one number.
 */
final class SoakTrial {

  private static final int RECORDS_PER_FILE = 250_000;

  /** So that records wait for an elder of their key now and then, also in a small soak. */
  private static final int MOST_EVENTS_PER_KEY = 100;

  /** With fewer the order of the keys, and not Kinesis, would set the pace. */
  private static final int LEAST_KEYS = 1_000;

  private static final long POLL_NANOS = 5_000_000;
  private static final int LINES_TO_SHOW = 25;

  private final SoakPlan plan;
  private final NumberedExports exports;

  SoakTrial(SoakPlan plan) {
    this.plan = plan;
    this.exports = new NumberedExports(plan.records(), 0, eventsPerKey(plan.records()));
  }

  private static int eventsPerKey(int records) {
    return Math.max(1, Math.min(MOST_EVENTS_PER_KEY, records / LEAST_KEYS));
  }

  /**
   * Runs it.
   *
   * @throws IllegalStateException if the program gets no further, or does not end in time; the
   *     message says how far it came
   */
  SoakResult run(Path folder) throws IOException, InterruptedException {
    LocalKinesisOptions options =
        LocalKinesisOptions.defaults()
            .withDirectory(folder.resolve("stream"))
            .withFaults(plan.faults());
    try (LocalKinesis kinesis = LocalKinesis.start(options)) {
      kinesis.createStream(ProgramHome.REGION, ProgramHome.STREAM, Mishaps.SHARDS);
      ProgramHome home =
          ProgramHome.in(folder.resolve("home"), kinesis.endpoint())
              .withLongestBackoff(plan.backoffMax());
      exports.write(home.home().path("inbox"), 1 + plan.records() / RECORDS_PER_FILE);
      return run(kinesis, home, new HeapLog(folder.resolve("gc.log")));
    }
  }

  private SoakResult run(LocalKinesis kinesis, ProgramHome home, HeapLog heap)
      throws IOException, InterruptedException {
    Mishaps mishaps = new Mishaps(kinesis, ProgramHome.REGION, ProgramHome.STREAM, plan);
    SoakProgress progress = new SoakProgress(plan);
    List<String> jvmOptions = List.of("-Xmx256m", heap.jvmOption());
    try (Program program = Program.start(jvmOptions, "run", "--once", "--home", home.directory())) {
      long peak = 0;
      while (program.isAlive()) {
        mishaps.proceed();
        progress.at(kinesis.recordCount(), mishaps.left());
        peak = Math.max(peak, PeakMemory.megabytesOf(program.handle()));
        requireProgress(progress, mishaps, program);
        LockSupport.parkNanos(POLL_NANOS);
      }
      double seconds = progress.seconds();
      return new SoakResult(
          plan,
          Delivery.in(kinesis, exports),
          program.await(),
          home.exportsLeft(),
          mishaps.left(),
          kinesis.stats(),
          seconds,
          peak,
          heap.mostInUse());
    }
  }

  private static void requireProgress(SoakProgress progress, Mishaps mishaps, Program program)
      throws InterruptedException {
    if (progress.isStuck()) {
      program.kill();
      throw new IllegalStateException(
          "stuck. %s; the program says:%n%s"
              .formatted(progress.where(mishaps.left()), endOf(program.err())));
    }
  }

  private static String endOf(String log) {
    List<String> lines = log.lines().toList();
    return String.join(
        "\n", lines.subList(Math.max(0, lines.size() - LINES_TO_SHOW), lines.size()));
  }
}
