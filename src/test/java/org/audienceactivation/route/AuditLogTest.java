package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was withheld is written down, without anybody's data, before its source is acknowledged. */
class AuditLogTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = "a-key-for-the-tests";

  /** Not in the export: the e-mail of the identity that refuses. */
  private static final String PARTLY_REFUSING =
      Profiles.prospect("part")
          .replace(
              "\"ecid\":[{\"id\":\"part\"}]",
              "\"ecid\":[{\"id\":\"part\"}],\"Email\":[{\"id\":\"x@example.com\"},{\"id\":\"y@example.com\"}]")
          .replace(
              "\"consents\":{",
              "\"consents\":{\"idSpecific\":{\"Email\":{\"x@example.com\":{\"share\":{\"val\":\"n\"}}}},");

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() {
    home = TestHome.shippedIn(folder);
    home.setting("governance.audit.file", "{{activation.home}}/audit/audit.ndjson");
    home.setting("governance.audit.key", KEY);
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private Activation startOnce() {
    return Activation.start(
        home.home(),
        ActivationOptions.of(new ActivationOptions.Sources.Once())
            .withKinesisEndpoint(kinesis.endpoint()));
  }

  private Totals run() throws InterruptedException {
    try (Activation activation = startOnce()) {
      activation.awaitNothingLeft();
      activation.stop();
      OutcomeReport report = activation.report();
      assertThat(report.addsUp()).isTrue();
      return report.destinations().get("prospects");
    }
  }

  private List<JsonNode> log() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : home.read("audit/audit.ndjson").lines().toList()) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  @Test
  void it_says_who_was_withheld_from_where_by_which_rule_and_where_the_record_stands()
      throws Exception {
    home.export("one.ndjson", Profiles.prospect("a"), Profiles.refusing("secretive"));

    run();

    JsonNode line = log().get(0);
    assertThat(log()).hasSize(1);
    assertThat(line.path("destination").asText()).isEqualTo("prospects");
    assertThat(line.path("withheld").asText()).isEqualTo("profile");
    assertThat(line.path("reason").asText()).isEqualTo("consent-refused");
    assertThat(line.path("subject").asText()).isEqualTo("consents.share");
    assertThat(line.path("policy").path("id").asText()).isEqualTo("consent");
    assertThat(line.path("path").asText()).isEqualTo("consents.share.val");
    assertThat(line.path("answer").asText()).isEqualTo("no");
    assertThat(line.path("source").path("name").asText()).contains("one.ndjson");
    assertThat(line.path("source").path("line").asInt()).isEqualTo(2);
    assertThat(line.path("identities").get(0).path("hmac").asText())
        .isEqualTo(hmac("ecid", "secretive"));
  }

  private static String hmac(String namespace, String id) {
    return IdentityHash.with(IdentityHash.key(KEY)).of(namespace, id);
  }

  /** Labels and one policy, in force for the destination as the argument says. */
  private void enforce(String enforcement) {
    home.write(
        "governance/rules.yaml",
        """
        labels:
          fields: {person.email: [I1], person.taxId: [C12]}
          namespaces: {email: [I1]}
        policies:
          - {id: no-names, version: 7, status: ENABLED, marketingActions: [exportToThirdParty], deny: {label: I1}}
        """);
    home.enforcement(enforcement);
    home.edit("destinations/prospects.yaml", "  - person.email", "  - person");
  }

  private static String part(String part, String path) {
    return """
        {"part":"%s","reason":"label-policy","policy":{"id":"no-names","version":"7"},"path":"%s","labels":["I1"]}"""
        .formatted(part, path);
  }

  @Test
  void what_a_policy_for_labels_left_out_has_one_line_a_profile_however_many_parts()
      throws Exception {
    enforce("strip");
    home.export("one.ndjson", Profiles.prospect("whole"), PARTLY_REFUSING);

    run();

    assertThat(log()).hasSize(2);
    JsonNode attribute = JSON.readTree(part("attribute person.email", "person.email"));
    JsonNode identities = JSON.readTree(part("identities email", "identityMap.email"));
    assertThat(log().get(0).path("withheld").asText()).isEqualTo("parts");
    assertThat(log().get(0).path("leftOut")).containsExactly(attribute);
    assertThat(log().get(0).path("source").path("line").asInt()).isEqualTo(1);
    assertThat(log().get(0).path("identities").get(0).path("hmac").asText())
        .isEqualTo(hmac("ecid", "whole"));
    JsonNode both = log().get(1);
    assertThat(both.path("leftOut")).hasSize(3);
    assertThat(both.path("leftOut").get(0).path("reason").asText()).isEqualTo("identity-refused");
    assertThat(both.path("leftOut").get(1)).isEqualTo(attribute);
    assertThat(both.path("leftOut").get(2)).isEqualTo(identities);
    assertThat(both.path("identities"))
        .extracting(one -> one.path("hmac").asText())
        .as("who was left out is found, too")
        .contains(hmac("email", "x@example.com"), hmac("email", "y@example.com"));
  }

  @Test
  void what_is_only_audited_is_written_down_as_what_would_have_been_left_out() throws Exception {
    enforce("audit");
    home.export("one.ndjson", Profiles.prospect("a"));

    Totals totals = run();

    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1);
    JsonNode line = log().get(0);
    assertThat(line.path("withheld").asText()).isEqualTo("nothing");
    assertThat(line.has("leftOut")).isFalse();
    assertThat(line.path("audited"))
        .containsExactly(JSON.readTree(part("attribute person.email", "person.email")));
  }

  @Test
  void who_would_be_excluded_if_policies_were_enforced_is_written_down_as_a_whole()
      throws Exception {
    enforce("audit");
    home.edit("governance/rules.yaml", "namespaces: {email: [I1]}", "namespaces: {'*': [I1]}");
    home.export("one.ndjson", Profiles.prospect("a"));

    Totals totals = run();

    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1);
    assertThat(totals.audited())
        .containsExactly(java.util.Map.entry("no-identity-allowed:no-names", 1L));
    JsonNode line = log().get(0);
    assertThat(line.path("withheld").asText()).isEqualTo("nothing");
    assertThat(line.path("audited"))
        .containsExactly(
            JSON.readTree(
                """
                {"part":"profile","reason":"no-identity-allowed","subject":"no-names",\
                "policy":{"id":"no-names","version":"7"},"path":"identityMap",\
                "answer":"must not be sent"}"""));
    assertThat(schema().validate(line)).isEmpty();
  }

  @Test
  void a_part_names_a_bounded_number_of_labels() throws Exception {
    StringBuilder custom = new StringBuilder("customLabels: {");
    StringBuilder denied = new StringBuilder();
    for (int i = 10; i < 25; i++) {
      custom.append("X").append(i).append(": x, ");
      denied.append(", {label: X").append(i).append("}");
    }
    enforce("strip");
    home.write(
        "governance/rules.yaml",
        custom
            + "Y: y}\nlabels: {fields: {person.email: ["
            + denied.substring(2).replace("{label: ", "").replace("}", "")
            + "]}}\npolicies:\n  - {id: p, status: ENABLED, marketingActions: [exportToThirdParty],"
            + " deny: {operator: OR, operands: ["
            + denied.substring(2)
            + "]}}\n");
    home.export("one.ndjson", Profiles.prospect("a"));

    run();

    assertThat(log().get(0).path("leftOut").get(0).path("labels")).hasSize(10);
    assertThat(schema().validate(log().get(0))).isEmpty();
  }

  @Test
  void c12_is_left_out_beside_what_is_only_audited_and_one_line_tells_both() throws Exception {
    enforce("audit");
    home.export(
        "one.ndjson",
        Profiles.prospect("a").replace("\"person\":{", "\"person\":{\"taxId\":\"secretive\","));

    run();

    assertThat(log()).hasSize(1);
    assertThat(log().get(0).path("withheld").asText()).isEqualTo("parts");
    assertThat(log().get(0).path("leftOut"))
        .containsExactly(
            JSON.readTree(
                """
                {"part":"attribute person.taxId","reason":"label-c12",\
                "policy":{"id":"C12","version":""},"path":"person.taxId","labels":["C12"]}"""));
    assertThat(log().get(0).path("audited")).hasSize(1);
    assertThat(home.read("audit/audit.ndjson")).doesNotContain("secretive");
  }

  @Test
  void a_profile_of_very_many_identities_and_parts_has_a_line_that_ends() throws Exception {
    StringBuilder identities = new StringBuilder();
    StringBuilder refusals = new StringBuilder();
    for (int i = 0; i < 80; i++) {
      identities.append(",{\"id\":\"n").append(i).append("\"}");
      refusals.append(",\"n").append(i).append("\":{\"share\":{\"val\":\"n\"}}");
    }
    enforce("strip");
    home.export(
        "one.ndjson",
        Profiles.prospect("many")
            .replace("{\"id\":\"many\"}", "{\"id\":\"many\"}" + identities)
            .replace(
                "\"consents\":{",
                "\"consents\":{\"idSpecific\":{\"ecid\":{" + refusals.substring(1) + "}},"));

    run();

    JsonNode line = log().get(0);
    assertThat(line.path("identities")).hasSize(50);
    assertThat(line.path("moreIdentities").asInt()).isEqualTo(31);
    assertThat(line.path("leftOut")).hasSize(50);
    assertThat(line.path("moreLeftOut").asInt())
        .as("30 identities, and the attribute")
        .isEqualTo(31);
    assertThat(home.read("audit/audit.ndjson")).hasSizeLessThan(25_000);
    assertThat(schema().validate(line)).isEmpty();
  }

  @Test
  void an_identity_that_is_left_out_has_a_line_and_is_counted_beside_the_outcomes()
      throws Exception {
    home.export("one.ndjson", PARTLY_REFUSING);

    Totals totals = run();

    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1);
    assertThat(totals.withheld())
        .containsExactly(java.util.Map.entry("identity-refused:consents.share", 1L));
    assertThat(log()).hasSize(1);
    JsonNode line = log().get(0);
    assertThat(line.path("withheld").asText()).isEqualTo("parts");
    assertThat(line.path("leftOut")).hasSize(1);
    JsonNode part = line.path("leftOut").get(0);
    assertThat(part.path("part").asText()).isEqualTo("identity");
    assertThat(part.path("namespace").asText()).isEqualTo("email");
    assertThat(part.path("hmac").asText()).isEqualTo(hmac("email", "x@example.com"));
    assertThat(part.path("reason").asText()).isEqualTo("identity-refused");
    assertThat(part.path("subject").asText()).isEqualTo("consents.share");
    assertThat(part.path("policy").path("id").asText()).isEqualTo("consent");
    assertThat(part.path("path").asText()).isEqualTo("consents.idSpecific.*.*.share.val");
    assertThat(part.path("answer").asText()).isEqualTo("no");
    assertThat(line.path("identities"))
        .extracting(one -> one.path("hmac").asText())
        .containsExactlyInAnyOrder(
            hmac("ecid", "part"), hmac("email", "x@example.com"), hmac("email", "y@example.com"));
    List<String> sent = new ArrayList<>();
    kinesis.forEachRecord(record -> sent.add(new String(record.data(), StandardCharsets.UTF_8)));
    assertThat(sent)
        .singleElement()
        .asString()
        .contains("y@example.com")
        .doesNotContain("x@example.com");
  }

  @Test
  void every_line_is_as_the_published_schema_says_and_shows_no_identity() throws Exception {
    home.export("one.ndjson", PARTLY_REFUSING, Profiles.refusing("secretive"));
    run();
    enforce("strip");
    home.export("two.ndjson", PARTLY_REFUSING, Profiles.refusing("secretive"));
    run();
    home.edit("destinations/prospects.yaml", "enforcement: strip", "enforcement: audit");
    home.export("three.ndjson", PARTLY_REFUSING, Profiles.prospect("secretive"));
    run();

    assertThat(log())
        .extracting(line -> line.path("withheld").asText())
        .containsExactly("parts", "profile", "parts", "profile", "parts", "nothing");
    assertThat(log()).allSatisfy(line -> assertThat(schema().validate(line)).isEmpty());
    assertThat(home.read("audit/audit.ndjson"))
        .doesNotContain("secretive")
        .doesNotContain("example.com");
  }

  @Test
  void of_what_is_not_sent_for_another_reason_no_parts_are_left_out() throws Exception {
    home.edit("destinations/prospects.yaml", "  - person.email", "  - person.email.never");
    home.export("one.ndjson", PARTLY_REFUSING);

    Totals totals = run();

    assertThat(totals.reasons()).containsExactly(java.util.Map.entry("wrong-type", 1L));
    assertThat(totals.withheld()).isEmpty();
    assertThat(home.read("audit/audit.ndjson")).isEmpty();
  }

  @Test
  void a_key_that_looks_like_no_namespace_is_not_shown() throws Exception {
    home.export(
        "one.ndjson", Profiles.refusing("a").replace("\"ecid\"", "\"someone@example.com\""));

    run();

    assertThat(log()).hasSize(1);
    assertThat(log().get(0).at("/identities").toString()).contains("\"namespace\":\"?\"");
    assertThat(home.read("audit/audit.ndjson")).doesNotContain("someone");
    assertThat(schema().validate(log().get(0))).isEmpty();
  }

  private static JsonSchema schema() throws IOException {
    return JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(Files.readString(Path.of("schemas/audit.schema.json")));
  }

  @Test
  void who_is_in_no_mapped_audience_and_what_is_rejected_is_not_in_it() throws Exception {
    home.export("one.ndjson", Profiles.inNoMappedAudience("a"), "nonsense");

    run();

    assertThat(home.read("audit/audit.ndjson")).isEmpty();
  }

  @Test
  void without_a_key_the_hashes_of_two_runs_differ() throws Exception {
    home.setting("governance.audit.key", "");
    home.export("one.ndjson", Profiles.refusing("a"));
    run();
    home.export("two.ndjson", Profiles.refusing("a"));
    run();

    assertThat(log())
        .extracting(line -> line.path("identities").get(0).path("hmac").asText())
        .hasSize(2)
        .doesNotHaveDuplicates();
  }

  @Test
  void by_default_there_is_none() throws Exception {
    home.setting("governance.audit.file", "");
    home.export("one.ndjson", Profiles.refusing("a"));

    assertThat(run().of(Outcome.EXCLUDED)).isEqualTo(1);
    assertThat(home.path("audit")).doesNotExist();
  }

  @Test
  void a_file_that_cannot_be_written_stops_the_start() {
    home.write("audit", "a file where the folder should be");

    assertThatThrownBy(this::startOnce)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("governance.audit.file: ");
  }

  @Test
  void a_log_that_another_run_writes_is_not_taken_from_it() {
    try (Activation first = startOnce()) {
      assertThat(first.destinations()).isNotEmpty();
      assertThatThrownBy(this::startOnce)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("another process");
    }
  }

  @Test
  void a_short_key_is_refused_and_not_shown() {
    home.setting("governance.audit.key", "too-short");

    assertThatThrownBy(this::startOnce)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "governance.audit.key: the value is not allowed; allowed: empty, or at least 16 characters")
        .hasMessageNotContaining("too-short");
  }

  /** The next file cannot take its name: what a full disk is to a write, this is to a rotation. */
  @Test
  void a_log_that_cannot_be_written_holds_the_source_up_until_it_can() throws Exception {
    home.setting("governance.audit.maxBytes", "100");
    home.setting("governance.audit.maxFiles", "2");
    home.export("one.ndjson", Profiles.refusing("a"));
    run();
    home.write("audit/audit.ndjson.1/occupied", "x");
    home.export("two.ndjson", Profiles.refusing("b"));

    try (Activation activation = startOnce()) {
      Awaitility.await()
          .during(Duration.ofSeconds(2))
          .atMost(Duration.ofSeconds(60))
          .until(() -> home.list("inbox").contains("two.ndjson"));
      assertThat(activation.report().count(Outcome.EXCLUDED)).isZero();
      Files.delete(home.path("audit/audit.ndjson.1/occupied"));
      activation.awaitNothingLeft();
      activation.stop();
      assertThat(activation.report().count(Outcome.EXCLUDED)).isEqualTo(1);
    }
    assertThat(log()).hasSize(1);
    assertThat(home.list("inbox")).isEmpty();
  }

  @Test
  void a_stop_while_it_cannot_be_written_gives_the_records_back() throws Exception {
    home.setting("governance.audit.maxBytes", "100");
    home.setting("governance.audit.maxFiles", "2");
    home.export("one.ndjson", Profiles.refusing("a"));
    run();
    home.write("audit/audit.ndjson.1/occupied", "x");
    home.export("two.ndjson", Profiles.refusing("b"));

    try (Activation activation = startOnce()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> activation.report().destinations().get("prospects").received() == 1);
      activation.stop();

      assertThat(activation.report().count(Outcome.RETURNED)).isEqualTo(1);
      assertThat(activation.report().addsUp()).isTrue();
    }
    assertThat(home.list("inbox")).contains("two.ndjson");
  }
}
