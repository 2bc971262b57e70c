package org.audienceactivation.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench/soak}: one {@link SoakTrial} for each rate of failures. */
@Command(
    name = "bench/soak",
    description =
        "Lets the program deliver millions of records to a Kinesis that fails, drops connections,"
            + " reshards and goes down, and looks for every record. Ends with 1 if one is missing"
            + " or out of order, or if the program needs too much memory.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SoakMain implements Callable<Integer> {

  @Option(
      names = "--records",
      paramLabel = "N",
      defaultValue = "2000000",
      description = "Profiles in the inbox (default: ${DEFAULT-VALUE}).")
  private int records;

  @Option(
      names = "--failures",
      paramLabel = "PERCENT",
      split = ",",
      defaultValue = "10,50",
      description =
          "Of the records in a call: half are throttled, half fail inside Kinesis. A run for each"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Double> failures;

  @Option(
      names = "--drops",
      paramLabel = "PERCENT",
      defaultValue = "1",
      description =
          "Of the calls whose connection is dropped: half before and half after Kinesis stored what"
              + " they brought (default: ${DEFAULT-VALUE}).")
  private double drops;

  @Option(
      names = "--outage",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = "How long nothing gets through in mid-run (default: ${DEFAULT-VALUE}).")
  private int outage;

  @Option(
      names = "--backoff-max",
      paramLabel = "MILLISECONDS",
      defaultValue = "250",
      description =
          "backoffMax of the destination; as shipped it is 20000. See bench/README.md (default:"
              + " ${DEFAULT-VALUE}).")
  private int backoffMax;

  @Option(
      names = "--longest",
      paramLabel = "MINUTES",
      defaultValue = "120",
      description = "How long a run may take (default: ${DEFAULT-VALUE}).")
  private int longest;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of what is struck, as far as it is not the machine's (default: 1).")
  private long seed;

  public static void main(String[] args) {
    System.exit(new CommandLine(new SoakMain()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path work = Files.createTempDirectory(BenchFolder.create(), "soak-");
    List<SoakResult> soaks = new ArrayList<>();
    try {
      for (double share : failures) {
        soaks.add(soak(share, work.resolve("failures-" + share)));
      }
    } finally {
      // also when a later one is stuck
      System.out.print(soaks.isEmpty() ? "" : SoakTable.of(soaks));
      BenchFolder.delete(work);
    }
    boolean isGood = soaks.stream().allMatch(soak -> soak.violations().isEmpty());
    return isGood ? 0 : 1;
  }

  private SoakResult soak(double share, Path folder) throws Exception {
    SoakPlan plan =
        new SoakPlan(
            records,
            share,
            drops,
            Duration.ofSeconds(outage),
            Duration.ofMillis(backoffMax),
            Duration.ofMinutes(longest),
            seed);
    Files.createDirectories(folder);
    System.err.printf("%s: %,d records%n", plan.title(), records);
    SoakResult result = new SoakTrial(plan).run(folder);
    BenchFolder.delete(folder);
    List<String> violations = result.violations();
    System.err.println(plan.title() + (violations.isEmpty() ? ": good" : ": FAILED"));
    violations.forEach(one -> System.err.println("  " + one));
    return result;
  }
}
