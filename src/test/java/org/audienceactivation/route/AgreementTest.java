package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.profile.RawRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code preview}, {@code explain}, {@code run} and its audit log agree on any profile. */
class AgreementTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Provide
  Arbitrary<List<String>> exports() {
    return profiles().list().ofMinSize(150).ofMaxSize(200);
  }

  private static Arbitrary<String> profiles() {
    Arbitrary<String> choice = Arbitraries.of("y", "n", "u", "LI", "?");
    return Combinators.combine(
            Arbitraries.of(
                List.of(Profiles.AUDIENCE),
                List.of("other"),
                List.of(Profiles.OTHER_AUDIENCE),
                List.of(Profiles.AUDIENCE, Profiles.OTHER_AUDIENCE)),
            Arbitraries.of("\"ecid\":[{\"id\":\"e\"}],", "\"crm\":[{\"id\":\"17\"}],"),
            choice,
            choice,
            choice,
            Arbitraries.integers().between(10, 30))
        .as(AgreementTest::profile);
  }

  private static String profile(
      List<String> audiences,
      String identity,
      String share,
      String email,
      String ofIdentity,
      int age) {
    String memberships =
        audiences.stream()
            .map(id -> "\"" + id + "\":{\"status\":\"realized\"}")
            .collect(Collectors.joining(","));
    return """
        {"person":{"email":"p@example.com"},"_acme":{"age":%d},\
        "identityMap":{%s"Email":[{"id":"refuses@example.com"}]},\
        "segmentMembership":{"ups":{%s}},\
        "consents":{"share":{"val":"%s"},"marketing":%s,\
        "idSpecific":{"Email":{"refuses@example.com":{"share":{"val":"%s"}}}}}}"""
        .formatted(age, identity, memberships, share, marketing(email), ofIdentity);
  }

  /** What nobody can read is there in another shape. */
  private static String marketing(String email) {
    return email.equals("?") ? "\"y\"" : "{\"email\":{\"val\":\"" + email + "\"}}";
  }

  @Property(tries = 3, shrinking = ShrinkingMode.OFF)
  void of_any_profiles(@ForAll("exports") List<String> profiles) throws Exception {
    Path folder = Files.createTempDirectory("agreement");
    try {
      agreed(home(folder), profiles);
    } finally {
      delete(folder);
    }
  }

  /**
   * Rules of every kind, each there or not, and another destination that asks and maps other
   * things.
   */
  @Provide
  Arbitrary<List<Consumer<TestHome>>> rules() {
    return Combinators.combine(
            Arbitraries.subsetOf(RULES.keySet()),
            Arbitraries.of("strip", "audit"),
            Arbitraries.of("allow", "deny"))
        .as(
            (chosen, enforcement, missing) -> {
              List<Consumer<TestHome>> edits = new ArrayList<>();
              edits.add(
                  home ->
                      home.edit(
                          "destinations/prospects.yaml",
                          "enforcement: strip",
                          "enforcement: " + enforcement));
              edits.add(
                  home ->
                      home.edit(
                          "destinations/prospects.yaml", "missing: allow", "missing: " + missing));
              chosen.forEach(rule -> edits.add(home -> home.write(rule, RULES.get(rule))));
              return edits;
            });
  }

  private static final Map<String, String> RULES =
      Map.of(
          "governance/consent/grown-up.yaml",
          "status: ENABLED\nthen: {path: _acme.age, greaterThan: 17}\n",
          "governance/consent/either.yaml",
          """
          status: ENABLED
          if: {marketingAction: exportToThirdParty}
          then:
            operator: OR
            operands:
              - {path: consents.marketing.email.val, equals: y}
              - {path: _acme.age, lessThan: 20}
          """,
          "governance/tree.yaml",
          """
          labels: {fields: {person: [I2]}, audiences: [{id: other, labels: [I2]}]}
          policies:
            - {id: no-person, status: ENABLED, marketingActions: [exportToThirdParty], deny: {label: I2}}
          """,
          "governance/pair.yaml",
          """
          labels: {fields: {"_acme.*": [S1]}, namespaces: {ecid: [S2]}}
          policies:
            - id: no-pair
              status: ENABLED
              marketingActions: [exportToThirdParty]
              deny: {operator: AND, operands: [{label: S1}, {label: S2}]}
          """,
          "governance/draft.yaml",
          """
          policies:
            - {id: later, status: DRAFT, marketingActions: [exportToThirdParty], deny: {label: C2}}
          """,
          "destinations/partners.yaml",
          """
          stream: {name: partners-events, region: eu-west-1}
          credentials: {type: static, accessKeyId: local, secretAccessKey: local}
          audiences: all
          attributes: [consents.marketing, person]
          consent: {require: [collect, marketing.sms], missing: deny}
          """);

  @Property(tries = 6, shrinking = ShrinkingMode.OFF)
  void of_any_profiles_under_any_rules(
      @ForAll("exports") List<String> profiles, @ForAll("rules") List<Consumer<TestHome>> rules)
      throws Exception {
    Path folder = Files.createTempDirectory("agreement");
    try {
      TestHome home = home(folder);
      rules.forEach(rule -> rule.accept(home));
      agreed(home, profiles);
    } finally {
      delete(folder);
    }
  }

  @Property(tries = 1, shrinking = ShrinkingMode.OFF)
  void of_any_profiles_where_policies_are_only_audited(@ForAll("exports") List<String> profiles)
      throws Exception {
    Path folder = Files.createTempDirectory("agreement");
    try {
      TestHome home = home(folder);
      home.edit("destinations/prospects.yaml", "enforcement: strip", "enforcement: audit");
      Run run = agreed(home, profiles);
      assertThat(run.totals().audited()).isNotEmpty();
    } finally {
      delete(folder);
    }
  }

  @Test
  void of_a_profile_from_which_labels_and_consents_each_take_something(@TempDir Path folder)
      throws Exception {
    List<String> both = List.of(Profiles.AUDIENCE, Profiles.OTHER_AUDIENCE);
    String email = "\"Email\":[{\"id\":\"asks@example.com\"},";
    String crm = "\"crm\":[{\"id\":\"17\"}],";
    String partly = profile(both, crm, "y", "y", "n", 30).replace("\"Email\":[", email);
    String byLabels = profile(both, crm, "y", "y", "n", 30);
    String byPolicy = profile(both, crm, "y", "y", "n", 16).replace("\"Email\":[", email);

    Run run = agreed(home(folder), List.of(partly, byLabels, byPolicy));

    assertThat(run.events())
        .containsExactly(
            """
            {"segmentMembership":{"ups":{"%s":{"status":"realized"}}},\
            "identityMap":{"Email":[{"id":"asks@example.com"}]}}"""
                .formatted(Profiles.AUDIENCE));
    assertThat(run.totals().reasons())
        .isEqualTo(Map.of("consent-policy:adults", 1L, "no-identity-allowed:no-crm", 1L));
    assertThat(run.totals().withheld())
        .isEqualTo(
            Map.of(
                "no-crm:attribute person.email",
                1L,
                "no-crm:identities crm",
                1L,
                "core-c2-no-third-party:audience " + Profiles.OTHER_AUDIENCE,
                1L,
                "identity-refused:consents.share",
                1L));
  }

  /** What a run did, after explain and preview have said the same. */
  private static Run agreed(TestHome home, List<String> profiles) throws Exception {
    List<ProfileExplanation> explained = explain(home, profiles);
    Preview preview = preview(home, profiles);
    Run run = run(home, profiles);

    assertThat(explained).hasSameSizeAs(profiles);
    assertThat(preview.events()).isEqualTo(events(explained));
    assertThat(preview.decisions()).isEqualTo(decisions(explained));
    assertThat(run.events()).containsExactlyInAnyOrderElementsOf(events(explained));
    assertThat(run.totals().reasons()).isEqualTo(reasons(explained));
    assertThat(run.totals().of(Outcome.DELIVERED)).isEqualTo(events(explained).size());
    assertThat(run.totals().withheld()).isEqualTo(counted(explained, ProfileExplanation::leftOut));
    assertThat(run.totals().audited()).isEqualTo(counted(explained, ProfileExplanation::audited));
    assertThat(run.written()).isEqualTo(withheld(explained));
    return run;
  }

  private static TestHome home(Path folder) {
    TestHome home = TestHome.shippedIn(folder);
    home.edit(
        "destinations/prospects.yaml", "require: [share]", "require: [share, marketing.email]");
    home.write(
        "governance/consent/adults.yaml",
        "status: ENABLED\nif: {label: C3}\nthen: {path: _acme.age, greaterThan: 17}\n");
    home.write(
        "governance/labels.yaml",
        """
        labels:
          fields: {person.email: [C3]}
          namespaces: {crm: [I1, C3]}
          audiences: [{id: %s, labels: [C2]}]
        enabledCorePolicies: [core-c2-no-third-party]
        policies:
          - {id: no-crm, status: ENABLED, marketingActions: [exportToThirdParty], deny: {label: C3}}
        """
            .formatted(Profiles.OTHER_AUDIENCE));
    home.enforcement("strip");
    home.setting("governance.audit.file", "{{activation.home}}/audit/audit.ndjson");
    return home;
  }

  private static List<RawRecord> records(List<String> profiles) {
    List<RawRecord> records = new ArrayList<>();
    for (String profile : profiles) {
      records.add(RawRecord.of("p", records.size() + 1, profile.getBytes(StandardCharsets.UTF_8)));
    }
    return records;
  }

  private static List<ProfileExplanation> explain(TestHome home, List<String> profiles) {
    List<ProfileExplanation> told = new ArrayList<>();
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Explain("prospects", told::add));
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.process("p", records(profiles));
    }
    return told;
  }

  private record Preview(List<String> events, List<String> decisions) {}

  private static Preview preview(TestHome home, List<String> profiles) {
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    ByteArrayOutputStream decisions = new ByteArrayOutputStream();
    ActivationOptions options =
        ActivationOptions.of(
            new ActivationOptions.Sources.Preview(
                "prospects",
                new PrintStream(events, true, StandardCharsets.UTF_8),
                new PrintStream(decisions, true, StandardCharsets.UTF_8)));
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.process("p", records(profiles));
    }
    return new Preview(
        events.toString(StandardCharsets.UTF_8).lines().toList(),
        decisions.toString(StandardCharsets.UTF_8).lines().toList());
  }

  private record Run(List<String> events, Totals totals, List<String> written) {}

  private static Run run(TestHome home, List<String> profiles) throws Exception {
    home.export("p.ndjson", profiles.toArray(String[]::new));
    List<String> events = new ArrayList<>();
    try (LocalKinesis kinesis =
            LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
        Activation activation =
            Activation.start(
                home.home(),
                ActivationOptions.of(new ActivationOptions.Sources.Once())
                    .withKinesisEndpoint(kinesis.endpoint()))) {
      activation.awaitNothingLeft();
      activation.stop();
      kinesis.forEachRecord(
          record -> {
            if (record.stream().equals("prospects-events")) {
              events.add(new String(record.data(), StandardCharsets.UTF_8));
            }
          });
      return new Run(events, activation.report().destinations().get("prospects"), written(home));
    }
  }

  /** The lines of the audit log, in words. */
  private static List<String> written(TestHome home) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String text : home.read("audit/audit.ndjson").lines().toList()) {
      JsonNode line = JSON.readTree(text);
      if (!line.path("destination").asText().equals("prospects")) {
        continue;
      }
      List<String> reasons = new ArrayList<>();
      line.path("leftOut").forEach(part -> reasons.add(inWords(part)));
      List<String> audited = new ArrayList<>();
      line.path("audited").forEach(part -> audited.add(inWords(part)));
      lines.add(
          line.path("source").path("line").asText()
              + (line.has("reason")
                  ? " " + label(line)
                  : " without " + reasons + " but " + audited));
    }
    return lines.stream().sorted().toList();
  }

  private static String inWords(JsonNode part) {
    return part.has("subject")
        ? label(part)
        : part.path("policy").path("id").asText() + ":" + part.path("part").asText();
  }

  private static String label(JsonNode why) {
    return why.path("reason").asText() + ":" + why.path("subject").asText();
  }

  private static List<String> withheld(List<ProfileExplanation> explained) {
    return explained.stream()
        .filter(
            one -> !(one.policy().isEmpty() && one.leftOut().isEmpty() && one.audited().isEmpty()))
        .map(
            one ->
                one.line()
                    + one.refusal()
                        .map(reason -> " " + reason.label())
                        .orElse(
                            " without " + labels(one.leftOut()) + " but " + labels(one.audited())))
        .sorted()
        .toList();
  }

  private static Map<String, Long> counted(
      List<ProfileExplanation> explained, Function<ProfileExplanation, String> parts) {
    Map<String, Long> counted = new TreeMap<>();
    explained.forEach(
        one -> labels(parts.apply(one)).forEach(label -> counted.merge(label, 1L, Long::sum)));
    return counted;
  }

  /** The keys of the report, of what explain says was left out: "PART (POLICY), …". */
  private static List<String> labels(String parts) {
    return Pattern.compile("(?:an identity of \\S+|the profile|(\\w[^,(]*)) \\(([^)]+)\\)")
        .matcher(parts)
        .results()
        .map(found -> found.group(2) + (found.group(1) == null ? "" : ":" + found.group(1)))
        .toList();
  }

  private static List<String> events(List<ProfileExplanation> explained) {
    return explained.stream().flatMap(one -> one.event().stream()).toList();
  }

  private static List<String> decisions(List<ProfileExplanation> explained) {
    return explained.stream()
        .map(
            one ->
                one.source()
                    + ":"
                    + one.line()
                    + ": prospects: "
                    + one.refusal()
                        .map(reason -> reason.outcome().label() + " " + reason.label())
                        .orElse(sent(one)))
        .toList();
  }

  private static String sent(ProfileExplanation one) {
    return "sent"
        + (one.leftOut().isEmpty() ? "" : " without " + one.leftOut())
        + (one.audited().isEmpty() ? "" : "; audited: " + one.audited());
  }

  private static Map<String, Long> reasons(List<ProfileExplanation> explained) {
    Map<String, Long> reasons = new TreeMap<>();
    explained.forEach(
        one -> one.refusal().ifPresent(reason -> reasons.merge(reason.label(), 1L, Long::sum)));
    return reasons;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
