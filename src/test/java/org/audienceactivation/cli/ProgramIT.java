package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.sample.SampleExpectation;
import org.audienceactivation.sample.SampleExports;
import org.audienceactivation.sample.SampleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program, in a process of its own: commands, exit status, signals, memory. */
class ProgramIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void home() {
    home = TestHome.shippedIn(folder);
  }

  private String homeFolder() {
    return home.home().directory().toString();
  }

  private Program.Ended inHome(String... arguments) throws InterruptedException {
    String[] all = new String[arguments.length + 2];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "--home";
    all[arguments.length + 1] = homeFolder();
    return Program.run(all);
  }

  @Nested
  class TheDemo {
    @Test
    void shows_the_outcomes_of_the_samples_and_records_from_the_stream() throws Exception {
      Program.Ended demo = Program.run("demo");

      assertThat(demo.status()).as(demo.err()).isZero();
      assertThat(demo.out())
          .contains("prospects")
          .contains("\"segmentMembership\"")
          .contains("These are the outcomes that the samples are made to have.");
    }
  }

  @Nested
  class Preview {
    @Test
    void of_the_seed_profile_prints_the_seed_event() throws Exception {
      Program.Ended preview =
          Program.run("preview", "--destination", "prospects", "samples/seed-profile.json");

      assertThat(preview.status()).as(preview.err()).isZero();
      assertThat(JSON.readTree(preview.out()))
          .isEqualTo(JSON.readTree(Path.of("samples/seed-event.json").toFile()));
      assertThat(preview.err()).contains("seed-profile.json:1: prospects: sent");
    }

    @Test
    void says_why_a_record_would_not_be_sent() throws Exception {
      home.export("p.ndjson", Profiles.refusing("a"), "nonsense", Profiles.prospect("b"));

      Program.Ended preview =
          inHome("preview", "--destination", "prospects", home.path("inbox/p.ndjson").toString());

      assertThat(preview.out().lines()).containsExactly(Profiles.event("b"));
      assertThat(preview.err())
          .contains("p.ndjson:1: prospects: excluded consent-refused:consents.share")
          .contains("p.ndjson:2: prospects: rejected malformed-json")
          .contains("p.ndjson:3: prospects: sent");
      assertThat(home.list("inbox")).containsExactly("p.ndjson");
    }

    @Test
    void of_an_unknown_destination_names_those_that_there_are() throws Exception {
      Program.Ended preview =
          inHome("preview", "--destination", "nobody", home.path("audiences.yaml").toString());

      assertThat(preview.status()).isEqualTo(2);
      assertThat(preview.err()).contains("no such destination; there is prospects");
    }
  }

  @Nested
  class RunOnce {
    @Test
    void ends_with_0_when_every_record_is_delivered_or_excluded() throws Exception {
      home.export("good.ndjson", Profiles.prospect("a"), Profiles.refusing("b"));

      Program.Ended run = inHome("run", "--once", "--local");

      assertThat(run.status()).as(run.err()).isZero();
    }

    @Test
    void ends_with_3_when_records_were_rejected_and_reports_and_dumps() throws Exception {
      home.export("mixed.ndjson", Profiles.prospect("a"), "nonsense");
      Path report = home.path("report.json");
      Path dump = home.path("dump.ndjson");

      Program.Ended run =
          inHome(
              "run", "--once", "--local", "--report", report.toString(), "--dump", dump.toString());

      assertThat(run.status()).as(run.err()).isEqualTo(3);
      JsonNode outcomes = JSON.readTree(report.toFile()).at("/destinations/prospects");
      assertThat(outcomes.path("received").asInt()).isEqualTo(2);
      assertThat(outcomes.path("delivered").asInt()).isEqualTo(1);
      assertThat(outcomes.path("rejected").asInt()).isEqualTo(1);
      List<String> dumped = Files.readAllLines(dump);
      assertThat(dumped).hasSize(1);
      JsonNode record = JSON.readTree(dumped.get(0));
      assertThat(record.path("stream").asText()).isEqualTo("prospects-events");
      assertThat(record.path("partitionKey").asText()).isEqualTo("a");
      assertThat(record.path("data")).isEqualTo(JSON.readTree(Profiles.event("a")));
    }

    @Test
    void ends_with_2_and_one_line_for_each_mistake_in_the_configuration() throws Exception {
      home.edit("destinations/prospects.yaml", "region:", "regon:");
      home.setting("files.pollMilis", "3");

      Program.Ended run = inHome("run", "--once", "--local");

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err())
          .contains("destinations/prospects.yaml:6: stream.regon: unknown key; allowed:")
          .containsPattern(
              "application\\.properties:\\d+: files\\.pollMilis: unknown key; allowed:")
          .doesNotContain("Exception");
    }

    @Test
    void holds_exports_of_any_size_in_a_small_heap() throws Exception {
      SampleExpectation expected =
          SampleExports.write(home.path("inbox/big.ndjson.gz"), SampleOptions.of(200_000, 7));
      Path report = home.path("report.json");

      Program.Ended run =
          Program.run(
              List.of("-Xmx96m"),
              "run",
              "--once",
              "--local",
              "--report",
              report.toString(),
              "--home",
              homeFolder());

      assertThat(run.status()).as(run.err()).isEqualTo(3);
      assertThat(JSON.readTree(report.toFile()).path("destinations"))
          .isEqualTo(JSON.readTree(expected.toJson()).path("destinations"));
    }
  }

  @Nested
  class Signals {
    @Test
    void sigterm_settles_what_is_in_flight_and_ends_with_0() throws Exception {
      try (Program run =
          Program.start(List.of("-Xmx256m"), "run", "--local", "--home", homeFolder())) {
        home.export("one.ndjson", Profiles.prospect("a"));
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> home.list("done").contains("one.ndjson"));
        run.terminate();

        Program.Ended ended = run.await();
        assertThat(ended.status()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("prospects");
      }
    }

    @Test
    void sigterm_during_the_start_ends_with_0_and_without_a_stack_trace() throws Exception {
      for (int millis = 100; millis <= 1_500; millis += 200) {
        try (Program run =
            Program.start(List.of("-Xmx256m"), "run", "--local", "--home", homeFolder())) {
          assertThat(run.endsWithin(Duration.ofMillis(millis))).isFalse();
          run.terminate();

          Program.Ended ended = run.await();
          assertThat(ended.status()).as("after %d ms:%n%s", millis, ended.err()).isIn(0, 143);
          assertThat(ended.err()).doesNotContain("\tat ");
        }
      }
    }

    @Test
    void sigterm_in_the_middle_of_a_file_settles_what_is_in_flight_and_keeps_the_file()
        throws Exception {
      Path inbox = home.path("inbox/big.ndjson");
      Files.write(
          inbox, IntStream.range(0, 200_000).mapToObj(i -> Profiles.prospect("p" + i)).toList());
      try (LocalKinesis kinesis =
          LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2))) {
        deliverTo(kinesis.endpoint().toString());
        Path report = home.path("report.json");
        try (Program run =
            Program.start(
                List.of("-Xmx256m"),
                "run",
                "--home",
                homeFolder(),
                "--report",
                report.toString())) {
          await()
              .atMost(Duration.ofSeconds(60))
              .pollInterval(Duration.ofMillis(5))
              .until(() -> kinesis.recordCount() > 3_000);
          run.terminate();

          Program.Ended ended = run.await();
          assertThat(ended.status()).as(ended.out() + ended.err()).isZero();
          JsonNode outcomes = JSON.readTree(report.toFile()).at("/destinations/prospects");
          assertThat(outcomes.path("delivered").asLong())
              .isEqualTo(outcomes.path("received").asLong())
              .isEqualTo(kinesis.recordCount());
          assertThat(inbox).exists();
          String version = JSON.readTree(report.toFile()).at("/configuration/version").asText();
          assertThat(ended.err()).contains("configuration " + version + " is in force");
        }
      }
    }

    @Test
    void a_file_that_is_still_being_written_is_not_picked_up() throws Exception {
      home.setting("files.settleMillis", "3000");
      try (Program run =
          Program.start(List.of("-Xmx256m"), "run", "--local", "--home", homeFolder())) {
        Path file = home.path("inbox/slow.ndjson");
        for (int i = 0; i < 6; i++) {
          append(file, Profiles.prospect("p" + i) + "\n");
          int written = i;
          await()
              .pollDelay(Duration.ofMillis(900))
              .atMost(Duration.ofSeconds(5))
              .untilAsserted(
                  () -> assertThat(Files.exists(file)).as("after line %s", written).isTrue());
        }
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> home.list("done").contains("slow.ndjson"));
        run.terminate();
        assertThat(run.await().out()).containsPattern("prospects +6 +6 ");
      }
    }

    @Test
    void records_that_an_outage_holds_up_are_returned_and_the_file_stays() throws Exception {
      deliverTo("http://127.0.0.1:1");
      home.setting("camel.main.shutdownTimeout", "2");
      home.export("one.ndjson", Profiles.prospect("a"), Profiles.refusing("b"));
      Path report = home.path("report.json");

      try (Program run =
          Program.start(
              List.of("-Xmx256m"),
              "run",
              "--once",
              "--home",
              homeFolder(),
              "--report",
              report.toString())) {
        await().atMost(Duration.ofSeconds(60)).until(() -> run.err().contains("prospects-events"));
        run.terminate();

        Program.Ended ended = run.await();
        assertThat(ended.status()).as(ended.err()).isEqualTo(5);
        JsonNode outcomes = JSON.readTree(report.toFile()).at("/destinations/prospects");
        assertThat(outcomes.path("received").asInt()).isEqualTo(2);
        assertThat(outcomes.path("returned").asInt()).isEqualTo(1);
        assertThat(outcomes.path("excluded").asInt()).isEqualTo(1);
        assertThat(home.list("inbox")).containsExactly("one.ndjson");
        assertThat(home.list("dead-letter")).isEmpty();
      }
    }

    @Test
    void a_dead_letter_that_cannot_be_written_keeps_the_file_in_the_inbox() throws Exception {
      home.write("dead-letter/absent", "a file where the folder should be");
      home.edit(
          "routes/dead-letter.camel.yaml",
          "\"{{deadLetter.directory}}\"",
          "\"{{deadLetter.directory}}/absent\"");
      home.setting("camel.main.shutdownTimeout", "2");
      home.export("bad.ndjson", "nonsense", Profiles.prospect("a"));

      try (Program run =
          Program.start(List.of("-Xmx256m"), "run", "--local", "--home", homeFolder())) {
        await().atMost(Duration.ofSeconds(60)).until(() -> run.err().contains("dead-letter"));
        run.terminate();

        Program.Ended ended = run.await();
        assertThat(ended.status()).as(ended.err()).isEqualTo(5);
        assertThat(home.list("inbox")).containsExactly("bad.ndjson");
      }
    }

    private void deliverTo(String endpoint) {
      home.edit("destinations/prospects.yaml", "stream:", "stream:\n  endpoint: " + endpoint);
      home.edit(
          "destinations/prospects.yaml",
          "type: default",
          "type: static\n  accessKeyId: local\n  secretAccessKey: local");
    }

    private static void append(Path file, String text) {
      try {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Nested
  class Usage {
    @Test
    void a_home_without_properties_is_named() throws Exception {
      Program.Ended run = Program.run("run", "--home", home.path("routes").toString());

      assertThat(run.status()).isEqualTo(2);
      assertThat(run.err()).contains("--home").doesNotContain("Exception");
    }

    @Test
    void an_unknown_command_ends_with_2() throws Exception {
      assertThat(Program.run("fly").status()).isEqualTo(2);
    }
  }
}
