package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.impl.DefaultCamelContext;
import org.audienceactivation.TestHome;
import org.audienceactivation.config.Problem;
import org.audienceactivation.enrichment.EnrichmentRules;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationTest {
  private static final String FILES = "routes/files.camel.yaml";
  private static final String PIPELINE = "routes/pipeline.camel.yaml";
  private static final String ERRORS = "routes/error-handling.camel.yaml";
  private static final String DEAD_LETTER = "routes/dead-letter.camel.yaml";

  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void shipped() {
    home = TestHome.shippedIn(folder);
  }

  private List<Problem> problems() {
    return Validation.of(home.home());
  }

  private int lineOf(String file, String text) {
    List<String> lines = home.read(file).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(text)) {
        return i + 1;
      }
    }
    throw new AssertionError(file + " has no line with " + text);
  }

  @Test
  void what_is_shipped_is_in_order() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void nothing_is_started_and_no_folder_is_made() {
    home.export("waiting.ndjson", "{}");

    assertThat(problems()).isEmpty();

    assertThat(home.list("inbox")).containsExactly("waiting.ndjson");
    assertThat(home.path("done")).doesNotExist();
    assertThat(home.path("dead-letter")).doesNotExist();
  }

  @Nested
  class AnAttributeThatLeavesNoDestination {
    private static final String LABELLED = "labels: {fields: {personalEmail: [C12]}%s}";

    private void hashesAddresses() {
      home.setting("enrichment.emailSha256", "true");
      home.setting("enrichment.emailPaths", "personalEmail.address");
    }

    @Test
    void must_not_be_hashed_into_one_that_does() {
      hashesAddresses();
      home.write("governance/closed.yaml", LABELLED.formatted(""));

      assertThat(problems())
          .extracting(Problem::message)
          .containsExactly(
              "enrichment.emailPaths: attribute personalEmail.address carries C12 (inherited from"
                  + " personalEmail, governance/closed.yaml:1), and its hash would leave in"
                  + " email_lc_sha256; take the path away, or label that namespace C12 too");
    }

    @Test
    void may_be_hashed_where_the_hash_does_not_leave_either() {
      hashesAddresses();
      home.write("governance/closed.yaml", LABELLED.formatted(", namespaces: {email: [C12]}"));

      assertThat(problems()).isEmpty();
    }
  }

  @Nested
  class OneMistakeInARouteIsOneLine {
    @ParameterizedTest(name = "{2}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          FILES + "|ref: acknowledge|ref: acknowlege|ref: no bean \"acknowlege\"; nearest of",
          FILES + "|method: batches|metod: batches|metod: unknown key in method; allowed:",
          FILES
              + "|streaming: true|streaming: maybe|\"maybe\" is not allowed; allowed: true, false",
          FILES
              + "|executorService: batches|executorService: batchs|no thread pool \"batchs\"; allowed: batches, destinations",
          FILES
              + "|aggregationStrategy: keepSource|aggregationStrategy: keepSauce|no bean \"keepSauce\"; nearest of 32 allowed: keepSource",
          FILES
              + "|readLock: changed|readLock: changd|readLock: \"changd\" is not allowed; allowed: none, markerFile",
          FILES
              + "|readLockMinLength: 0|readLockMinLenth: 0|unknown option of file; nearest of 100 allowed: readLockMinLength",
          FILES + "|readLockMinLength: 0|readLockMinLength: none|allowed: a whole number",
          FILES
              + "|uri: direct:profiles|uri: direct:profile|no route reads direct:profile; allowed:",
          FILES + "|uri: direct:profiles|uri: kafcka:profiles|no component \"kafcka\"",
          FILES
              + "|routeConfigurationId: sources|routeConfigurationId: source|routeConfigurationId \"source\" does not exist; allowed: dead-letter, enrichment, pipeline, sources",
          ERRORS + "|ref: rejectOpenRecords|rev: rejectOpenRecords|rev: unknown key in process",
          ERRORS
              + "|maximumRedeliveries: -1|maximumRedeliveries: ever|\"ever\" is not allowed; must be a number",
          ERRORS
              + "|retryAttemptedLogLevel: WARN|retryAttemptedLogLevel: LOUD|allowed: TRACE, DEBUG, INFO, WARN, ERROR, OFF",
          PIPELINE
              + "|clientSettings: \"#client-{{destination}}\"|clientSetings: \"x\"|clientSetings: unknown option of aws2-kinesis; nearest of",
          PIPELINE + "|ref: detectChange|ref: detektChange|no bean \"detektChange\"",
        })
    void that_names_file_line_and_what_is_allowed(
        String file, String from, String to, String message) {
      home.edit(file, from, to);

      assertThat(problems())
          .filteredOn(problem -> problem.line() == lineOf(file, to))
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.file()).isEqualTo(file);
                assertThat(problem.message()).contains(message).doesNotContain("\n");
              });
    }

    @Test
    void a_required_key_that_is_missing() {
      home.edit(
          FILES,
          "id: files-acknowledge",
          "id: files-acknowledge2\n            note: x\n        - process:\n            id: without-ref");
      home.edit(FILES, "            ref: acknowledge\n", "");

      assertThat(problems()).extracting(Problem::message).contains("process: ref is missing");
    }

    @Test
    void a_step_with_two_keys_is_a_matter_of_indentation() {
      home.edit(
          "routes/enrich.camel.yaml",
          "            ref: hashPhones",
          "            ref: hashPhones\n          log:\n            message: x");

      assertThat(problems())
          .extracting(Problem::message)
          .anyMatch(message -> message.contains("here are process, log; look at the indentation"));
    }
  }

  @Nested
  class WhatIsAllowedIsNoMistake {
    @ParameterizedTest(name = "{1}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "readLockMinLength: 0|readLockMinLength: \"{{files.maxRecordBytes}}\"",
          "readLockCheckInterval: 200|readLockCheckInterval: 1s",
          "readLock: changed|read-lock: changed",
          "routeConfigurationId: sources|routeConfigurationId: \"sour*\"",
          "streaming: true|streaming: \"TRUE\"",
        })
    void in_the_ways_that_camel_takes_it(String from, String to) {
      home.edit(FILES, from, to);

      assertThat(problems()).isEmpty();
    }

    @Test
    void a_bean_that_a_route_file_declares() {
      home.write(
          "routes/own.camel.yaml",
          """
          - beans:
              - name: mine
                type: org.apache.camel.processor.aggregate.UseLatestAggregationStrategy
          """);
      home.edit(FILES, "aggregationStrategy: keepSource", "aggregationStrategy: mine");

      assertThat(problems()).isEmpty();
    }
  }

  @Nested
  class ManyMistakesInOneHome {
    @Test
    void a_mistake_is_said_once() {
      home.edit("routes/files.camel.yaml", "uri: direct:profiles", "uri: direct:profile");

      assertThat(Validation.of(home.home()))
          .filteredOn(problem -> problem.message().contains("direct:profile;"))
          .hasSize(1);
    }

    @Test
    void are_all_found_each_in_one_line_at_its_place() {
      home.edit(FILES, "readLock: changed", "readLock: changd");
      home.edit(FILES, "ref: acknowledge", "ref: acknowlege");
      home.edit(
          DEAD_LETTER,
          "    routeConfigurationId: dead-letter",
          "    routeConfigurationId: dead-letter\n    description: again");
      home.edit(ERRORS, "maximumRedeliveries: -1", "maximumRedeliverys: -1");
      home.write("routes/broken.camel.yaml", "- route:\n    id: x\n   from: y\n");
      home.edit("destinations/prospects.yaml", "region:", "regon:");
      home.setting("files.pollMilis", "3");
      home.setting("camel.main.shutdownTimeout", "30s");
      home.setting("camel.main.shutdownTimout", "3");

      List<Problem> problems = problems();

      assertThat(problems)
          .extracting(problem -> problem.file() + ":" + problem.line())
          .containsExactly(
              "application.properties:" + lineOf("application.properties", "files.pollMilis"),
              "application.properties:" + lineOf("application.properties", "shutdownTimeout = 30s"),
              "application.properties:" + lineOf("application.properties", "shutdownTimout = 3"),
              "destinations/prospects.yaml:4",
              "destinations/prospects.yaml:6",
              "routes/broken.camel.yaml:3",
              DEAD_LETTER + ":" + lineOf(DEAD_LETTER, "description: again"),
              ERRORS + ":" + lineOf(ERRORS, "maximumRedeliverys"),
              FILES + ":" + lineOf(FILES, "changd"),
              FILES + ":" + lineOf(FILES, "acknowlege"));
      assertThat(problems).allSatisfy(one -> assertThat(one.message()).doesNotContain("\n"));
    }

    @Test
    void in_destinations_and_routes_are_found_together() {
      home.edit(FILES, "ref: acknowledge", "ref: acknowlege");
      home.edit("destinations/prospects.yaml", "region:", "regon:");

      assertThat(problems())
          .extracting(Problem::file)
          .contains("destinations/prospects.yaml", FILES);
    }

    @Test
    void a_destination_without_governance_is_found_beside_other_mistakes() {
      home.edit(PIPELINE, "ref: govern", "ref: select");
      home.edit(FILES, "readLock: changed", "readLock: changd");

      assertThat(problems())
          .extracting(Problem::message)
          .anyMatch(message -> message.contains("has no step \"process: govern\""))
          .anyMatch(message -> message.contains("changd"))
          .hasSize(2);
    }
  }

  @Nested
  class CamelsOwnProperties {
    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(
        delimiter = '|',
        value = {
          "camel.main.shutdownTimeout|30s|\"30s\" is not allowed; allowed: a whole number of seconds",
          "camel.main.shutdownTimeout|abc|allowed: a whole number of seconds",
          "camel.main.shutdown-timeout|abc|allowed: a whole number",
          "camel.main.shutdownTimout|3|unknown key; nearest of",
          "camel.main.autoStartup|maybe|allowed: true, false",
          "camel.foo.x|3|unknown group, which Camel would ignore",
          "camel.component.file.nonsense|3|unknown key",
          "camel.threadpool.config[batches].poolSize|many|allowed: a whole number",
          "camel.main.name|{{nowhere}}|has a placeholder that has no value",
        })
    void that_camel_would_take_for_something_else(String key, String value, String message) {
      home.setting(key, value);

      assertThat(problems())
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.file()).isEqualTo("application.properties");
                assertThat(problem.line())
                    .isEqualTo(lineOf("application.properties", key + " = " + value));
                assertThat(problem.message()).startsWith(key + ": ").contains(message);
              });
    }
  }

  @Test
  void the_names_that_routes_may_use_are_those_that_the_application_binds() throws Exception {
    try (DefaultCamelContext context = new DefaultCamelContext()) {
      context.getPropertiesComponent().addOverrideProperty("activation.run", "test");
      for (Setting setting : Setting.values()) {
        context.getPropertiesComponent().addInitialProperty(setting.key(), setting.defaultValue());
      }
      context.getPropertiesComponent().addOverrideProperty("activation.home", folder.toString());
      for (String source : List.of("jms", "amqp", "sqs", "kafka", "rest")) {
        context.getPropertiesComponent().addOverrideProperty(source + ".enabled", "true");
      }
      context.getPropertiesComponent().addOverrideProperty("sqs.region", "eu-west-1");
      PipelineBeans.bind(
          context,
          ApplicationProperties.read(home.home(), context::resolvePropertyPlaceholders),
          HomeConfiguration.none(),
          ActivationOptions.of(new ActivationOptions.Sources.Nothing()),
          new StopSignal(),
          AuditLog.off(),
          States.none(),
          EnrichmentRules.NONE);

      Set<String> bound =
          PipelineBeans.NAMES.stream()
              .filter(name -> context.getRegistry().lookupByName(name) != null)
              .collect(Collectors.toSet());
      assertThat(bound).isEqualTo(PipelineBeans.NAMES);
    }
  }
}
