package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code explain}: why one profile would be sent, or would not. */
class ExplainTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void shipped() {
    home = TestHome.shippedIn(folder);
  }

  private InProcess.Ended explain(String profile, String... options) {
    home.write("profile.json", profile);
    String[] all = new String[options.length + 6];
    all[0] = "explain";
    all[1] = "--destination";
    all[2] = "prospects";
    all[3] = "--home";
    all[4] = folder.toString();
    System.arraycopy(options, 0, all, 5, options.length);
    all[all.length - 1] = folder.resolve("profile.json").toString();
    return InProcess.run(all);
  }

  @Test
  void a_profile_that_would_be_sent_shows_every_rule_and_the_event() {
    InProcess.Ended ended = explain(Profiles.prospect("ada"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("profile.json:1: prospects: sent")
        .contains("ok  identities: ecid 1")
        .contains("ok  consents.share: consents.share.val: \"y\" (yes)")
        .contains("an identity of ecid as its partition key")
        .contains(Profiles.event("ada"));
  }

  @Test
  void a_profile_that_refuses_shows_the_rule_that_decides_its_version_and_the_path() {
    InProcess.Ended ended = explain(Profiles.refusing("ada"));

    assertThat(ended.status()).isEqualTo(6);
    assertThat(ended.out())
        .contains("profile.json:1: prospects: excluded consent-refused:consents.share")
        .containsPattern("decided by policy consent, version [0-9a-f]{8}, at consents.share.val")
        .contains("NO  consents.share: consents.share.val: \"n\" (no)")
        .doesNotContain("The event");
  }

  @Test
  void a_consent_policy_shows_its_conditions_and_what_the_profile_answers() {
    home.write(
        "governance/consent/adults.yaml",
        """
        status: ENABLED
        then:
          operator: AND
          operands:
            - { path: _acme.age, greaterThan: 17 }
            - { path: person.email, exists: true }
        """);

    InProcess.Ended ended =
        explain(
            Profiles.prospect("ada").replace("{\"person\"", "{\"_acme\":{\"age\":12},\"person\""));

    assertThat(ended.status()).as(ended.err()).isEqualTo(6);
    assertThat(ended.out())
        .contains("excluded consent-policy:adults")
        .contains("at _acme.age")
        .contains("NO  _acme.age > 17: is a number")
        .contains("ok  person.email exists: is a string")
        .doesNotContain("ada@example.com");
  }

  private void labelled(String enforcement) {
    home.write(
        "governance/rules.yaml",
        """
        labels:
          fields:
            person.email: [I1]
          audiences:
            - id: %s
              labels: [C2]
        policies:
          - id: no-addresses
            version: 3
            status: ENABLED
            marketingActions: [exportToThirdParty]
            deny: {label: I1}
          - id: no-partners
            version: 1
            status: DISABLED
            marketingActions: [exportToThirdParty]
            deny: {label: C2}
        """
            .formatted(Profiles.AUDIENCE));
    home.edit(
        "destinations/prospects.yaml",
        "stream:",
        "marketingActions: [exportToThirdParty]\nenforcement: " + enforcement + "\nstream:");
  }

  @Test
  void a_label_policy_shows_the_part_that_it_leaves_out() {
    labelled("strip");

    InProcess.Ended ended = explain(Profiles.prospect("ada"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("prospects: sent")
        .contains("left out: attribute person.email (no-addresses)")
        .contains(
            "    cut policy no-addresses, version 3: forbids exportToThirdParty of what carries I1"
                + " (governance/rules.yaml:8)\n"
                + "        cut attribute person.email: is left out; it carries I1"
                + " (governance/rules.yaml:3)\n")
        .contains("-   policy no-partners, version 1: its status is DISABLED")
        .doesNotContain("ada@example.com");
  }

  @Test
  void a_label_policy_that_is_only_audited_shows_what_it_would_leave_out() {
    labelled("audit");

    InProcess.Ended ended = explain(Profiles.prospect("ada"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("  audited: attribute person.email (no-addresses)\n")
        .contains(
            "-   policy no-addresses, version 3: forbids exportToThirdParty of what carries I1"
                + " (governance/rules.yaml:8); it is only audited\n")
        .contains(
            "-   attribute person.email: would be left out, and is only audited; it carries I1")
        .doesNotContain("  left out:");
  }

  @Test
  void a_profile_that_policies_would_exclude_if_they_were_enforced_is_told_so() {
    labelled("audit");
    home.edit("governance/rules.yaml", "DISABLED", "ENABLED");

    InProcess.Ended ended = explain(Profiles.prospect("ada"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("  audited: the profile (no-audience-allowed:no-partners)\n")
        .contains(
            "; it is only audited, and would exclude the profile, no-audience-allowed:no-partners");
  }

  /** Of two labels, the one beside which the part goes out is elsewhere. */
  private void joinedByAnd() {
    home.write(
        "governance/rules.yaml",
        """
        labels:
          fields:
            person: [I1]
          datasets: {crm: [C3]}
        policies:
          - {id: both, version: 1, status: ENABLED, marketingActions: [exportToThirdParty],
             deny: {operator: AND, operands: [{label: C3}, {label: I1}]}}
          - {id: held, version: 2, status: ENABLED, marketingActions: [exportToThirdParty], deny: {label: C9}}
          - {id: later, version: 3, status: DRAFT, marketingActions: [exportToThirdParty], deny: {label: I1}}
          - {id: else, version: 4, status: ENABLED, marketingActions: [dataScience], deny: {label: I1}}
        """);
    home.edit(
        "destinations/prospects.yaml",
        "stream:",
        "marketingActions: [exportToThirdParty]\nenforcement: strip\nstream:");
  }

  @Test
  void every_label_policy_is_shown_with_why_it_does_or_does_not_decide() {
    joinedByAnd();

    assertThat(explain(Profiles.prospect("ada")).out())
        .contains(
            "cut policy both, version 1: forbids exportToThirdParty of what carries C3 AND I1"
                + " (governance/rules.yaml:6)")
        .contains(
            "cut attribute person.email: is left out; it carries I1 (inherited from person,"
                + " governance/rules.yaml:3), dataset crm carries C3 (governance/rules.yaml:4)")
        .contains(
            "ok  policy held, version 2: holds: nothing that is sent carries C9, and it is for"
                + " exportToThirdParty (governance/rules.yaml:8)")
        .contains("-   policy later, version 3: its status is DRAFT (governance/rules.yaml:9)")
        .contains(
            "-   policy else, version 4: is for dataScience, which the destination does not name"
                + " (governance/rules.yaml:10)");
  }

  @Test
  void a_part_that_the_profile_does_not_have_is_shown_as_left_alone() {
    joinedByAnd();

    assertThat(
            explain(
                    Profiles.prospect("ada")
                        .replace("\"person\":{\"email\"", "\"person\":{\"other\""))
                .out())
        .contains("ok  policy both, version 1")
        .contains("; there is nothing to leave out\n")
        .contains("ok  attribute person.email: the profile has none");
  }

  @Test
  void what_carries_c12_is_shown_with_where_the_label_stands() {
    home.write("governance/rules.yaml", "labels: {fields: {person.email: [C12]}}\n");

    assertThat(explain(Profiles.prospect("ada")).out())
        .contains("cut label C12: leaves no destination\n")
        .contains(
            "cut attribute person.email: is left out; it carries C12 (governance/rules.yaml:1)");
  }

  @Test
  void as_json_a_label_policy_has_its_rule_and_the_labels_and_is_as_the_published_schema_says()
      throws Exception {
    joinedByAnd();

    JsonNode json = JSON.readTree(explain(Profiles.prospect("ada"), "--json").out());

    JsonNode policy = node(json.path("steps"), "policy both, version 1");
    assertThat(policy.path("result").asText()).isEqualTo("withholds a part");
    assertThat(policy.path("policy"))
        .isEqualTo(
            JSON.readTree(
                """
                {"id":"both","version":"1","place":"governance/rules.yaml:6",
                 "marketingActions":["exportToThirdParty"],"deny":"C3 AND I1"}"""));
    assertThat(policy.path("parts").get(0).path("labels"))
        .isEqualTo(
            JSON.readTree(
                """
                [{"label":"I1","part":"attribute person.email","inheritedFrom":"person","place":"governance/rules.yaml:3"},
                 {"label":"C3","part":"dataset crm","place":"governance/rules.yaml:4"}]"""));
    JsonSchema schema =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(Files.readString(Path.of("schemas/explanation.schema.json")));
    assertThat(schema.validate(json)).isEmpty();
    assertThat(schema.validate(JSON.readTree(explain("{\"identityMap\":7}", "--json").out())))
        .isEmpty();
    assertThat(schema.validate(JSON.readTree(explain(Profiles.refusing("a"), "--json").out())))
        .isEmpty();
  }

  private static JsonNode node(JsonNode nodes, String what) {
    for (JsonNode node : nodes) {
      JsonNode found =
          node.path("what").asText().equals(what) ? node : node(node.path("parts"), what);
      if (!found.isMissingNode()) {
        return found;
      }
    }
    return MissingNode.getInstance();
  }

  @Test
  void a_label_policy_that_leaves_no_audience_is_shown_as_the_one_that_decides() {
    labelled("strip");
    home.edit("governance/rules.yaml", "DISABLED", "ENABLED");

    InProcess.Ended ended = explain(Profiles.prospect("ada"));

    assertThat(ended.status()).as(ended.err()).isEqualTo(6);
    assertThat(ended.out())
        .contains("excluded no-audience-allowed:no-partners")
        .contains("NO  governance")
        .contains("NO  policy no-partners, version 1: forbids exportToThirdParty")
        .contains("; no identity, or no audience of the destination, is left\n");
  }

  @Test
  void who_is_in_no_mapped_audience_is_told_so() {
    InProcess.Ended ended = explain(Profiles.inNoMappedAudience("ada"));

    assertThat(ended.status()).isEqualTo(6);
    assertThat(ended.out())
        .contains("excluded not-in-mapped-audience")
        .contains("NO  audiences: in none that the destination maps");
  }

  @Test
  void an_identity_that_is_left_out_is_named_by_its_place() {
    InProcess.Ended ended =
        explain(
            Profiles.prospect("ada")
                .replace("\"identityMap\":{", "\"identityMap\":{\"Email\":[{\"id\":\"ada@x\"}],")
                .replace(
                    "\"consents\":{",
                    "\"consents\":{\"idSpecific\":{\"Email\":{\"ada@x\":{\"share\":{\"val\":\"n\"}}}},"));

    assertThat(ended.status()).isZero();
    assertThat(ended.out())
        .contains("left out: an identity of Email (identity-refused:consents.share)")
        .contains("NO  identityMap.Email[0]")
        .doesNotContain("ada@x");
  }

  @Test
  void what_is_no_profile_is_rejected_with_status_3() {
    InProcess.Ended ended = explain("{\"identityMap\":7}");

    assertThat(ended.status()).isEqualTo(3);
    assertThat(ended.out()).contains("rejected wrong-type (identityMap: must be an object");
  }

  @Test
  void as_json_it_is_one_document() throws Exception {
    InProcess.Ended ended = explain(Profiles.refusing("ada"), "--json");

    JsonNode json = JSON.readTree(ended.out());
    assertThat(ended.status()).isEqualTo(6);
    assertThat(json.path("decision").asText()).isEqualTo("excluded");
    assertThat(json.path("reason").asText()).isEqualTo("consent-refused:consents.share");
    assertThat(json.path("policy").path("id").asText()).isEqualTo("consent");
    assertThat(json.path("path").asText()).isEqualTo("consents.share.val");
    assertThat(json.path("steps").findValuesAsText("what"))
        .contains("read", "identities", "audiences", "governance", "consents.share");
    assertThat(json.has("event")).isFalse();
    assertThat(JSON.readTree(explain(Profiles.prospect("ada"), "--json").out()).path("event"))
        .isEqualTo(JSON.readTree(Profiles.event("ada")));
  }

  @Test
  void of_an_export_one_line_can_be_named() {
    String export = Profiles.prospect("a") + "\n" + Profiles.refusing("b") + "\n";

    assertThat(explain(export, "--line", "2").out())
        .contains("profile.json:2: prospects: excluded");
    assertThat(explain(export).err()).contains("has more than one profile; name one with --line");
    assertThat(explain(export, "--line", "3").err()).contains("has no profile in line 3");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "explain --home HOME HOME/audiences.yaml | Missing required option: '--destination=NAME'",
        "explain --destination prospects --home HOME HOME/no.json | HOME/no.json: there is no such file",
        "explain --destination prospects --home HOME HOME/inbox | HOME/inbox: is a folder; name a file in it",
        "explain --destination nobody --home HOME HOME/profile.json | --destination nobody: no such destination; there is prospects",
      })
  void a_mistake_in_the_call_is_refused_in_words(String call, String message) {
    home.write("profile.json", Profiles.prospect("ada"));

    InProcess.Ended ended = InProcess.run(call.replace("HOME", folder.toString()).split(" "));

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err()).contains(message.replace("HOME", folder.toString()));
  }
}
