package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a queue to a stream: acknowledged when settled, never before, and nothing is lost. */
@Timeout(120)
class JmsToKinesisTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Faults OUTAGE = Faults.none().with(Fault.HTTP_500, 100);

  /** How long the stream is down; a minute and more when somebody wants to see it. */
  private static final Duration DOWN =
      Duration.ofSeconds(Integer.getInteger("audience-activation.outage.seconds", 4));

  @TempDir Path folder;
  @TempDir Path brokerFolder;
  private TestHome home;
  private LocalKinesis kinesis;
  private Broker broker;

  @BeforeEach
  void start() throws Exception {
    broker = Broker.startIn(brokerFolder);
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
    home = TestHome.shippedIn(folder);
    home.setting("files.enabled", "false")
        .setting("jms.enabled", "true")
        .setting("jms.brokerUrl", broker.url())
        .setting("jms.consumers", "8")
        .setting("camel.main.shutdownTimeout", "5");
    home.edit(
        "destinations/prospects.yaml",
        "stream:",
        "delivery: { backoffMin: 5ms, backoffMax: 100ms }\nstream:");
  }

  @AfterEach
  void stop() throws Exception {
    kinesis.close();
    broker.close();
  }

  private Activation activation() {
    return Activation.start(
        home.home(),
        ActivationOptions.of(new ActivationOptions.Sources.Watching())
            .withKinesisEndpoint(kinesis.endpoint()));
  }

  private Totals runUntilTheQueueIsEmpty() {
    try (Activation activation = activation()) {
      await().atMost(Duration.ofSeconds(60)).until(() -> broker.left() == 0);
      return stopped(activation);
    }
  }

  private static Totals stopped(Activation activation) {
    activation.stop();
    OutcomeReport report = activation.report();
    assertThat(report.addsUp()).as(report.toTable()).isTrue();
    return report.destinations().get("prospects");
  }

  private Map<String, Integer> timesDelivered() {
    Map<String, Integer> times = new HashMap<>();
    kinesis.forEachRecord(record -> times.merge(record.partitionKey(), 1, Integer::sum));
    return times;
  }

  private static List<String> prospects(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> Profiles.prospect("p" + i)).toList();
  }

  private static Set<String> keys(int count) {
    Set<String> keys = new HashSet<>();
    IntStream.range(0, count).forEach(i -> keys.add("p" + i));
    return keys;
  }

  @Test
  void everything_arrives_exactly_as_counted_whatever_the_form_of_the_message() throws Exception {
    List<String> bodies = new ArrayList<>(prospects(0, 300));
    bodies.add(String.join("\n", prospects(300, 1_500)));
    bodies.add("[" + String.join(",", prospects(1_500, 2_700)) + "]");
    bodies.add("[]");
    bodies.add(Profiles.refusing("private"));
    broker.send(bodies);
    broker.sendAll(List.of(session -> session.createTextMessage(Profiles.prospect("p2700"))));

    Totals totals = runUntilTheQueueIsEmpty();

    assertThat(totals.received()).isEqualTo(2_702);
    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(2_701);
    assertThat(totals.of(Outcome.EXCLUDED)).isEqualTo(1);
    assertThat(timesDelivered().keySet()).isEqualTo(keys(2_701));
    assertThat(timesDelivered().values()).containsOnly(1);
    assertThat(broker.poison()).isZero();
  }

  @Test
  void a_message_that_is_no_profile_goes_to_our_dead_letter_and_not_to_the_brokers()
      throws Exception {
    List<String> poison = List.of("hello\nworld", "", "{\"person\":", "[{\"a\":1},{\"b\":");
    broker.send(poison);
    broker.sendAll(
        List.of(
            session -> {
              var message = session.createMapMessage();
              message.setString("a", "b");
              return message;
            },
            session -> session.createObjectMessage("an object of Java"),
            session -> session.createMessage(),
            session -> {
              var message = session.createTextMessage("nonsense");
              message.setStringProperty(Messages.SOURCE, "shop 7");
              return message;
            }));

    Totals totals = runUntilTheQueueIsEmpty();

    assertThat(totals.of(Outcome.REJECTED)).isEqualTo(9).isEqualTo(totals.received());
    assertThat(broker.poison()).isZero();
    List<JsonNode> letters = new ArrayList<>();
    for (String line : home.lines("dead-letter")) {
      letters.add(JSON.readTree(line));
    }
    assertThat(letters)
        .extracting(letter -> letter.at("/raw/data").asText())
        .contains("hello\nworld", "", "{\"person\":", "{\"a\":1}", "{\"b\":", "nonsense");
    assertThat(letters)
        .filteredOn(letter -> letter.at("/raw/data").asText().equals("nonsense"))
        .extracting(letter -> letter.at("/source/name").asText())
        .containsExactly("shop_7");
  }

  @Test
  void an_outage_of_the_stream_uses_up_no_attempt_and_loses_nothing() throws Exception {
    kinesis.inject(OUTAGE);
    broker.send(prospects(0, 500));

    try (Activation activation = activation()) {
      await().during(DOWN).atMost(DOWN.plusSeconds(30)).until(() -> kinesis.recordCount() == 0);
      assertThat(broker.left()).isEqualTo(500);
      assertThat(broker.mostAttempts()).isLessThanOrEqualTo(1);
      kinesis.inject(Faults.none());
      await().atMost(Duration.ofSeconds(60)).until(() -> broker.left() == 0);

      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(500);
    }
    assertThat(timesDelivered().keySet()).isEqualTo(keys(500));
    assertThat(broker.poison()).isZero();
  }

  @Test
  void a_stop_in_an_outage_gives_back_what_is_in_flight_and_nothing_else_is_begun()
      throws Exception {
    kinesis.inject(OUTAGE);
    broker.send(prospects(0, 200));
    home.setting("camel.main.shutdownTimeout", "1");

    try (Activation activation = activation()) {
      await().until(() -> activation.report().destinations().get("prospects").received() == 8);
      Totals totals = stopped(activation);

      assertThat(totals.received()).isEqualTo(8);
      assertThat(totals.of(Outcome.RETURNED)).isEqualTo(8);
    }
    await().until(() -> broker.left() == 200);
    assertThat(broker.poison()).isZero();
    kinesis.inject(Faults.none());
    assertThat(runUntilTheQueueIsEmpty().of(Outcome.DELIVERED)).isEqualTo(200);
  }

  @Test
  void a_stop_under_load_gives_back_nothing() throws Exception {
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(20)));
    broker.send(prospects(0, 3_000));

    try (Activation activation = activation()) {
      await().until(() -> kinesis.recordCount() > 200);
      Totals totals = stopped(activation);

      assertThat(totals.of(Outcome.RETURNED)).isZero();
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(3_000 - broker.left());
      assertThat(broker.mostAttempts()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void a_broker_that_is_started_again_in_mid_run_costs_nothing() throws Exception {
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(20)));
    broker.send(prospects(0, 3_000));

    try (Activation activation = activation()) {
      await().until(() -> kinesis.recordCount() > 200);
      broker.stop();
      broker.start();
      await().atMost(Duration.ofSeconds(60)).until(() -> broker.left() == 0);
      stopped(activation);
    }

    assertThat(timesDelivered().keySet()).isEqualTo(keys(3_000));
    assertThat(broker.poison()).isZero();
  }

  @Test
  void a_dead_letter_that_cannot_be_written_keeps_the_message() throws Exception {
    home.write("dead-letter/absent", "a file where the folder should be");
    home.edit(
        "routes/dead-letter.camel.yaml",
        "\"{{deadLetter.directory}}\"",
        "\"{{deadLetter.directory}}/absent\"");
    home.setting("camel.main.shutdownTimeout", "1");
    broker.send(List.of("nonsense"));

    try (Activation activation = activation()) {
      await().until(() -> activation.report().destinations().get("prospects").received() == 1);
      assertThat(stopped(activation).of(Outcome.RETURNED)).isEqualTo(1);
    }

    await().until(() -> broker.left() == 1);
  }
}
