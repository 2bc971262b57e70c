package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.audienceactivation.TestHome;
import org.audienceactivation.config.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings of a Kafka source that would not do, each with its place, before anything starts. */
class KafkaConnectionsTest {
  private static final String TOO_SHORT = "kafka.maxPollIntervalMillis: 300000 is too short: ";

  @TempDir Path folder;
  private TestHome home;

  @BeforeEach
  void makeHome() {
    home = TestHome.shippedIn(folder).setting("kafka.enabled", "true");
  }

  private List<Problem> problems() {
    ConfigurationException refused =
        catchThrowableOfType(
            ConfigurationException.class,
            () ->
                Activation.start(
                        home.home(), ActivationOptions.of(new ActivationOptions.Sources.Nothing()))
                    .close());
    return refused == null ? List.of() : refused.problems();
  }

  private int lastLine() {
    return (int) home.read("application.properties").lines().count();
  }

  private void retryFor(String time) {
    home.edit("destinations/prospects.yaml", "stream:", "delivery: { " + time + " }\nstream:");
  }

  @Test
  void a_poll_must_not_end_before_an_outage_that_is_waited_out() {
    home.setting("kafka.maxPollIntervalMillis", "300000");

    assertThat(problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.file()).isEqualTo("application.properties");
              assertThat(problem.line()).isEqualTo(lastLine());
              assertThat(problem.message())
                  .startsWith(TOO_SHORT + "destination prospects waits as long as an outage lasts")
                  .endsWith("let every retryFor end a minute before it");
            });
  }

  @Test
  void a_poll_must_not_end_before_the_retries() {
    home.setting("kafka.maxPollIntervalMillis", "300000");
    retryFor("retryFor: 5m");

    assertThat(problems())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith(TOO_SHORT + "destination prospects retries for 300 s (delivery.retryFor)");
  }

  @Test
  void a_poll_that_ends_after_the_retries_will_do() {
    home.setting("kafka.maxPollIntervalMillis", "300000");
    retryFor("retryFor: 4m");

    assertThat(problems()).isEmpty();
  }

  @Test
  void without_a_time_for_a_poll_every_outage_is_waited_out() {
    assertThat(problems()).isEmpty();
  }

  @Test
  void what_is_no_list_of_brokers_is_named() {
    home.setting("kafka.brokers", "one:9092,two");

    assertThat(problems())
        .extracting(Problem::message)
        .containsExactly("kafka.brokers: is no list of brokers; write it like HOST:9092,HOST:9092");
  }

  @Test
  void brokers_may_be_names_and_addresses() {
    home.setting("kafka.brokers", "one:9092, SASL_SSL://two.example.com:9093,[::1]:9092");

    assertThat(problems()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "enable.auto.commit",
        "auto.offset.reset",
        "isolation.level",
        "partition.assignment.strategy",
        "group.protocol",
        "group.instance.id",
        "max.poll.interval.ms"
      })
  void a_file_of_the_client_sets_nothing_that_would_lose_messages(String key) {
    home.write("client.properties", key + "=true\nssl.protocol=TLSv1.3\n");
    home.setting("kafka.clientConfig", "{{activation.home}}/client.properties");

    assertThat(problems())
        .extracting(Problem::message)
        .containsExactly(
            "kafka.clientConfig: "
                + home.path("client.properties")
                + " sets "
                + key
                + ", which it may not; see the settings kafka.*");
  }

  @Test
  void a_file_of_the_client_that_is_not_there_is_named() {
    home.setting("kafka.clientConfig", "{{activation.home}}/absent.properties");

    assertThat(problems())
        .extracting(Problem::message)
        .containsExactly(
            "kafka.clientConfig: "
                + home.path("absent.properties")
                + " cannot be read as a properties file");
  }

  @Test
  void a_security_protocol_that_does_not_exist_is_named() {
    home.setting("kafka.securityProtocol", "WHAT");

    assertThat(problems())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("kafka.securityProtocol: \"WHAT\" is no security protocol; allowed: ")
        .contains("SASL_SSL");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense geheim",
        "no.such.Module required password=\"geheim\";",
        "org.apache.kafka.common.security.plain.PlainLoginModule required password=geheim"
      })
  void a_login_that_cannot_be_read_is_refused_and_not_repeated(String text) {
    home.setting("kafka.securityProtocol", "SASL_PLAINTEXT");
    home.setting("kafka.saslJaasConfig", text);

    assertThat(problems())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("kafka.saslJaasConfig: ")
        .doesNotContain("geheim");
  }

  @Test
  void a_login_that_is_missing_is_named() {
    home.setting("kafka.securityProtocol", "SASL_SSL");

    assertThat(problems())
        .singleElement()
        .extracting(Problem::message)
        .asString()
        .startsWith("kafka.saslJaasConfig: is missing, and SASL needs it");
  }

  @Test
  void a_login_that_can_be_read_will_do() {
    home.setting("kafka.securityProtocol", "SASL_SSL");
    home.setting("kafka.saslMechanism", "SCRAM-SHA-512");
    home.setting(
        "kafka.saslJaasConfig",
        "org.apache.kafka.common.security.scram.ScramLoginModule required"
            + " username=\"u\" password=\"p\";");

    assertThat(problems()).isEmpty();
  }

  @Test
  void a_value_in_the_clients_file_that_kafka_does_not_take_is_named_but_not_repeated() {
    home.write("client.properties", "session.timeout.ms=geheim\n");
    home.setting("kafka.clientConfig", "{{activation.home}}/client.properties");

    assertThat(problems())
        .extracting(Problem::message)
        .containsExactly(
            "kafka.clientConfig: the value of session.timeout.ms is not what Kafka's client takes");
  }

  @Test
  void no_consumer_is_made_that_has_another_time_for_a_poll_than_was_checked() throws Exception {
    try (DefaultCamelContext camel = new DefaultCamelContext()) {
      camel.getPropertiesComponent().setLocation("file:" + home.path("application.properties"));
      for (Setting setting : Setting.values()) {
        camel.getPropertiesComponent().addInitialProperty(setting.key(), setting.defaultValue());
      }
      KafkaConnections connections =
          KafkaConnections.to(
              ApplicationProperties.read(home.home(), camel::resolvePropertyPlaceholders),
              List.of(),
              new StopSignal());
      Properties ofRoute = new Properties();
      ofRoute.put("max.poll.interval.ms", 300_000);

      assertThatThrownBy(() -> connections.getConsumer(ofRoute))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("a route has max.poll.interval.ms 300000, but")
          .hasMessageContaining("kafka.maxPollIntervalMillis is 2147483647");
    }
  }
}
