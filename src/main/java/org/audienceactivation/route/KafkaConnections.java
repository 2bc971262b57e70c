package org.audienceactivation.route;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.component.kafka.DefaultKafkaClientFactory;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.SaslConfigs;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the consumers of {@code kafka.camel.yaml}. What is secret in their configuration goes past
 * Camel, whose endpoints are named by all their options. A class of its own, because Kafka's client
 * is an optional library.
 */
final class KafkaConnections extends DefaultKafkaClientFactory {
  static final String BEAN = "kafkaConnections";
  static final String FAILURES = "sourceFailures";

  private static final Logger LOG = LoggerFactory.getLogger(KafkaConnections.class);
  private static final Pattern BROKER =
      Pattern.compile("\\s*([A-Z_]+://)?([^\\s:/\\[\\]]+|\\[[0-9A-Fa-f:.%]+\\]):\\d{1,5}\\s*");

  /** What a poll takes beside the time for which a record is retried. */
  private static final Duration BESIDE_RETRIES = Duration.ofMinutes(1);

  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(5);

  private static final Map<Setting, String> SECURITY =
      Map.of(
          Setting.KAFKA_SECURITY_PROTOCOL, CommonClientConfigs.SECURITY_PROTOCOL_CONFIG,
          Setting.KAFKA_SASL_MECHANISM, SaslConfigs.SASL_MECHANISM,
          Setting.KAFKA_SASL_JAAS_CONFIG, SaslConfigs.SASL_JAAS_CONFIG);

  /** What would lose messages, or is said in application.properties. */
  private static final Set<String> NOT_IN_THE_FILE =
      Set.of(
          ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
          ConsumerConfig.GROUP_ID_CONFIG,
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
          ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          ConsumerConfig.ISOLATION_LEVEL_CONFIG,
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          ConsumerConfig.GROUP_PROTOCOL_CONFIG,
          ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);

  private final Properties client;
  private final int maxPollInterval;
  private final StopSignal stop;
  private final SourceTrouble trouble = new SourceTrouble("Kafka");

  private KafkaConnections(Properties client, int maxPollInterval, StopSignal stop) {
    this.client = client;
    this.maxPollInterval = maxPollInterval;
    this.stop = stop;
  }

  /**
   * Does not connect yet.
   *
   * @param destinations that are fed, which must be done with a poll before its time is over
   * @throws ConfigurationException if the settings cannot be used
   */
  static KafkaConnections to(
      ApplicationProperties properties, List<Destination> destinations, StopSignal stop) {
    List<Problem> problems = new ArrayList<>();
    boolean areBrokers =
        Arrays.stream(properties.text(Setting.KAFKA_BROKERS).split(",", -1))
            .allMatch(one -> BROKER.matcher(one).matches());
    if (!areBrokers) {
      problems.add(
          properties.problem(
              Setting.KAFKA_BROKERS.key(),
              "is no list of brokers; write it like HOST:9092,HOST:9092"));
    }
    problems.addAll(problemsOfPollInterval(properties, destinations));
    Properties client = clientConfig(properties, problems);
    SECURITY.forEach(
        (setting, key) -> {
          if (!properties.text(setting).isEmpty()) {
            client.setProperty(key, properties.text(setting));
          }
        });
    if (problems.isEmpty()) {
      problems.addAll(KafkaSecurity.problems(properties, client));
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    int maxPollInterval = properties.number(Setting.KAFKA_MAX_POLL_INTERVAL_MILLIS);
    return new KafkaConnections(client, maxPollInterval, stop);
  }

  /** What is wrong with these destinations for a consumer of Kafka. */
  static List<Problem> problemsOfPollInterval(
      ApplicationProperties properties, List<Destination> destinations) {
    return destinations.stream()
        .flatMap(one -> problemsOfPollInterval(properties, one).stream())
        .toList();
  }

  /** Whoever does not come back from a poll in time loses his partitions, and what is in flight. */
  private static List<Problem> problemsOfPollInterval(
      ApplicationProperties properties, Destination destination) {
    int interval = properties.number(Setting.KAFKA_MAX_POLL_INTERVAL_MILLIS);
    if (interval == Integer.MAX_VALUE) {
      return List.of();
    }
    Duration retryFor = destination.delivery().retryFor();
    if (!retryFor.isZero() && retryFor.plus(BESIDE_RETRIES).toMillis() <= interval) {
      return List.of();
    }
    String waits =
        retryFor.isZero()
            ? "waits as long as an outage lasts (it has no delivery.retryFor)"
            : "retries for " + retryFor.toSeconds() + " s (delivery.retryFor)";
    return List.of(
        properties.problem(
            Setting.KAFKA_MAX_POLL_INTERVAL_MILLIS.key(),
            interval
                + " is too short: destination "
                + destination.name()
                + " "
                + waits
                + ", and the consumer would be expelled from its group; leave the line out, or let"
                + " every retryFor end a minute before it"));
  }

  private static Properties clientConfig(ApplicationProperties properties, List<Problem> problems) {
    Properties read = new Properties();
    String file = properties.text(Setting.KAFKA_CLIENT_CONFIG);
    if (file.isEmpty()) {
      return read;
    }
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      read.load(reader);
    } catch (IOException | IllegalArgumentException e) {
      problems.add(
          properties.problem(
              Setting.KAFKA_CLIENT_CONFIG.key(), file + " cannot be read as a properties file"));
    }
    for (String key : new TreeSet<>(read.stringPropertyNames())) {
      if (NOT_IN_THE_FILE.contains(key)) {
        problems.add(
            properties.problem(
                Setting.KAFKA_CLIENT_CONFIG.key(),
                file + " sets " + key + ", which it may not; see the settings kafka.*"));
      }
    }
    return read;
  }

  /**
   * A consumer that does not connect yet. As long as none can be made, because no name of a broker
   * is known or a key cannot be read, this waits, until the application stops.
   *
   * @throws IllegalStateException if it would be expelled in an outage, because its route sets
   *     another interval than the one that was checked against the destinations
   */
  @Override
  public Consumer<Object, Object> getConsumer(Properties ofRoute) {
    Properties all = new Properties();
    all.putAll(ofRoute);
    all.putAll(client);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    checkPollInterval(String.valueOf(all.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG)));
    Optional<Consumer<Object, Object>> made = Optional.empty();
    while (made.isEmpty()) {
      made = tryToMake(all);
    }
    return made.get();
  }

  private Optional<Consumer<Object, Object>> tryToMake(Properties all) {
    try {
      return Optional.of(new RepeatingConsumer(all, stop, trouble));
    } catch (KafkaException e) {
      if (!stop.isGiven()) {
        trouble.is(KafkaReasons.of(all).noConsumer(e));
        stop.pause(BETWEEN_TRIES);
      }
      if (stop.isGiven() || Thread.currentThread().isInterrupted()) {
        // Camel would wait for its own next try as well
        Thread.currentThread().interrupt();
        throw e;
      }
      return Optional.empty();
    }
  }

  private void checkPollInterval(String found) {
    if (!found.equals(Integer.toString(maxPollInterval))) {
      String problem =
          "a route has %s %s, but %s is %d; remove it from the route"
              .formatted(
                  ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                  found,
                  Setting.KAFKA_MAX_POLL_INTERVAL_MILLIS.key(),
                  maxPollInterval);
      LOG.error("Kafka: {}", problem);
      throw new IllegalStateException(problem);
    }
  }
}
