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

/**
 * What is promised of every queue: a message is acknowledged when it is settled, never before, and
 * nothing is lost.
 */
@Timeout(180)
abstract class MessagesToKinesis {
  private static final ObjectMapper JSON = new ObjectMapper();
  static final Faults OUTAGE = Faults.none().with(Fault.HTTP_500, 100);

  /** How long the stream is down; a minute and more when somebody wants to see it. */
  private static final Duration DOWN =
      Duration.ofSeconds(Integer.getInteger("audience-activation.outage.seconds", 7));

  static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  @TempDir Path queueFolder;
  TestHome home;
  LocalKinesis kinesis;
  private TestQueue queue;

  abstract TestQueue start(Path empty) throws Exception;

  /** As far as the broker says it of the messages that are left. */
  abstract void assertThatNoAttemptWasUsedUp() throws Exception;

  @BeforeEach
  void start() throws Exception {
    queue = start(queueFolder);
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
    home = TestHome.shippedIn(folder);
    queue.feed(home);
    for (String source : List.of("jms", "amqp", "sqs")) {
      home.setting(source + ".consumers", "8");
    }
    home.setting("camel.main.shutdownTimeout", "5");
    home.edit(
        "destinations/prospects.yaml",
        "stream:",
        "delivery: { backoffMin: 5ms, backoffMax: 100ms }\nstream:");
  }

  @AfterEach
  void stop() throws Exception {
    kinesis.close();
    queue.close();
  }

  Activation activation() {
    return Activation.start(
        home.home(),
        ActivationOptions.of(new ActivationOptions.Sources.Watching())
            .withKinesisEndpoint(kinesis.endpoint()));
  }

  Totals runUntilTheQueueIsEmpty() {
    try (Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> queue.left() == 0);
      return stopped(activation);
    }
  }

  static Totals stopped(Activation activation) {
    activation.stop();
    OutcomeReport report = activation.report();
    assertThat(report.addsUp()).as(report.toTable()).isTrue();
    return report.destinations().get("prospects");
  }

  Map<String, Integer> timesDelivered() {
    Map<String, Integer> times = new HashMap<>();
    kinesis.forEachRecord(record -> times.merge(record.partitionKey(), 1, Integer::sum));
    return times;
  }

  static List<String> prospects(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> Profiles.prospect("p" + i)).toList();
  }

  static Set<String> keys(int count) {
    Set<String> keys = new HashSet<>();
    IntStream.range(0, count).forEach(i -> keys.add("p" + i));
    return keys;
  }

  @Test
  void everything_arrives_exactly_as_counted_whatever_the_form_of_the_message() throws Exception {
    List<String> bodies = new ArrayList<>(prospects(0, 300));
    bodies.add(String.join("\n", prospects(300, 900)));
    bodies.add("[" + String.join(",", prospects(900, 1_500)) + "]");
    bodies.add("[]");
    bodies.add(Profiles.refusing("private"));
    queue.send(bodies);

    Totals totals = runUntilTheQueueIsEmpty();

    assertThat(totals.received()).isEqualTo(1_501);
    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1_500);
    assertThat(totals.of(Outcome.EXCLUDED)).isEqualTo(1);
    assertThat(timesDelivered().keySet()).isEqualTo(keys(1_500));
    assertThat(timesDelivered().values()).containsOnly(1);
    assertThat(queue.poison()).isZero();
  }

  @Test
  void a_message_that_is_no_profile_goes_to_our_dead_letter_and_not_to_the_brokers()
      throws Exception {
    queue.send(List.of("hello\nworld", "{\"person\":", "[{\"a\":1},{\"b\":"));

    Totals totals = runUntilTheQueueIsEmpty();

    assertThat(totals.of(Outcome.REJECTED)).isEqualTo(4).isEqualTo(totals.received());
    assertThat(queue.poison()).isZero();
    assertThat(deadLetters())
        .extracting(letter -> letter.at("/raw/data").asText())
        .containsExactlyInAnyOrder("hello\nworld", "{\"person\":", "{\"a\":1}", "{\"b\":");
  }

  List<JsonNode> deadLetters() throws Exception {
    List<JsonNode> letters = new ArrayList<>();
    for (String line : home.lines("dead-letter")) {
      letters.add(JSON.readTree(line));
    }
    return letters;
  }

  @Test
  void an_outage_of_the_stream_uses_up_no_attempt_and_loses_nothing() throws Exception {
    kinesis.inject(OUTAGE);
    queue.send(prospects(0, 500));

    try (Activation activation = activation()) {
      await().during(DOWN).atMost(DOWN.plusSeconds(30)).until(() -> kinesis.recordCount() == 0);
      assertThat(queue.left()).isEqualTo(500);
      assertThatNoAttemptWasUsedUp();
      kinesis.inject(Faults.none());
      await().atMost(PATIENCE).until(() -> queue.left() == 0);

      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(500);
    }
    assertThat(timesDelivered().keySet()).isEqualTo(keys(500));
    assertThat(queue.poison()).isZero();
  }

  @Test
  void a_stop_in_an_outage_gives_back_what_is_in_flight_and_nothing_else_is_begun()
      throws Exception {
    kinesis.inject(OUTAGE);
    queue.send(prospects(0, 200));
    home.setting("camel.main.shutdownTimeout", "1");

    try (Activation activation = activation()) {
      await()
          .atMost(PATIENCE)
          .until(() -> activation.report().destinations().get("prospects").received() == 8);
      Totals totals = stopped(activation);

      assertThat(totals.received()).isEqualTo(8);
      assertThat(totals.of(Outcome.RETURNED)).isEqualTo(8);
    }
    await().atMost(PATIENCE).until(() -> queue.left() == 200);
    assertThat(queue.poison()).isZero();
    kinesis.inject(Faults.none());
    assertThat(runUntilTheQueueIsEmpty().of(Outcome.DELIVERED)).isEqualTo(200);
  }

  @Test
  void a_stop_under_load_gives_back_nothing() throws Exception {
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(20)));
    queue.send(prospects(0, 3_000));

    try (Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> kinesis.recordCount() > 200);
      Totals totals = stopped(activation);

      assertThat(totals.of(Outcome.RETURNED)).isZero();
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(3_000 - queue.left());
      assertThatNoAttemptWasUsedUp();
    }
  }

  @Test
  void a_dead_letter_that_cannot_be_written_keeps_the_message() throws Exception {
    home.write("dead-letter/absent", "a file where the folder should be");
    home.edit(
        "routes/dead-letter.camel.yaml",
        "\"{{deadLetter.directory}}\"",
        "\"{{deadLetter.directory}}/absent\"");
    home.setting("camel.main.shutdownTimeout", "1");
    queue.send(List.of("nonsense"));

    try (Activation activation = activation()) {
      await()
          .atMost(PATIENCE)
          .until(() -> activation.report().destinations().get("prospects").received() == 1);
      assertThat(stopped(activation).of(Outcome.RETURNED)).isEqualTo(1);
    }

    await().atMost(PATIENCE).until(() -> queue.left() == 1);
  }
}
