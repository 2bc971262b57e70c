package org.audienceactivation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.governance.CoreLabel;
import org.audienceactivation.governance.CoreMarketingAction;
import org.audienceactivation.route.Validation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages say is so. */
class DocumentationTest {
  private static final Pattern BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
  private static final Pattern JSON_BLOCK = Pattern.compile("```json\n(.*?)```", Pattern.DOTALL);
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]+)(?:#[^)]*)?\\)");

  static List<String> destinations() {
    List<String> examples = new ArrayList<>(blocks("docs/destinations.md"));
    examples.addAll(blocks("docs/activation.md"));
    return examples;
  }

  private static List<String> blocks(String page) {
    return BLOCK.matcher(read(Path.of(page))).results().map(block -> block.group(1)).toList();
  }

  @ParameterizedTest
  @MethodSource("destinations")
  void every_destination_on_the_page_is_valid(String yaml) {
    UnaryOperator<String> defaults = text -> text.replaceAll("\\{\\{env:\\w+:(.*?)}}", "$1");
    AudienceCatalogue catalogue =
        AudienceCatalogue.read("audiences.yaml", read(Path.of("audiences.yaml")), defaults)
            .toOptional()
            .orElseThrow();

    Checked<Destination> destination =
        Destination.read("destinations/example.yaml", yaml, defaults, catalogue);

    assertThat(destination.problems()).isEmpty();
  }

  /** Those examples on the page of governance whose first line says which file they are. */
  static List<String> consents() {
    return blocks("docs/governance.md").stream().filter(DocumentationTest::isOfConsents).toList();
  }

  private static boolean isOfConsents(String yaml) {
    return yaml.startsWith("# destinations/") || yaml.startsWith("# governance/consent/");
  }

  @ParameterizedTest
  @MethodSource("consents")
  void every_example_of_consents_is_valid(String yaml, @TempDir Path folder) {
    String name = yaml.lines().findFirst().orElseThrow().replace("# ", "");
    TestHome home = TestHome.shippedIn(folder).write(name, yaml);

    assertThat(Validation.of(home.home())).isEmpty();
  }

  static List<String> routes() {
    return blocks("docs/sources.md");
  }

  @ParameterizedTest
  @MethodSource("routes")
  void every_route_on_the_page_of_sources_is_valid(String yaml, @TempDir Path folder) {
    TestHome home = TestHome.shippedIn(folder).write("routes/example.camel.yaml", yaml);

    assertThat(Validation.of(home.home())).isEmpty();
  }

  static List<String> governance() {
    return blocks("docs/governance.md").stream().filter(yaml -> !isOfConsents(yaml)).toList();
  }

  @ParameterizedTest
  @MethodSource("governance")
  void every_example_on_the_page_of_governance_is_valid(String yaml, @TempDir Path folder) {
    boolean isDestination = yaml.startsWith("# a destination");
    TestHome home = TestHome.shippedIn(folder);
    home.write((isDestination ? "destinations" : "governance") + "/example.yaml", yaml);

    assertThat(Validation.of(home.home())).isEmpty();
  }

  @Test
  void the_page_of_governance_as_a_whole_keeps_what_it_forbids_from_the_partners(
      @TempDir Path folder) {
    TestHome home = TestHome.shippedIn(folder);
    for (String yaml : governance()) {
      boolean isDestination = yaml.startsWith("# a destination");
      home.write(
          isDestination
              ? "destinations/partners.yaml"
              : "governance/" + yaml.substring(0, yaml.indexOf(':')) + yaml.length() + ".yaml",
          yaml);
    }
    Matcher json = JSON_BLOCK.matcher(read(Path.of("docs/governance.md")));
    assertThat(json.find()).isTrue();
    home.write("governance/partners.json", json.group(1));
    assertThat(Validation.of(home.home())).isEmpty();

    home.edit("destinations/partners.yaml", "enforcement: strip", "enforcement: block");

    assertThat(Validation.of(home.home()))
        .hasSize(3)
        .allSatisfy(
            problem -> {
              assertThat(problem.file()).isEqualTo("destinations/partners.yaml");
              assertThat(problem.line()).isEqualTo(5);
            })
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("policy no-identity-to-partners"))
        .anyMatch(message -> message.contains("policy 5c6dacdf685a4913dc48937c"))
        .anyMatch(message -> message.contains("policy core-c2-no-third-party"));
  }

  @Test
  void the_labels_of_a_dataset_on_the_page_of_governance_count(@TempDir Path folder) {
    TestHome home = TestHome.shippedIn(folder).without("destinations/prospects.yaml");
    String labels =
        JSON_BLOCK
            .matcher(read(Path.of("docs/governance.md")))
            .results()
            .map(block -> block.group(1))
            .filter(block -> block.contains("AEP:dataset"))
            .findFirst()
            .orElseThrow();
    home.write("governance/crm-dataset.json", labels);
    home.write(
        "governance/policy.yaml",
        "policies: [{id: p, status: ENABLED, marketingActions: [analytics], deny: {operator: AND,"
            + " operands: [{label: C9}, {label: S2}]}}]");
    home.destination(
        "one",
        "{stream: {name: s, region: r}, audiences: all, attributes: [homeAddress],"
            + " marketingActions: [analytics]}");

    assertThat(Validation.of(home.home()))
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .contains("attribute homeAddress.city carries S2 (governance/crm-dataset.json:12)")
        .contains("dataset 5abd49645591445e1ba04f87 carries C9 (governance/crm-dataset.json:2)");
  }

  @Test
  void the_page_of_governance_lists_every_core_label_action_and_policy() throws IOException {
    String page = read(Path.of("docs/governance.md"));
    for (CoreLabel label : CoreLabel.values()) {
      assertThat(page).contains("| `" + label.label() + "` | " + label.meaning() + " |\n");
    }
    for (CoreMarketingAction action : CoreMarketingAction.values()) {
      assertThat(page).contains("`" + action.action() + "`");
    }
    JsonNode schema =
        new ObjectMapper().readTree(Path.of("schemas/governance.schema.json").toFile());
    for (JsonNode id : schema.at("/properties/enabledCorePolicies/items/enum")) {
      assertThat(page).contains("| `" + id.asText() + "` |");
    }
  }

  @Test
  void the_page_of_outcomes_lists_every_reason_code() {
    String page = read(Path.of("docs/outcomes.md"));
    for (ReasonCode code : ReasonCode.values()) {
      assertThat(page).contains("| `" + code.code() + "` | " + code.outcome().label() + " |");
    }
  }

  @Test
  void every_link_to_a_file_leads_somewhere() throws IOException {
    for (Path page : pages()) {
      for (MatchResult found : LINK.matcher(read(page)).results().toList()) {
        String link = found.group(1);
        if (!link.startsWith("http")) {
          assertThat(page.resolveSibling(link).normalize()).as("%s in %s", link, page).exists();
        }
      }
    }
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> docs = Files.list(Path.of("docs"))) {
      docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    return pages;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
