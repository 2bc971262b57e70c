package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.audienceactivation.TestHome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code validate --include-drafts}: what draft policies would break, before they are enabled. */
class DraftPoliciesTest {
  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void shipped() {
    home = TestHome.shippedIn(folder);
    home.write(
        "governance/rules.yaml",
        """
        labels: {fields: {person.email: [I1]}}
        policies:
          - {id: soon, version: 3, name: Soon, status: DRAFT, marketingActions: [exportToThirdParty], deny: {label: I1}}
          - {id: off, status: DISABLED, marketingActions: [exportToThirdParty], deny: {label: I1}}
          - {id: else, status: DRAFT, marketingActions: [dataScience], deny: {label: I1}}
          - {id: holds, status: DRAFT, marketingActions: [exportToThirdParty], deny: {label: C9}}
        """);
    enforce("block");
  }

  private void enforce(String enforcement) {
    home.enforcement(enforcement);
  }

  private InProcess.Ended validate(String... options) {
    List<String> all = new ArrayList<>(List.of("validate", "--home", folder.toString()));
    all.addAll(List.of(options));
    return InProcess.run(all.toArray(String[]::new));
  }

  @Test
  void each_draft_that_would_forbid_something_is_told_with_its_place_and_the_consequence() {
    InProcess.Ended ended = validate("--include-drafts");

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(ended.out().lines().skip(1))
        .containsExactly(
            "governance/rules.yaml:3: policy soon (\"Soon\", version 3) is a draft; enabled, it would"
                + " forbid exportToThirdParty of what carries I1 at prospects: attribute"
                + " person.email carries I1 (governance/rules.yaml:1); enforcement: block would"
                + " refuse every start, strip would leave out attribute person.email");
  }

  @Test
  void they_say_what_the_destination_would_do() {
    home.edit("destinations/prospects.yaml", "enforcement: block", "enforcement: audit");

    assertThat(validate("--include-drafts").out())
        .contains("; enforcement: audit would count attribute person.email\n");
  }

  @Test
  void without_being_asked_nobody_is_told() {
    assertThat(validate().out()).doesNotContain("soon");
  }

  @Test
  void where_no_draft_would_forbid_anything_that_is_said() {
    home.edit("governance/rules.yaml", "I1]}}", "I2]}}");

    InProcess.Ended ended = validate("--include-drafts");

    assertThat(ended.status()).isZero();
    assertThat(ended.out()).endsWith("no draft policy would forbid anything\n");
  }

  @Test
  void what_enabling_it_does_is_what_was_told() {
    home.edit("governance/rules.yaml", "name: Soon, status: DRAFT", "name: Soon, status: ENABLED");

    InProcess.Ended ended = validate("--include-drafts");

    assertThat(ended.status()).isEqualTo(2);
    assertThat(ended.err())
        .contains("policy soon (\"Soon\", version 3, governance/rules.yaml:3) forbids")
        .contains("draft policies are judged when there is no problem");
  }
}
