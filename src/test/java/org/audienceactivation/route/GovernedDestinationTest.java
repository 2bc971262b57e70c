package org.audienceactivation.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.config.Problem;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.localkinesis.StoredRecord;
import org.audienceactivation.profile.RawRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies as their author sees them: validate, preview and run say and do the same. */
class GovernedDestinationTest {

  private static final String RULES =
      """
      labels:
        fields:
          person.email: [I1]
        namespaces:
          email: [I1]
        audiences:
          - id: %s
            labels: [C2]
      enabledCorePolicies: [core-c2-no-third-party]
      policies:
        - id: no-names
          version: 7
          status: ENABLED
          marketingActions: [exportToThirdParty]
          deny: {label: I1}
      """
          .formatted(Profiles.OTHER_AUDIENCE);

  private static final String EVERYTHING =
      """
      {"person":{"email":"ada@example.com"},"consents":{"share":{"val":"y"}},\
      "identityMap":{"Email":[{"id":"ada@example.org"}],"crm":[{"id":"17"}]},\
      "segmentMembership":{"ups":{"%s":{"status":"realized"},"%s":{"status":"realized"}}}}"""
          .formatted(Profiles.AUDIENCE, Profiles.OTHER_AUDIENCE);

  private static final String WHAT_MAY_LEAVE =
      """
      {"segmentMembership":{"ups":{"%s":{"status":"realized"}}},"identityMap":{"crm":[{"id":"17"}]}}"""
          .formatted(Profiles.AUDIENCE);

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() {
    home = TestHome.shippedIn(folder).write("governance/rules.yaml", RULES);
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(1));
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private void enforce(String enforcement) {
    home.enforcement(enforcement);
  }

