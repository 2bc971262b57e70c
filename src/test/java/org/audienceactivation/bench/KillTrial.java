package org.audienceactivation.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.audienceactivation.cli.Program;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;

/**
 * Kills the packaged program at random moments while it works through exports, starts it again each
 * time, lets the last start finish, and looks at what is in the stream.
 *
 * <p>Moments are spread over the work and beyond: before the first record is sent, between records,
 * while a file is moved away after its last record. A program that ends by itself before its moment
 * has come was not killed and is not counted.
 */
final class KillTrial {

  private static final int SHARDS = 4;
  private static final int FILES = 3;
  private static final int BROKEN_LINES = 30;
  private static final int EVENTS_PER_KEY = 10;
  private static final long POLL_NANOS = 500_000;

  /**
   * So often the moment is not a number of records but a time after the start, or after the end.
   */
  private static final double SHARE_OF_OTHER_MOMENTS = 0.2;

  private static final Duration UNTIL_READY = Duration.ofMillis(2_500);
  private static final Duration AFTER_THE_LAST = Duration.ofMillis(150);

  private final NumberedExports exports;
  private final SplittableRandom random;

  KillTrial(int profiles, SplittableRandom random) {
    this.exports = new NumberedExports(profiles, BROKEN_LINES, EVENTS_PER_KEY);
    this.random = random;
  }

  /**
   * What came of it.
   *
   * @param kills how often the program was killed while it ran
   * @param brokenLinesMissing lines that are no profile and stand in no dead letter
   * @param exit status of the run that was left to finish
   * @param left exports that it left in the inbox
   */
  record Result(
      int kills, Delivery delivery, int brokenLinesMissing, Program.Ended exit, List<String> left) {

    boolean isNothingLost() {
      boolean hasFinished = ENDS_OF_A_FINISHED_RUN.contains(exit.status()) && left.isEmpty();
      return hasFinished && delivery.isComplete() && brokenLinesMissing == 0;
    }

    /** All well, or but for the broken lines, unless an earlier run has settled them. */
    private static final Set<Integer> ENDS_OF_A_FINISHED_RUN = Set.of(0, 3);

    @Override
    public String toString() {
      return "%d kills: %d missing, %d broken lines missing, %d foreign, %d duplicates, %d out of order, exit status %d, left in the inbox: %s"
          .formatted(
              kills,
              delivery.missing(),
              brokenLinesMissing,
              delivery.foreign(),
              delivery.duplicates(),
              delivery.outOfOrder(),
              exit.status(),
              left);
    }
  }

  /** Kills so many times and then lets it finish. */
  Result run(Path folder, int kills) throws IOException, InterruptedException {
    try (LocalKinesis kinesis =
        LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(SHARDS))) {
      ProgramHome home = ProgramHome.in(folder, kinesis.endpoint());
      exports.write(home.home().path("inbox"), FILES);
      String[] command = {"run", "--once", "--home", home.directory()};
      int killed = 0;
      for (int i = 0; i < kills; i++) {
        killed += isKilled(kinesis, command) ? 1 : 0;
      }
      Program.Ended exit = Program.run(command);
      return new Result(
          killed,
          Delivery.in(kinesis, exports),
          home.brokenLinesMissing(exports),
          exit,
          home.exportsLeft());
    }
  }

  private boolean isKilled(LocalKinesis kinesis, String... command) throws InterruptedException {
    try (Program program = Program.start(List.of("-Xmx256m"), command)) {
      awaitMoment(program, kinesis);
      if (!program.isAlive()) {
        return false;
      }
      program.kill();
      return true;
    }
  }

  private void awaitMoment(Program program, LocalKinesis kinesis) {
    if (random.nextDouble() < SHARE_OF_OTHER_MOMENTS) {
      pause(program, random.nextLong(UNTIL_READY.toNanos()));
      return;
    }
    long sentByOthers = kinesis.recordCount();
    boolean isAfterTheLast = random.nextDouble() < SHARE_OF_OTHER_MOMENTS;
    long sent = isAfterTheLast ? exports.profiles() : random.nextLong(exports.profiles());
    while (program.isAlive() && kinesis.recordCount() - sentByOthers < sent) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    if (isAfterTheLast) {
      pause(program, random.nextLong(AFTER_THE_LAST.toNanos()));
    }
  }

  private static void pause(Program program, long nanos) {
    long end = System.nanoTime() + nanos;
    while (program.isAlive() && end - System.nanoTime() > 0) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }
}
