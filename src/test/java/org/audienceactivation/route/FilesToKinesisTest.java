package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.localkinesis.StoredRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job as its user sees it: files in the inbox, events in the stream, books that add up.
 */
class FilesToKinesisTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() {
    home = TestHome.shippedIn(folder);
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private OutcomeReport runOnce() throws InterruptedException {
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Once())
            .withKinesisEndpoint(kinesis.endpoint());
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.awaitNothingLeft();
      activation.stop();
      return activation.report();
    }
  }

  private Totals runProspects() throws InterruptedException {
    OutcomeReport report = runOnce();
    assertThat(report.addsUp()).isTrue();
    return report.destinations().get("prospects");
  }

  private List<String> eventsIn(String stream) {
    List<String> events = new ArrayList<>();
    kinesis.forEachRecord(
        record -> {
          if (record.stream().equals(stream)) {
            events.add(new String(record.data(), StandardCharsets.UTF_8));
          }
        });
    return events;
  }

  private static byte[] gzip(String text) throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  private static String[] prospects(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> Profiles.prospect("p" + i))
        .toArray(String[]::new);
  }

  @Nested
  class Events {
    @Test
    void a_profile_becomes_its_event_under_its_first_identity_as_partition_key() throws Exception {
      home.export("one.ndjson", Profiles.prospect("ada"));

      assertThat(runProspects().of(Outcome.DELIVERED)).isEqualTo(1);
      assertThat(eventsIn("prospects-events")).containsExactly(Profiles.event("ada"));
      List<StoredRecord> stored = new ArrayList<>();
      kinesis.forEachRecord(stored::add);
      assertThat(stored.get(0).partitionKey()).isEqualTo("ada");
    }

    @Test
    void every_file_name_of_an_export_is_taken_and_others_are_left() throws Exception {
      home.export("a.ndjson", Profiles.prospect("a")).export("b.jsonl", Profiles.prospect("b"));
      home.write("inbox/c.ndjson.gz", gzip(Profiles.prospect("c")));
      home.write("inbox/d.jsonl.gz", gzip(Profiles.prospect("d")));
      home.export("e.ndjson.part", Profiles.prospect("e"));

      assertThat(runProspects().of(Outcome.DELIVERED)).isEqualTo(4);
      assertThat(home.list("inbox")).containsExactly("e.ndjson.part");
      assertThat(home.list("done"))
          .containsExactly("a.ndjson", "b.jsonl", "c.ndjson.gz", "d.jsonl.gz");
    }

    @Test
    void each_event_of_many_batches_arrives_once() throws Exception {
      home.export("many.ndjson", prospects(2_600));

      assertThat(runProspects().of(Outcome.DELIVERED)).isEqualTo(2_600);
      assertThat(eventsIn("prospects-events"))
          .hasSize(2_600)
          .containsExactlyInAnyOrderElementsOf(
              IntStream.range(0, 2_600).mapToObj(i -> Profiles.event("p" + i)).toList());
    }

    @Test
    void several_destinations_are_fed_from_one_input_each_with_its_own_stream_and_region()
        throws Exception {
      home.destination(
          "everyone",
          """
          stream: {name: everyone-events, region: us-west-2}
          audiences: all
          attributes: []
          """);
      home.export("two.ndjson", Profiles.prospect("a"), Profiles.inNoMappedAudience("b"));

      OutcomeReport report = runOnce();

      assertThat(report.destinations().get("everyone").of(Outcome.DELIVERED)).isEqualTo(2);
      assertThat(report.destinations().get("prospects").of(Outcome.DELIVERED)).isEqualTo(1);
      List<String> regions = new ArrayList<>();
      kinesis.forEachRecord(record -> regions.add(record.stream() + " " + record.region()));
      assertThat(regions)
          .containsExactlyInAnyOrder(
              "everyone-events us-west-2",
              "everyone-events us-west-2",
              "prospects-events eu-west-1");
    }
  }

  @Nested
  class Outcomes {
    @Test
    void every_record_has_exactly_one_outcome_with_its_reason() throws Exception {
      home.export(
          "mixed.ndjson",
          Profiles.prospect("good"),
          Profiles.refusing("private"),
          Profiles.inNoMappedAudience("elsewhere"),
          Profiles.withoutIdentity(),
          "{\"person\":",
          "[]",
          "",
          "{\"segmentMembership\":\"none\",\"identityMap\":{\"ecid\":[{\"id\":\"x\"}]}}");

      Totals totals = runProspects();

      assertThat(totals.received()).isEqualTo(7);
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1);
      assertThat(totals.of(Outcome.EXCLUDED)).isEqualTo(2);
      assertThat(totals.of(Outcome.REJECTED)).isEqualTo(4);
      assertThat(totals.reasons())
          .containsEntry("consent-refused:consents.share", 1L)
          .containsEntry("not-in-mapped-audience", 1L)
          .containsEntry("no-identity", 1L)
          .containsEntry("malformed-json", 1L)
          .containsEntry("wrong-type", 2L);
    }

    @Test
    void a_truncated_gzip_costs_one_rejected_record_and_no_good_one() throws Exception {
      byte[] whole = gzip(String.join("\n", prospects(3_000)));
      home.write("inbox/cut.ndjson.gz", Arrays.copyOf(whole, whole.length / 2));

      Totals totals = runProspects();

      assertThat(totals.of(Outcome.REJECTED)).isEqualTo(1);
      assertThat(totals.reasons()).containsOnlyKeys("unreadable-input");
      assertThat(totals.of(Outcome.DELIVERED)).isGreaterThan(1_000);
      assertThat(home.list("done")).containsExactly("cut.ndjson.gz");
    }

    @Test
    void an_event_above_the_record_limit_goes_alone_to_the_dead_letter() throws Exception {
      String fat =
          Profiles.prospect("fat")
              .replace("fat@example.com", "x".repeat(600_000) + "é".repeat(250_000));
      home.export("fat.ndjson", Profiles.prospect("a"), fat, Profiles.prospect("b"));
      home.setting("files.maxRecordBytes", "3000000");
      kinesis.createStream("eu-west-1", "prospects-events", 2); // it is asked for its limit

      Totals totals = runProspects();

      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(2);
      assertThat(totals.reasons()).containsExactly(java.util.Map.entry("record-too-large", 1L));
      JsonNode letter = JSON.readTree(home.lines("dead-letter").get(0));
      assertThat(letter.path("outcome").asText()).isEqualTo("deadLettered");
      assertThat(letter.at("/source/line").asInt()).isEqualTo(2);
      assertThat(letter.at("/raw/data").asText()).isEqualTo(fat);
    }

    @Test
    void an_empty_file_is_done() throws Exception {
      home.write("inbox/empty.ndjson", "");

      assertThat(runProspects().received()).isZero();
      assertThat(home.list("done")).containsExactly("empty.ndjson");
    }

    @Test
    void a_done_file_of_the_same_name_is_kept() throws Exception {
      home.write("done/one.ndjson", "the first");
      home.export("one.ndjson", Profiles.prospect("a"));

      runProspects();

      assertThat(home.read("done/one.ndjson")).isEqualTo("the first");
      assertThat(home.list("done")).hasSize(2).allMatch(name -> name.endsWith(".ndjson"));
    }
  }

  @Nested
  class DeadLetters {
    @Test
    void a_rejected_record_is_kept_with_its_raw_bytes_whatever_they_are() throws Exception {
      byte[] line = {'{', '"', (byte) 0xff, '"', '}', '\n'};
      home.write("inbox/bytes.ndjson", line);

      runProspects();

      JsonNode letter = JSON.readTree(home.lines("dead-letter").get(0));
      assertThat(letter.path("reason").asText()).isEqualTo("invalid-utf8");
      assertThat(letter.at("/raw/encoding").asText()).isEqualTo("base64");
      assertThat(letter.at("/raw/data").binaryValue()).isEqualTo(Arrays.copyOf(line, 5));
    }

    @Test
    void an_undecodable_record_has_one_dead_letter_for_all_destinations() throws Exception {
      home.destination(
          "everyone", "stream: {name: e, region: us-west-2}\naudiences: all\nattributes: []\n");
      home.export("bad.ndjson", "nonsense");

      OutcomeReport report = runOnce();

      assertThat(report.destinations().values())
          .allSatisfy(totals -> assertThat(totals.of(Outcome.REJECTED)).isEqualTo(1));
      assertThat(home.lines("dead-letter")).hasSize(1);
      assertThat(JSON.readTree(home.lines("dead-letter").get(0)).path("destinations"))
          .map(JsonNode::asText)
          .containsExactly("everyone", "prospects");
    }

    @Test
    void documents_follow_the_published_schema() throws Exception {
      home.export("bad.ndjson", "nonsense", Profiles.withoutIdentity(), "[]");
      home.write("inbox/bytes.ndjson", new byte[] {(byte) 0xff, '\n'});

      runProspects();

      var schema =
          com.networknt.schema.JsonSchemaFactory.getInstance(
                  com.networknt.schema.SpecVersion.VersionFlag.V202012)
              .getSchema(Files.readString(Path.of("schemas/dead-letter.schema.json")));
      assertThat(home.lines("dead-letter"))
          .hasSize(4)
          .allSatisfy(line -> assertThat(schema.validate(JSON.readTree(line))).isEmpty());
    }

    @Test
    void an_id_names_one_document() throws Exception {
      home.export("bad.ndjson", "nonsense", "nonsense", "nonsense");

      runProspects();

      Set<String> ids = new java.util.HashSet<>();
      for (String line : home.lines("dead-letter")) {
        ids.add(JSON.readTree(line).path("id").asText());
      }
      assertThat(ids).hasSize(3);
    }
  }

  @Nested
  class Enrichment {
    @Test
    void nothing_is_added_by_default() throws Exception {
      String profile =
          Profiles.prospect("a")
              .replace("\"ecid\":", "\"Email\":[{\"id\":\"A@Example.com \"}],\"ecid\":");
      home.export("one.ndjson", profile);

      runProspects();

      assertThat(eventsIn("prospects-events").get(0))
          .contains(
              "\"identityMap\":{\"Email\":[{\"id\":\"A@Example.com \"}],\"ecid\":[{\"id\":\"a\"}]}");
    }

    @Test
    void namespaces_and_hashes_are_added_when_they_are_switched_on() throws Exception {
      home.setting("enrichment.normalizeNamespaces", "true")
          .setting("enrichment.emailSha256", "true")
          .setting("enrichment.phoneSha256", "true")
          .setting("enrichment.phonePaths", "mobilePhone.number")
          .setting("enrichment.phoneRegion", "FR");
      String profile =
          Profiles.prospect("a")
              .replace("\"ecid\":", "\"Email\":[{\"id\":\" A@Example.com \"}],\"ECID\":")
              .replace(
                  "{\"person\"", "{\"mobilePhone\":{\"number\":\"01 99 00 12 34\"},\"person\"");
      home.export("one.ndjson", profile);

      runProspects();

      JsonNode identities = JSON.readTree(eventsIn("prospects-events").get(0)).path("identityMap");
      assertThat(identities.at("/ecid/0/id").asText()).isEqualTo("a");
      assertThat(identities.at("/email_lc_sha256/0/id").asText())
          .isEqualTo(Hashes.sha256("a@example.com"));
      assertThat(identities.at("/phone_sha256_e.164/0/id").asText())
          .isEqualTo(Hashes.sha256("+33199001234"));
    }

    @Test
    void a_step_of_the_user_that_fails_for_good_rejects_its_batch_only() throws Exception {
      home.setting("enrichment.redeliveries", "0");
      home.edit(
          "routes/enrich.camel.yaml",
          "        - process:\n            id: enrich-namespaces",
          """
                  - throwException:
                      id: broken
                      exceptionType: java.lang.IllegalStateException
                      message: broken
                  - process:
                      id: enrich-namespaces\
          """);
      home.export("two.ndjson", Profiles.prospect("a"), "nonsense");

      Totals totals = runProspects();

      assertThat(totals.reasons())
          .containsEntry("step-failed", 1L)
          .containsEntry("malformed-json", 1L);
      assertThat(home.lines("dead-letter")).hasSize(2);
      assertThat(home.list("done")).containsExactly("two.ndjson");
    }
  }
}
