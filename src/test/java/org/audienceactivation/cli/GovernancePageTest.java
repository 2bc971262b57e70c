package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the page for data-protection officers shows is what the program does. */
class GovernancePageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PAGE = Path.of("docs/governance.md");

  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void shipped() {
    home = TestHome.shippedIn(folder);
  }

  private static List<String> blocks(String language) throws IOException {
    Matcher blocks =
        Pattern.compile("^ *```(\\w*)\n(.*?)^ *```$", Pattern.DOTALL | Pattern.MULTILINE)
            .matcher(Files.readString(PAGE));
    return blocks
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  private static String block(String language, String part) throws IOException {
    return blocks(language).stream().filter(text -> text.contains(part)).findFirst().orElseThrow();
  }

  private InProcess.Ended inHome(String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--home";
    all[arguments.length + 1] = folder.toString();
    return InProcess.run(all);
  }

  @Test
  void the_explanation_is_what_explain_prints() throws Exception {
    home.write("profile.json", Profiles.refusing("a"));

    InProcess.Ended ended =
        inHome("explain", "--destination", "prospects", home.path("profile.json").toString());

    assertThat(block("", "profile.json:1:")).isEqualTo(ended.out());
  }

  private void partners() throws IOException {
    home.without("destinations/prospects.yaml");
    home.write(
        "governance/rules.yaml",
        """
        labels:
          fields:
            personalEmail.address: [I1]
            _acme.loyalty: [S2]
          namespaces: {email: [I1]}
        policies:
          - {id: no-names, version: 7, status: ENABLED, marketingActions: [exportToThirdParty], deny: {label: I1}}
          - {id: no-science, version: 2, status: ENABLED, marketingActions: [dataScience], deny: {label: C9}}
          - {id: no-places, version: 1, name: No places, status: DRAFT, marketingActions: [exportToThirdParty], deny: {label: S2}}
        """);
    home.destination("partners", block("yaml", "destinations/partners.yaml"));
  }

  @Test
  void the_explanation_of_policies_for_labels_is_what_explain_prints() throws Exception {
    partners();
    home.write(
        "profile.json",
        Profiles.prospect("a")
            .replace("{\"person\":{\"email\"", "{\"personalEmail\":{\"address\""));

    InProcess.Ended ended =
        inHome("explain", "--destination", "partners", home.path("profile.json").toString());

    assertThat(ended.out()).contains(block("", "cut governance"));
  }

  @Test
  void what_is_said_of_drafts_is_what_validate_prints() throws Exception {
    partners();

    assertThat(inHome("validate", "--include-drafts").out()).endsWith(block("", "is a draft"));
  }

  @Test
  void the_profile_with_one_refusing_address_is_sent_with_the_other() throws Exception {
    home.edit("destinations/prospects.yaml", "require: [share]", "require: [marketing.email]");
    home.write("profile.json", block("json", "private@example.com"));

    InProcess.Ended ended =
        inHome("explain", "--destination", "prospects", home.path("profile.json").toString());

    assertThat(ended.out())
        .contains("prospects: sent\n")
        .contains("left out: an identity of Email (identity-refused:consents.marketing.email)")
        .contains("cut governance")
        .contains("office@example.com")
        .doesNotContain("private@example.com");
  }

  @Test
  void the_line_of_the_audit_log_is_as_a_run_writes_it() throws Exception {
    JsonNode shown = JSON.readTree(block("json", "formatVersion"));
    String key = key();
    home.setting("governance.audit.file", "{{activation.home}}/audit/audit.ndjson");
    home.setting("governance.audit.key", key);
    home.export("profiles.ndjson", Profiles.refusing("38400000"));

    assertThat(inHome("run", "--once", "--local").status()).isZero();

    JsonNode written = JSON.readTree(home.read("audit/audit.ndjson"));
    for (String same :
        List.of(
            "destination",
            "withheld",
            "reason",
            "subject",
            "policy",
            "path",
            "answer",
            "identities")) {
      assertThat(shown.path(same)).as(same).isEqualTo(written.path(same));
    }
    assertThat(
            JsonSchemaFactory.getInstance(VersionFlag.V202012)
                .getSchema(Files.readString(Path.of("schemas/audit.schema.json")))
                .validate(shown))
        .isEmpty();
  }

  @Test
  void the_line_for_parts_is_as_a_run_writes_it() throws Exception {
    JsonNode shown = JSON.readTree(block("json", "leftOut"));
    home.without("destinations/prospects.yaml");
    home.write(
        "governance/rules.yaml",
        """
        labels: {fields: {personalEmail.address: [I1]}, namespaces: {email: [I1]}}
        policies:
          - {id: no-names, version: 7, status: ENABLED, marketingActions: [exportToThirdParty], deny: {label: I1}}
        """);
    home.destination("partners", block("yaml", "destinations/partners.yaml"));
    home.setting("governance.audit.file", "{{activation.home}}/audit/audit.ndjson");
    home.setting("governance.audit.key", key());
    home.export(
        "profiles.ndjson",
        Profiles.prospect("38400000")
            .replace("{\"person\":{\"email\"", "{\"personalEmail\":{\"address\"")
            .replace(
                "[{\"id\":\"38400000\"}]",
                "[{\"id\":\"38400000\"}],\"Email\":[{\"id\":\"ada@example.com\"}]"));

    assertThat(inHome("run", "--once", "--local").status()).isZero();

    JsonNode written = JSON.readTree(home.read("audit/audit.ndjson"));
    for (String same : List.of("destination", "withheld", "leftOut", "identities")) {
      assertThat(shown.path(same)).as(same).isEqualTo(written.path(same));
    }
    assertThat(written.has("reason")).isFalse();
  }

  @Test
  void the_command_that_finds_a_person_gives_the_hash_of_that_line() throws Exception {
    assertThat(block("sh", "openssl"))
        .contains("printf 'ecid:38400000' | openssl dgst -sha256 -hmac '" + key() + "'");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key().getBytes(StandardCharsets.UTF_8), "HmacSHA256"));

    String hash =
        HexFormat.of().formatHex(mac.doFinal("ecid:38400000".getBytes(StandardCharsets.UTF_8)));

    assertThat(block("json", "formatVersion")).contains(hash);
  }

  private static String key() throws IOException {
    Matcher key = Pattern.compile("-hmac '([^']+)'").matcher(block("sh", "openssl"));
    assertThat(key.find()).isTrue();
    return key.group(1);
  }

  @Test
  void the_settings_are_those_that_there_are() throws Exception {
    block("properties", "governance.audit.file")
        .lines()
        .map(line -> line.split(" = ", 2))
        .forEach(setting -> home.setting(setting[0], setting[1]));

    assertThat(inHome("validate").status()).isZero();
  }
}
