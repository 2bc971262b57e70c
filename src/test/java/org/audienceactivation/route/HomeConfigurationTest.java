package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.audienceactivation.TestHome;
import org.audienceactivation.destination.Destination;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeConfigurationTest {
  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void shipped() {
    home = TestHome.shippedIn(folder);
  }

  private List<String> problems() {
    return HomeConfiguration.read(home.home(), placeholder -> "eu-west-1").problems().stream()
        .map(Object::toString)
        .toList();
  }

  @Test
  void a_destination_is_named_after_its_file() {
    home.destination("other", home.read("destinations/prospects.yaml"));

    assertThat(
            HomeConfiguration.read(home.home(), placeholder -> "eu-west-1")
                .toOptional()
                .orElseThrow())
        .satisfies(
            read ->
                assertThat(read.destinations())
                    .extracting(Destination::name)
                    .containsExactly("other", "prospects"));
  }

  @Test
  void the_catalogue_may_be_missing() {
    home.without("audiences.yaml");

    assertThat(problems()).isEmpty();
  }

  @Test
  void the_files_of_governance_are_read_as_one() {
    home.write("governance/labels.yaml", "labels: {fields: {person.email: [ACME]}}\n");
    home.write("governance/names.yaml", "customLabels: {ACME: Ours}\n");
    home.write(
        "governance/policies.json",
        """
        {"name": "No ACME", "status": "ENABLED", "deny": {"label": "ACME"},
         "marketingActionRefs": ["https://example.com/marketingActions/custom/lending"]}
        """);
    home.edit("destinations/prospects.yaml", "consent:", "marketingActions: [lending]\nconsent:");

    assertThat(problems())
        .singleElement()
        .asString()
        .matches(
            "destinations/prospects.yaml:\\d+: marketingActions\\[0]: policy no-acme .*forbids lending.*"
                + "attribute person.email carries ACME \\(governance/labels.yaml:1\\).*");
  }

  @Test
  void a_destination_is_not_judged_by_half_of_the_rules() {
    home.write("governance/labels.yaml", "labels: {fields: {person.email: [ACNE]}}\n");
    home.write("governance/names.yaml", "customMarketingActions: {lending: Ours}\n");
    home.edit("destinations/prospects.yaml", "consent:", "marketingActions: [lending]\nconsent:");

    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("governance/labels.yaml:1: labels.fields.person.email[0]: unknown label");
  }

  @Test
  void a_readme_among_the_policies_is_none() {
    home.write("governance/README.md", "# nothing yet\n");

    assertThat(problems()).isEmpty();
  }

  @Test
  void a_home_without_destination_is_refused() {
    home.without("destinations/prospects.yaml");

    assertThat(problems())
        .containsExactly(
            "destinations:1: no destination; put at least one NAME.yaml into this folder");
  }

  @Test
  void a_file_that_is_no_utf_8_is_refused() {
    home.write(
        "destinations/latin.yaml",
        "description: caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThat(problems()).containsExactly("destinations/latin.yaml:1: is not UTF-8 text");
  }

  @Test
  void the_mistakes_of_all_files_are_found() {
    home.edit("destinations/prospects.yaml", "attributes:", "atributes:");
    home.destination("empty", "");
    home.write("audiences.yaml", "audiences: all\n");

    assertThat(problems())
        .anyMatch(one -> one.startsWith("audiences.yaml:1: "))
        .anyMatch(one -> one.startsWith("destinations/empty.yaml:1: "))
        .anyMatch(one -> one.contains("atributes: unknown key"));
  }
}
