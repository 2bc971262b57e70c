package org.audienceactivation.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Profiles;

/**
 * A case of the table {@code consent-rules.txt}.
 *
 * @param line where it stands
 */
record ConsentCase(int line, String rule, String profile, String decision) {

  private static final String IDENTITIES =
      "{\"Email\":[{\"id\":\"a@example.com\"}],\"ecid\":[{\"id\":\"1\"}]}";

  static List<ConsentCase> all() {
    Path table = Path.of("src/test/resources/governance/consent-rules.txt");
    try {
      return read(Files.readAllLines(table));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ConsentCase> read(List<String> lines) {
    List<ConsentCase> cases = new ArrayList<>();
    String rule = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("rule ") || line.startsWith("policy ")) {
        rule = line;
      } else if (line.startsWith("{")) {
        String[] parts = line.split(" => ", 2);
        cases.add(new ConsentCase(i + 1, rule, parts[0], parts[1]));
      }
    }
    return cases;
  }

  Governance governance() {
    boolean isPolicy = rule.startsWith("policy ");
    String yaml = rule.substring(rule.indexOf(' ') + 1);
    return new Governance(
        isPolicy ? new ConsentRules(List.of(), MissingConsent.ALLOW) : consent(yaml),
        isPolicy ? List.of(policy(yaml)) : List.of(),
        Set.of("emailTargeting"),
        Set.of("C2"));
  }

  private static ConsentRules consent(String yaml) {
    var destination =
        Destination.read(
            "d.yaml",
            "stream: {name: s, region: eu-west-1}\naudiences: all\nconsent: " + yaml,
            text -> text,
            AudienceCatalogue.empty());
    assertThat(destination.problems()).isEmpty();
    return destination.toOptional().orElseThrow().consent();
  }

  private static ConsentPolicy policy(String yaml) {
    var policy =
        ConsentPolicy.read(
            "governance/consent/policy.yaml", yaml, text -> text, Optional.of(Rulebook.empty()));
    assertThat(policy.problems()).isEmpty();
    return policy.toOptional().orElseThrow();
  }

  /** With the usual identities, unless the case has some; as text, so that no key is lost. */
  Profile profile(Governance governance) {
    String members = profile.substring(1);
    String json =
        profile.contains("\"identityMap\"")
            ? profile
            : "{\"identityMap\":" + IDENTITIES + (members.equals("}") ? "" : ",") + members;
    return Profiles.profile(json, governance.needs());
  }

  static String inWords(Decision decision) {
    if (decision instanceof Decision.Denied denied) {
      return denied.reason().label();
    }
    List<WithheldIdentity> withheld = ((Decision.Allowed) decision).profile().withheldIdentities();
    String without =
        withheld.stream()
            .map(one -> one.namespace() + " " + one.identity().id())
            .collect(Collectors.joining(", "));
    return withheld.isEmpty() ? "sent" : "sent without " + without;
  }

  @Override
  public String toString() {
    return "line " + line + ": " + rule + ": " + profile + " => " + decision;
  }
}
