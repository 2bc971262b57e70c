package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What an embedder has who leaves out every optional library: all that is not switched on works.
 */
class CoreClassPathTest {
  private static final List<String> OPTIONAL =
      List.of(
          "camel-jms",
          "camel-amqp",
          "camel-aws2-sqs",
          "camel-kafka",
          "camel-platform-http",
          "camel-catalog",
          "camel-spring",
          "spring-",
          "jakarta.jms-api",
          "artemis-",
          "qpid-jms",
          "proton-j",
          "kafka-clients",
          "sqs-",
          "commons-io",
          "micrometer-");

  @TempDir Path folder;
  private TestHome home;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void stop() {
    started.forEach(Process::destroyForcibly);
  }

  @BeforeEach
  void start() {
    home = TestHome.shippedIn(folder);
    home.export("p.ndjson", Profiles.prospect("a"), Profiles.prospect("b"));
  }

  private static String pathWithout(List<String> libraries) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> !path.endsWith("test-classes"))
        .filter(path -> libraries.stream().noneMatch(new File(path).getName()::startsWith))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private record Ended(int status, String said) {}

  private Ended runOnce() throws Exception {
    return without(OPTIONAL, "run", "--once", "--local");
  }

  private Ended without(List<String> libraries, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", pathWithout(libraries), AudienceActivation.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--home", folder.toString()));
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    started.add(process);
    assertThat(process.waitFor(90, TimeUnit.SECONDS)).as(Files.readString(said)).isTrue();
    return new Ended(process.exitValue(), Files.readString(said));
  }

  @Test
  void the_program_runs_while_the_sources_that_need_them_are_off() throws Exception {
    Ended ended = runOnce();

    assertThat(ended.status()).as(ended.said()).isZero();
    assertThat(ended.said()).containsPattern("prospects +2 +2 ");
  }

  @ParameterizedTest
  @CsvSource({
    "jms, camel-jms",
    "amqp, camel-amqp",
    "sqs, camel-aws2-sqs",
    "kafka, camel-kafka",
    "rest, camel-platform-http"
  })
  void a_source_whose_library_is_missing_is_refused_by_name(String source, String library)
      throws Exception {
    home.setting(source + ".enabled", "true");

    Ended ended = runOnce();

    assertThat(ended.status()).as(ended.said()).isEqualTo(2);
    assertThat(ended.said())
        .contains(source + ".enabled: the library " + library + " is not on the class path")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @CsvSource({
    "jms, artemis-jakarta-client",
    "amqp, qpid-jms-client",
    "sqs, sqs",
    "kafka, kafka-clients"
  })
  void a_source_whose_client_is_missing_is_refused_by_name(String source, String library)
      throws Exception {
    home.setting(source + ".enabled", "true").setting("sqs.region", "eu-west-1");

    Ended ended = without(List.of(library + "-"), "validate");

    assertThat(ended.status()).as(ended.said()).isEqualTo(2);
    assertThat(ended.said())
        .contains(source + ".enabled: the library " + library + " is not on the class path")
        .doesNotContain("\tat ");
  }

  @Test
  void nothing_is_wrong_with_routes_that_are_off_and_whose_libraries_are_missing()
      throws Exception {
    Ended ended =
        without(List.of("camel-kafka", "camel-jms", "camel-amqp", "camel-aws2-sqs"), "validate");

    assertThat(ended.status()).as(ended.said()).isZero();
  }
}
