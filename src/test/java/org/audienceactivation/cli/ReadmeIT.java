package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The commands in the README do what it says, through the launcher that it names. */
class ReadmeIT {
  private static final String LAUNCHER = "./audience-activation";

  /** Every call of the launcher in a shell block of the README. */
  static List<String> calls() throws Exception {
    List<String> calls = new ArrayList<>();
    for (String block : blocks(Files.readString(Path.of("README.md")))) {
      block
          .lines()
          .map(String::strip)
          .filter(line -> line.startsWith(LAUNCHER))
          .map(line -> line.replaceAll("\\s+#.*", ""))
          .forEach(calls::add);
    }
    return calls;
  }

  private static List<String> blocks(String page) {
    return Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
        .matcher(page)
        .results()
        .map(match -> match.group(1))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("calls")
  void every_call_is_one_that_the_program_understands(String call) {
    String[] words = call.substring(LAUNCHER.length()).strip().split("\\s+", -1);

    new CommandLine(new AudienceActivation()).parseArgs(words);
  }

  @Test
  void the_demo_the_preview_and_the_validation_succeed_as_they_stand_there() throws Exception {
    List<String> calls =
        calls().stream().filter(call -> call.matches(".* (demo|validate|preview .*)")).toList();
    assertThat(calls).hasSize(3);

    for (String call : calls) {
      Process process =
          new ProcessBuilder("sh", "-c", call)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.to(Path.of("target/readme.out").toFile()))
              .start();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(call).isTrue();
      assertThat(process.exitValue())
          .as("%s%n%s", call, Files.readString(Path.of("target/readme.out")))
          .isZero();
    }
  }
}
