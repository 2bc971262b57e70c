package org.audienceactivation.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.audienceactivation.sample.SampleExpectation;
import org.audienceactivation.sample.SampleExports;
import org.audienceactivation.sample.SampleOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sample-exports}: any number of invented profiles. */
@Command(
    name = "sample-exports",
    description = {
      "Writes an export of invented profiles, some of them malformed.",
      "Prints the outcomes that the shipped destination prospects must give for it."
    },
    mixinStandardHelpOptions = true)
final class SampleExportsCommand implements Callable<Integer> {
  @Option(
      names = "--profiles",
      paramLabel = "N",
      required = true,
      description = "How many records to write.")
  private long profiles;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed gives the same bytes (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file to write; .gz packs it.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    if (profiles < 0) {
      throw new UserMistake("--profiles " + profiles + ": must not be negative");
    }
    OutputFile.requireWritable("--out", out);
    SampleExpectation expectation = SampleExports.write(out, SampleOptions.of(profiles, seed));
    System.out.println(expectation.toJson());
    return ExitStatus.OK.code();
  }
}
