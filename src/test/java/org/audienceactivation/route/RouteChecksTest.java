package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.config.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteChecksTest {
  private static final String PIPELINE = "routes/pipeline.camel.yaml";

  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void shipped() {
    home = TestHome.shippedIn(folder);
    home.export("waiting.ndjson", Profiles.prospect("a"));
  }

  /** What stops the start; nothing of the inbox may have been touched by then. */
  private List<Problem> refused() {
    ConfigurationException refusal =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                Activation.start(
                        home.home(), ActivationOptions.of(new ActivationOptions.Sources.Watching()))
                    .close());
    assertThat(refusal).as("the start is refused").isNotNull();
    assertThat(home.list("inbox")).containsExactly("waiting.ndjson");
    assertThat(home.list("done")).isEmpty();
    return refusal.problems();
  }

  @Test
  void a_source_of_exports_does_not_start_without_its_acknowledgement() {
    home.edit(
        "routes/files.camel.yaml", "            ref: acknowledge\n", "            ref: decode\n");

    assertThat(refused())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("route files: has no step \"process: acknowledge\""));
  }

  @Test
  void a_check_of_tokens_that_is_no_bean_is_refused_before_anybody_calls() {
    home.setting("rest.enabled", "true")
        .setting("rest.port", "0")
        .setting("rest.tokenCheck", "nobody");

    assertThat(refused())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("rest.tokenCheck: there is no bean nobody"));
  }

  private void switchOn(String source) {
    home.setting(source + ".enabled", "true").setting("sqs.region", "eu-west-1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"jms", "amqp", "sqs"})
  void a_source_of_messages_does_not_start_without_its_acknowledgement(String source) {
    switchOn(source);
    home.edit(
        "routes/" + source + ".camel.yaml",
        "            ref: acknowledge\n",
        "            ref: decode\n");

    assertThat(refused())
        .extracting(Problem::message)
        .anyMatch(
            message ->
                message.contains("route " + source + ": has no step \"process: acknowledge\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"jms", "amqp", "sqs"})
  void a_source_without_an_end_is_not_for_a_run_that_is_to_end(String source) {
    switchOn(source);

    assertThatThrownBy(
            () ->
                Activation.start(
                        home.home(), ActivationOptions.of(new ActivationOptions.Sources.Once()))
                    .close())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "routes/%s.camel.yaml:4: route %s: its source has no end".formatted(source, source));
  }

  @Test
  void an_address_that_is_none_of_a_broker_is_named() {
    home.setting("jms.enabled", "true").setting("jms.brokerUrl", "broker");

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactly(
            "jms.brokerUrl: is no address of a broker; write it like tcp://HOST:61616");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"broker:5672", "tcp://localhost:61616", "amqp://localhost:5672?jms.prefetch=x"})
  void an_address_that_is_none_of_an_amqp_broker_is_named(String address) {
    home.setting("amqp.enabled", "true").setting("amqp.brokerUrl", address);

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactly(
            "amqp.brokerUrl: is no address of a broker; write it like amqp://HOST:5672");
  }

  @Test
  void settings_that_name_no_sqs_queue_are_named() {
    switchOn("sqs");
    home.setting("sqs.queue", "my queue")
        .setting("sqs.region", "Ireland")
        .setting("sqs.endpoint", "localhost:9324");

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactlyInAnyOrder(
            "sqs.queue: \"my queue\" is neither the name of a queue nor its URL",
            "sqs.region: \"Ireland\" is no region; write it like eu-west-1, or leave it empty",
            "sqs.endpoint: \"localhost:9324\" is no address; write it like https://HOST, or leave"
                + " it empty");
  }

  @Test
  void a_kafka_source_does_not_start_with_options_that_would_skip_messages() {
    home.setting("kafka.enabled", "true");
    home.edit("routes/kafka.camel.yaml", "batchingIntervalMs: 0", "batchingIntervalMs: 200");
    home.edit("routes/kafka.camel.yaml", "        autoCommitEnable: false\n", "");

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactly(
            "route kafka: its endpoint needs the parameter batchingIntervalMs: 0",
            "route kafka: its endpoint needs the parameter autoCommitEnable: false");
  }

  @Test
  void a_kafka_source_has_the_time_for_a_poll_that_was_checked_against_the_destinations() {
    home.setting("kafka.enabled", "true");
    home.edit("routes/kafka.camel.yaml", "\"{{kafka.maxPollIntervalMillis}}\"", "300000");

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactly(
            "route kafka: its endpoint needs the parameter maxPollIntervalMs:"
                + " {{kafka.maxPollIntervalMillis}}");
  }

  @ParameterizedTest
  @CsvSource({
    "jms, transacted: true",
    "jms, lazyCreateTransactionManager: false",
    "jms, messageConverter: #jmsBodies",
    "jms, disableReplyTo: true",
    "jms, acceptMessagesWhileStopping: true",
    "amqp, transacted: true",
    "amqp, messageConverter: #jmsBodies",
    "sqs, amazonSQSClient: #sqsQueue",
    "sqs, exceptionHandler: #sqsGiveBack",
    "sqs, maxMessagesPerPoll: 1"
  })
  void a_source_of_messages_does_not_start_without_the_options_that_keep_them(
      String source, String option) {
    switchOn(source);
    String written = option.contains("#") ? option.replace("#", "\"#") + "\"" : option;
    home.edit("routes/" + source + ".camel.yaml", "        " + written + "\n", "");

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactly("route " + source + ": its endpoint needs the parameter " + option);
  }

  @ParameterizedTest
  @CsvSource({
    "jms, asyncConsumer: true",
    "amqp, asyncConsumer: true",
    "sqs, deleteAfterRead: false",
    "sqs, extendMessageVisibility: true"
  })
  void a_source_of_messages_does_not_start_with_options_that_lose_them(
      String source, String option) {
    switchOn(source);
    home.edit(
        "routes/" + source + ".camel.yaml",
        "      parameters:\n",
        "      parameters:\n        " + option + "\n");

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactly(
            "route "
                + source
                + ": its endpoint must not have the parameter "
                + option.replaceAll(":.*", ""));
  }

  @Test
  void a_server_that_others_can_reach_does_not_start_without_a_key() {
    home.setting("rest.enabled", "true").setting("rest.host", "0.0.0.0");

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactly(
            "rest.host: others than this machine could reach 0.0.0.0, and anybody would be let in;"
                + " set rest.apiKey (AA_REST_API_KEY), or listen on 127.0.0.1");
  }

  @Test
  void a_key_that_can_be_guessed_is_none_and_is_not_repeated() {
    home.setting("rest.enabled", "true").setting("rest.apiKey", "s3cret");

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactly("rest.apiKey: is too short to be safe; use 16 random characters or more");
  }

  @Test
  void an_address_that_nobody_reads_is_no_address() {
    home.edit("routes/files.camel.yaml", "uri: direct:profiles", "uri: direct:profile");

    assertThat(refused())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("route files: no route reads direct:profile; "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"decode", "identify"})
  void batches_are_not_taken_without(String step) {
    home.edit(PIPELINE, "            ref: " + step + "\n", "            ref: detectChange\n");

    assertThat(refused())
        .extracting(Problem::message)
        .anyMatch(
            message -> message.contains("route profiles: has no step \"process: " + step + "\""));
  }

  @Test
  void a_destination_whose_governance_is_disabled_does_not_start() {
    home.edit(
        PIPELINE,
        "              ref: govern\n",
        "              ref: govern\n              disabled: true\n");

    assertThat(refused())
        .extracting(Problem::message)
        .anyMatch(message -> message.contains("has no step \"process: govern\""));
  }

  @Nested
  class ADestination {
    @ParameterizedTest
    @ValueSource(strings = {"select", "govern", "map", "settle"})
    void does_not_start_without(String step) {
      home.edit(PIPELINE, "              ref: " + step + "\n", "              ref: detectChange\n");

      assertThat(refused())
          .extracting(Problem::message)
          .anyMatch(
              message ->
                  message.contains("route destination-prospects: has no step \"process: " + step));
    }

    @Test
    void does_not_start_with_its_steps_in_another_order() {
      home.edit(PIPELINE, "              ref: govern\n", "              ref: later\n");
      home.edit(PIPELINE, "              ref: map\n", "              ref: govern\n");
      home.edit(PIPELINE, "              ref: later\n", "              ref: map\n");

      assertThat(refused())
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.file()).isEqualTo(PIPELINE);
                assertThat(problem.message())
                    .endsWith(
                        "must stand in this order: select, govern, map, detectChange, settle");
              });
    }

    @Test
    void does_not_start_without_delivery() {
      home.edit(PIPELINE, "uri: \"aws2-kinesis:{{stream}}\"", "uri: \"log:{{stream}}\"");
      home.write(
          PIPELINE, home.read(PIPELINE).replaceAll("(?s) {14}parameters:.*?(?= {10}- )", ""));

      assertThat(refused())
          .extracting(Problem::message)
          .anyMatch(message -> message.endsWith("has no step to an aws2-kinesis endpoint"));
    }

    @Test
    void does_not_start_with_somebody_elses_component_under_the_name_of_ours() {
      home.write(
          "routes/own.camel.yaml",
          """
          - beans:
              - name: aws2-kinesis
                type: org.apache.camel.component.aws2.kinesis.Kinesis2Component
          """);

      assertThat(refused())
          .extracting(Problem::message)
          .anyMatch(message -> message.contains("aws2-kinesis"));
    }
  }

  @Nested
  class ARoute {
    @Test
    void does_not_start_under_a_configuration_that_does_not_exist() {
      home.edit(
          "routes/files.camel.yaml",
          "routeConfigurationId: sources",
          "routeConfigurationId: sauces");

      assertThat(refused())
          .singleElement()
          .satisfies(
              problem -> {
                assertThat(problem.file()).isEqualTo("routes/files.camel.yaml");
                assertThat(problem.message())
                    .isEqualTo(
                        "route files: routeConfigurationId \"sauces\" does not exist; allowed:"
                            + " dead-letter, enrichment, pipeline, sources");
              });
    }

    @Test
    void does_not_start_under_no_configuration() {
      home.edit("routes/files.camel.yaml", "    routeConfigurationId: sources\n", "");

      assertThat(refused())
          .extracting(Problem::message)
          .containsExactly(
              "route files: names no routeConfigurationId; allowed: dead-letter, enrichment,"
                  + " pipeline, sources");
    }

    @Test
    void does_not_start_with_a_key_that_stands_twice_which_camel_would_merge() {
      home.edit(
          "routes/files.camel.yaml",
          "    routeConfigurationId: sources\n",
          "    routeConfigurationId: sources\n    routeConfigurationId: pipeline\n");

      assertThat(refused())
          .singleElement()
          .satisfies(
              problem ->
                  assertThat(problem.message())
                      .startsWith("routeConfigurationId: stands in line ")
                      .endsWith(" already"));
    }
  }

  @ParameterizedTest
  @CsvSource({"jms", "amqp", "sqs", "kafka", "rest"})
  void a_copy_of_a_source_that_is_off_is_told_what_it_misses(String source) throws IOException {
    Path routes = home.home().routes();
    String original = Files.readString(routes.resolve(source + ".camel.yaml"));
    Files.writeString(
        routes.resolve("copy.camel.yaml"),
        original
            .replace("id: " + source, "id: copy")
            .replace("\"{{" + source + ".enabled}}\"", "\"true\""));

    assertThat(refused())
        .anySatisfy(
            problem ->
                assertThat(problem.message())
                    .endsWith(" It is there where " + source + ".enabled = true."));
  }

  @ParameterizedTest
  @CsvSource({"path: profiles", "path: /profiles"})
  void two_routes_that_take_the_same_calls_are_named(String path) throws IOException {
    home.setting("rest.enabled", "true");
    Path routes = home.home().routes();
    String rest = Files.readString(routes.resolve("rest.camel.yaml"));
    Files.writeString(
        routes.resolve("twice.camel.yaml"),
        rest.replace("id: rest", "id: twice").replace("path: profiles", path));

    assertThat(refused())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.file()).matches("routes/(twice|rest).camel.yaml");
              assertThat(problem.message())
                  .matches("route \\w+: takes the same calls as route \\w+; give it another path")
                  .contains("route twice", "route rest");
            });
  }

  @Test
  void of_two_routes_with_one_id_both_are_named() throws IOException {
    Path routes = home.home().routes();
    Files.copy(routes.resolve("jms.camel.yaml"), routes.resolve("orders.camel.yaml"));

    assertThat(refused())
        .anySatisfy(
            problem -> {
              assertThat(problem.file()).isEqualTo("routes/orders.camel.yaml");
              assertThat(problem.message())
                  .matches(
                      "\\[0].route.id: is the id of the route at routes/jms.camel.yaml:\\d+ already");
            });
  }

  @Test
  void nothing_starts_without_a_route_for_dead_letters() {
    home.without("routes/dead-letter.camel.yaml");

    assertThat(refused())
        .extracting(Problem::message)
        .containsExactly("no route reads direct:dead-letter; without it nothing starts");
  }
}
