package org.audienceactivation.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/kill}: {@link KillTrial} until the program was killed often enough. */
@Command(
    name = "bench/kill",
    description =
        "Kills the program (kill -9) at random moments over a file source, starts it again until it"
            + " is done, and looks for every record. Ends with 1 if one is missing.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class KillMain implements Callable<Integer> {

  private static final int KILLS_PER_TRIAL = 4;

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "50",
      description = "(default: ${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "40000",
      description = "Profiles in the inbox, in three files (default: ${DEFAULT-VALUE}).")
  private int records;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the moments, as far as they are not the machine's (default: 1).")
  private long seed;

  @Option(
      names = "--order",
      description = "Fail as well when first occurrences of a key's events are out of order.")
  private boolean order;

  public static void main(String[] args) {
    System.exit(new CommandLine(new KillMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Path work = Files.createTempDirectory(BenchFolder.create(), "kill-");
    int killed = 0;
    int trials = 0;
    int failed = 0;
    long duplicates = 0;
    long outOfOrder = 0;
    try {
      while (killed < kills) {
        int wanted = Math.min(kills - killed, 1 + random.nextInt(KILLS_PER_TRIAL));
        Path folder = work.resolve("trial-" + trials);
        KillTrial.Result result = new KillTrial(records, random.split()).run(folder, wanted);
        trials++;
        killed += result.kills();
        duplicates += result.delivery().duplicates();
        outOfOrder += result.delivery().outOfOrder();
        boolean isGood = result.isNothingLost() && (!order || result.delivery().outOfOrder() == 0);
        failed += isGood ? 0 : 1;
        System.err.println((isGood ? "good    " : "FAILED  ") + result);
      }
    } finally {
      BenchFolder.delete(work);
    }
    System.out.printf(
        "%d kills in %d trials of %,d records: %d trials failed; %,d duplicates, %,d out of order%n",
        killed, trials, records, failed, duplicates, outOfOrder);
    return failed == 0 ? 0 : 1;
  }
}
