package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.audienceactivation.localkinesis.Action;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The page on the local Kinesis says all that there is, and what it shows works. */
class LocalKinesisPageTest {
  private static final String PAGE = read(Path.of("docs/local-kinesis.md"));

  @Test
  void every_option_is_on_the_page() {
    CommandLine command =
        new CommandLine(new AudienceActivation()).getSubcommands().get("local-kinesis");
    assertThat(command.getCommandSpec().options())
        .filteredOn(option -> !option.inherited() && !option.usageHelp() && !option.versionHelp())
        .extracting(CommandLine.Model.OptionSpec::longestName)
        .isNotEmpty()
        .allSatisfy(name -> assertThat(PAGE).contains("`" + name + "`"));
  }

  @Test
  void every_fault_is_on_the_page_and_in_the_help() {
    String help =
        new CommandLine(new AudienceActivation())
            .getSubcommands()
            .get("local-kinesis")
            .getUsageMessage();
    assertThat(Faults.vocabulary().keySet())
        .allSatisfy(
            name -> {
              assertThat(PAGE).contains("\n| `" + name + "` |");
              assertThat(help).containsPattern("\n  " + name + " +\\S");
            });
    for (Fault fault : Fault.values()) {
      assertThat(PAGE).contains("| `" + fault.text() + "` | `Fault." + fault.name() + "` |");
    }
  }

  @Test
  void every_action_is_on_the_page() {
    for (Action action : Action.values()) {
      assertThat(PAGE).contains("`" + action.wireName() + "`");
    }
  }

  @Test
  void every_call_of_the_program_is_one_that_it_understands() {
    List<String> calls = PAGE.lines().filter(line -> line.startsWith("./audience-act")).toList();
    assertThat(calls).isNotEmpty();
    for (String call : calls) {
      String[] words = call.split("\\s+", -1);
      new CommandLine(new AudienceActivation())
          .parseArgs(List.of(words).subList(1, words.length).toArray(String[]::new));
      if (call.contains("--fault")) {
        assertThat(Faults.parse(call.replaceFirst(".*--fault ", "")).percents()).isNotEmpty();
      }
    }
  }

  @Test
  void every_request_is_answered() throws Exception {
    List<MatchResult> requests =
        Pattern.compile("(?m)^curl (?:-X (\\w+) )?http://127.0.0.1:4567(\\S+)(?: --data '(.*)')?$")
            .matcher(PAGE)
            .results()
            .toList();
    assertThat(requests).hasSameSizeAs(PAGE.lines().filter(l -> l.startsWith("curl")).toList());
    try (LocalKinesis kinesis = LocalKinesis.start(LocalKinesisOptions.defaults())) {
      for (MatchResult request : requests) {
        assertThat(answer(kinesis.endpoint(), request).statusCode())
            .as(request.group())
            .isEqualTo(200);
      }
    }
  }

  private static HttpResponse<String> answer(URI server, MatchResult request) throws Exception {
    String method = request.group(1) == null ? "GET" : request.group(1);
    String body = request.group(3) == null ? "" : request.group(3);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(server.resolve(request.group(2)))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void the_java_on_it_compiles_and_runs(@TempDir Path folder) throws Exception {
    MatchResult java =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(PAGE)
            .results()
            .findFirst()
            .orElseThrow();
    Path source =
        Files.writeString(
            folder.resolve("Snippet.java"),
            lines(java, "import ", true)
                + "public class Snippet implements Runnable { public void run() {\n"
                + lines(java, "import ", false)
                + "}}\n");
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-proc:none", "-cp", "target/classes", source.toString());
    assertThat(failed).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      ((Runnable) loader.loadClass("Snippet").getConstructor().newInstance()).run();
    }
  }

  private static String lines(MatchResult java, String beginning, boolean with) {
    return java.group(1)
        .lines()
        .filter(line -> line.startsWith(beginning) == with)
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
