package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
        .contains("cut policy no-addresses, version 3: attribute person.email is left out")
        .doesNotContain("no-partners")
        .doesNotContain("ada@example.com");
  }

  @Test
  void a_label_policy_that_is_only_audited_shows_what_it_would_leave_out() {
    labelled("audit");

    InProcess.Ended ended = explain(Profiles.prospect("ada"));

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("would leave out attribute person.email, and is only audited")
        .doesNotContain("left out:");
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
        .contains(
            "NO  policy no-partners: no identity, or no audience of the destination, is left");
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
