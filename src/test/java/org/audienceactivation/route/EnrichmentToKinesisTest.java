package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules and steps of the page on enrichment, in the shipped routes. */
class EnrichmentToKinesisTest {

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() {
    home = TestHome.shippedIn(folder).without("destinations/prospects.yaml");
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private void destination(String more) {
    home.destination("one", "stream: { name: events, region: eu-west-1 }\naudiences: all\n" + more);
  }

  private static String profile(String ecid, String more) {
    return """
        {"person":{"name":{"firstName":"%s","lastName":"X"}},"identityMap":{"ecid":[{"id":"%s"}]},\
        "segmentMembership":{"ups":{"A":{"status":"realized"}}}%s}"""
        .formatted(ecid, ecid, more);
  }

  private Totals run(String... profiles) throws InterruptedException {
    home.export("export.ndjson", profiles);
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Once())
            .withKinesisEndpoint(kinesis.endpoint());
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.awaitNothingLeft();
      activation.stop();
      assertThat(activation.report().addsUp()).isTrue();
      return activation.report().destinations().get("one");
    }
  }

  private List<String> events() {
    List<String> events = new ArrayList<>();
    kinesis.forEachRecord(record -> events.add(new String(record.data(), StandardCharsets.UTF_8)));
    return events;
  }

  private static List<String> examples() throws Exception {
    List<String> examples = new ArrayList<>();
    Matcher blocks =
        Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/enrichment.md")));
    while (blocks.find()) {
      examples.add(blocks.group(1));
    }
    return examples;
  }

  @Test
  void the_rules_of_the_page_are_valid_and_make_attributes() throws Exception {
    home.write("lookups/stores.csv", "id,city,region\n17,Paris,FR\n");
    for (String example : examples().subList(0, 3)) {
      home.write("enrichment.yaml", example);
      assertThat(Validation.of(home.home()).stream().filter(one -> one.file().startsWith("enr")))
          .isEmpty();
    }
    home.write("enrichment.yaml", examples().get(0));
    destination("attributes: [_acme.fullName, _acme.loyalty.tier]\n");

    run(profile("ada", ""));

    assertThat(events().get(0))
        .contains("{\"fullName\":\"ada X\",\"loyalty\":{\"tier\":\"none\"}}");
  }

  @Test
  void a_mistake_is_told_with_file_and_line() {
    destination("");
    home.write("enrichment.yaml", "rules:\n  - {do: lower, from: consents.share}\n");

    assertThat(Validation.of(home.home()).toString())
        .contains("enrichment.yaml:2")
        .contains("consents are none");
  }

  @Test
  void what_is_made_carries_the_labels_of_what_it_is_made_of() {
    home.write(
        "enrichment.yaml",
        """
        rules:
          - {do: lower, from: person.name.lastName, to: _t.a}
          - {do: sha256, from: _t.a, to: _t.b}
        """);
    home.write(
        "governance/rules.yaml",
        """
        labels:
          fields:
            person.name: [I1]
        policies:
          - id: no-names
            name: no names to others
            status: ENABLED
            marketingActions: [exportToThirdParty]
            deny: { label: I1 }
        """);
    destination("attributes: [_t.b]\nmarketingActions: [exportToThirdParty]\n");

    assertThat(Validation.of(home.home()).toString()).contains("attribute _t.b carries I1");
  }

  @Test
  void a_step_for_single_profiles_brings_them_back_to_their_places() throws Exception {
    home.write("routes/enrich.camel.yaml", examples().get(3));
    home.setting("enrichment.stepPaths", "person.name, testProfile");
    destination("attributes: [greeting, person.name.lastName]\n");
    String[] profiles =
        IntStream.range(0, 1_200)
            .mapToObj(i -> profile("p" + i, i % 100 == 7 ? ",\"testProfile\":true" : ""))
            .toArray(String[]::new);

    Totals totals = run(profiles);

    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1_188);
    assertThat(totals.reasons()).containsEntry("dropped-by-step", 12L);
    assertThat(home.path("dead-letter"))
        .satisfiesAnyOf(
            none -> assertThat(none).doesNotExist(), empty -> assertThat(empty).isEmptyDirectory());
    assertThat(events())
        .hasSize(1_188)
        .allSatisfy(
            event -> {
              String name = event.replaceAll(".*\"ecid\":\\[\\{\"id\":\"(.*?)\".*", "$1");
              assertThat(event).contains("\"greeting\":\"Hello " + name + "\"");
            });
  }

  @Test
  void a_profile_whose_step_fails_is_rejected_and_its_neighbours_go_on() throws Exception {
    home.write(
        "routes/enrich.camel.yaml",
        examples()
            .get(3)
            .replace("${body[testProfile]} == true", "${body[person][name][firstName]} == 'long'"));
    home.edit(
        "routes/enrich.camel.yaml",
        "- setBody:\n                        id: drop\n                        constant:\n                          expression: \"\"",
        "- throwException:\n                        id: fail\n                        exceptionType: java.lang.IllegalStateException\n                        message: no");
    home.setting("enrichment.redeliveries", "0");
    home.setting("enrichment.stepPaths", "person.name");
    destination("attributes: [greeting]\n");

    Totals totals = run(profile("a", ""), profile("long", ""), profile("b", ""));

    assertThat(totals.of(Outcome.DELIVERED)).as(totals.toString()).isEqualTo(2);
    assertThat(totals.reasons()).containsEntry("step-failed", 1L);
    assertThat(home.list("dead-letter")).hasSize(1);
  }

  @Test
  void one_split_after_the_other_finds_the_places_of_those_that_are_left() throws Exception {
    String once = examples().get(3);
    String split = once.substring(once.indexOf("        - split:"));
    home.write(
        "routes/enrich.camel.yaml",
        once
            + split
                .replace("id: ", "id: again-")
                .replace(
                    "'greeting', ${exchangeProperty.greeting}", "'second', ${body[greeting]}"));
    home.setting("enrichment.stepPaths", "person.name, testProfile");
    destination("attributes: [second]\n");

    Totals totals =
        run(
            profile("a", ",\"testProfile\":true"),
            profile("b", ""),
            profile("c", ",\"testProfile\":true"),
            profile("d", ""));

    assertThat(totals.reasons()).containsEntry("dropped-by-step", 2L);
    assertThat(events())
        .hasSize(2)
        .anyMatch(event -> event.contains("Hello b") && event.contains("\"id\":\"b\""))
        .anyMatch(event -> event.contains("Hello d") && event.contains("\"id\":\"d\""));
  }
}