  private Totals run() throws InterruptedException {
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Once())
            .withKinesisEndpoint(kinesis.endpoint());
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.awaitNothingLeft();
      activation.stop();
      OutcomeReport report = activation.report();
      assertThat(report.addsUp()).isTrue();
      return report.destinations().get("prospects");
    }
  }

  private List<StoredRecord> stored() {
    List<StoredRecord> stored = new ArrayList<>();
    kinesis.forEachRecord(stored::add);
    return stored;
  }

  /** The events, then what is said of each record. */
  private List<String> preview(String... profiles) {
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    ByteArrayOutputStream decisions = new ByteArrayOutputStream();
    ActivationOptions options =
        ActivationOptions.of(
            new ActivationOptions.Sources.Preview(
                "prospects",
                new PrintStream(events, true, UTF_8),
                new PrintStream(decisions, true, UTF_8)));
    try (Activation activation = Activation.start(home.home(), options)) {
      for (String profile : profiles) {
        activation.process("p", List.of(RawRecord.of("p", 1, profile.getBytes(UTF_8))));
      }
    }
    List<String> lines = new ArrayList<>(events.toString(UTF_8).lines().toList());
    lines.addAll(decisions.toString(UTF_8).lines().toList());
    return lines;
  }

  @Test
  void block_refuses_the_start_and_says_each_policy_the_lineage_and_the_remedies() {
    enforce("block");

    List<Problem> problems = Validation.of(home.home());

    int line =
        home.read("destinations/prospects.yaml")
                .lines()
                .toList()
                .indexOf("marketingActions: [exportToThirdParty]")
            + 1;
    assertThat(problems)
        .extracting(Problem::toString)
        .containsExactly(
            ("destinations/prospects.yaml:%d: marketingActions[0]: policy core-c2-no-third-party"
                    + " (\"C2: not to third parties\", version %s, built in) forbids"
                    + " exportToThirdParty of what carries C2: audience %s carries C2"
                    + " (governance/rules.yaml:7); remedies: leave out audience %s, which"
                    + " enforcement: strip does; or take away the marketing action; or change the"
                    + " labels or the policy")
                .formatted(
                    line, versionOfC2(problems), Profiles.OTHER_AUDIENCE, Profiles.OTHER_AUDIENCE),
            ("destinations/prospects.yaml:%d: marketingActions[0]: policy no-names (\"no-names\","
                    + " version 7, governance/rules.yaml:11) forbids exportToThirdParty of what"
                    + " carries I1: attribute person.email carries I1 (governance/rules.yaml:3),"
                    + " identities email carries I1 (governance/rules.yaml:5); remedies: leave out"
                    + " attribute person.email, identities email, which enforcement: strip does;"
                    + " or take away the marketing action; or change the labels or the policy")
                .formatted(line));
    home.export("one.ndjson", EVERYTHING);
    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            refused -> assertThat(refused.problems()).containsExactlyElementsOf(problems));
    assertThat(home.list("inbox")).containsExactly("one.ndjson");
  }

  private static String versionOfC2(List<Problem> problems) {
    return problems.get(0).message().replaceAll(".*version ([0-9a-f]{8}),.*", "$1");
  }

  @Test
  void strip_sends_what_may_leave_and_counts_the_rest() throws Exception {
    enforce("strip");
    String nameless = EVERYTHING.replace(",\"crm\":[{\"id\":\"17\"}]", "");
    String inTheOtherOnly =
        EVERYTHING.replace("\"" + Profiles.AUDIENCE + "\":{\"status\":\"realized\"},", "");
    home.export("some.ndjson", EVERYTHING, nameless, inTheOtherOnly);

    assertThat(Validation.of(home.home())).isEmpty();
    Totals totals = run();

    assertThat(stored()).hasSize(1);
    assertThat(new String(stored().get(0).data(), UTF_8)).isEqualTo(WHAT_MAY_LEAVE);
    assertThat(stored().get(0).partitionKey()).isEqualTo("17");
    assertThat(totals.of(Outcome.EXCLUDED)).isEqualTo(2);
    assertThat(totals.reasons())
        .isEqualTo(
            Map.of(
                "no-identity-allowed:no-names", 1L,
                "no-audience-allowed:core-c2-no-third-party", 1L));
    assertThat(totals.withheld())
        .isEqualTo(
            Map.of(
                "no-names:attribute person.email",
                1L,
                "no-names:identities email",
                1L,
                "core-c2-no-third-party:audience " + Profiles.OTHER_AUDIENCE,
                1L));
    assertThat(totals.audited()).isEmpty();
    assertThat(new OutcomeReport(Map.of("prospects", totals)).toTable())
        .contains("  left out, no-names:identities email: 1\n");
  }

  @Test
  void preview_shows_the_same_event_and_says_what_is_missing() {
    enforce("strip");

    assertThat(preview(EVERYTHING, EVERYTHING.replace(",\"crm\":[{\"id\":\"17\"}]", "")))
        .containsExactly(
            WHAT_MAY_LEAVE,
            "p:1: prospects: sent without attribute person.email (no-names), identities email"
                + " (no-names), audience "
                + Profiles.OTHER_AUDIENCE
                + " (core-c2-no-third-party)",
            "p:1: prospects: excluded no-identity-allowed:no-names");
  }

  /** Everything that strip counts, audit counts too, of the same profiles. */
  @Test
  void audit_counts_what_strip_would_do_also_to_whole_profiles() throws Exception {
    String nameless = EVERYTHING.replace(",\"crm\":[{\"id\":\"17\"}]", "");
    String inTheOtherOnly =
        EVERYTHING.replace("\"" + Profiles.AUDIENCE + "\":{\"status\":\"realized\"},", "");
    enforce("strip");
    home.export("some.ndjson", EVERYTHING, nameless, inTheOtherOnly);
    Totals stripped = run();
    home.edit("destinations/prospects.yaml", "enforcement: strip", "enforcement: audit");
    home.export("again.ndjson", EVERYTHING, nameless, inTheOtherOnly);

    Totals audited = run();

    Map<String, Long> all = new HashMap<>(stripped.withheld());
    all.putAll(stripped.reasons());
    assertThat(audited.audited()).isEqualTo(all);
    assertThat(audited.of(Outcome.DELIVERED)).isEqualTo(3);
    assertThat(new OutcomeReport(Map.of("prospects", audited)).toTable())
        .contains("  audited, no-identity-allowed:no-names: 1\n");
    assertThat(preview(nameless))
        .last()
        .isEqualTo("p:1: prospects: sent; audited: the profile (no-identity-allowed:no-names)");
  }

  @Test
  void audit_sends_everything_and_counts_what_strip_would_leave_out() throws Exception {
    enforce("audit");
    home.edit(
        "governance/rules.yaml", "person.email: [I1]", "person.email: [I1]\n    person.x: [C12]");
    home.edit("destinations/prospects.yaml", "  - person.email", "  - person");
    home.export("one.ndjson", EVERYTHING.replace("{\"email\"", "{\"x\":1,\"email\""));

    assertThat(Validation.of(home.home())).isEmpty();
    Totals totals = run();

    assertThat(new String(stored().get(0).data(), UTF_8))
        .contains("ada@example.com", "ada@example.org", Profiles.OTHER_AUDIENCE)
        .doesNotContain("\"x\"");
    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1);
    assertThat(totals.withheld()).isEqualTo(Map.of("C12:attribute person.x", 1L));
    assertThat(totals.audited())
        .isEqualTo(
            Map.of(
                "no-names:attribute person.email",
                1L,
                "no-names:identities email",
                1L,
                "core-c2-no-third-party:audience " + Profiles.OTHER_AUDIENCE,
                1L));
  }
}
