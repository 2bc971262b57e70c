package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.audienceactivation.LogLines;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a topic to a stream: committed when settled, never before, and nothing is lost. */
@Timeout(120)
class KafkaToKinesisTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Faults OUTAGE = Faults.none().with(Fault.HTTP_500, 100);
  private static final Faults SLOW = Faults.none().withLatency(Duration.ofMillis(20));
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int PARTITIONS = 4;

  /** How long the stream is down; a minute and more when somebody wants to see it. */
  private static final Duration DOWN =
      Duration.ofSeconds(Integer.getInteger("audience-activation.outage.seconds", 4));

  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static KafkaBroker broker;

  @TempDir static Path brokerFolder;
  @TempDir Path folder;
  private final String topic = "profiles" + TOPICS.incrementAndGet();
  private TestHome home;
  private LocalKinesis kinesis;

  /** A step of a user that fails as often as it is told. */
  public static final class BrokenStep {
    private static final AtomicInteger FAILURES = new AtomicInteger();

    /** Called by the route. */
    public static void run() {
      if (FAILURES.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        throw new IllegalStateException("broken");
      }
    }
  }

  /** Is told by Kafka's client how it is configured in the end. */
  public static final class Configured implements ConsumerInterceptor<Object, Object> {
    private static final Queue<String> POLL_INTERVALS = new ConcurrentLinkedQueue<>();

    @Override
    public void configure(Map<String, ?> configuration) {
      POLL_INTERVALS.add(
          String.valueOf(configuration.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG)));
    }

    @Override
    public ConsumerRecords<Object, Object> onConsume(ConsumerRecords<Object, Object> records) {
      return records;
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

    @Override
    public void close() {}
  }

  @BeforeAll
  static void startBroker() throws Exception {
    broker = KafkaBroker.startIn(brokerFolder);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void start() throws Exception {
    broker.createTopic(topic, PARTITIONS);
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
    home = home(folder.resolve("one"));
  }

  private TestHome home(Path in) {
    TestHome made = TestHome.shippedIn(in);
    made.setting("files.enabled", "false")
        .setting("kafka.enabled", "true")
        .setting("kafka.brokers", broker.address())
        .setting("kafka.topic", topic)
        .setting("kafka.groupId", group())
        .setting("kafka.consumers", "2")
        .setting("camel.main.shutdownTimeout", "5");
    return made.edit(
        "destinations/prospects.yaml",
        "stream:",
        "delivery: { backoffMin: 5ms, backoffMax: 100ms }\nstream:");
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private String group() {
    return "group-of-" + topic;
  }

  private Activation activation() {
    return activation(home);
  }

  private Activation activation(TestHome of) {
    return Activation.start(
        of.home(),
        ActivationOptions.of(new ActivationOptions.Sources.Watching())
            .withKinesisEndpoint(kinesis.endpoint()));
  }

  private long left() {
    return broker.left(group(), topic);
  }

  private void awaitNothingLeft() {
    await().atMost(PATIENCE).until(() -> left() == 0);
  }

  private Totals runUntilNothingIsLeft() {
    try (Activation activation = activation()) {
      awaitNothingLeft();
      return stopped(activation);
    }
  }

  private static Totals totals(Activation activation) {
    return activation.report().destinations().get("prospects");
  }

  private static Totals stopped(Activation activation) {
    activation.stop();
    OutcomeReport report = activation.report();
    assertThat(report.addsUp()).as(report.toTable()).isTrue();
    return report.destinations().get("prospects");
  }

  private void send(List<String> bodies) throws Exception {
    broker.send(bodies.stream().map(body -> KafkaBroker.message(topic, body)).toList());
  }

  private void sendKeyed(List<String> keys) throws Exception {
    broker.send(
        keys.stream().map(key -> KafkaBroker.message(topic, key, Profiles.prospect(key))).toList());
  }

  private Map<String, Integer> timesDelivered() {
    Map<String, Integer> times = new HashMap<>();
    kinesis.forEachRecord(record -> times.merge(record.partitionKey(), 1, Integer::sum));
    return times;
  }

  private static List<String> names(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "p" + i).toList();
  }

  private static List<String> prospects(int from, int to) {
    return names(from, to).stream().map(Profiles::prospect).toList();
  }

  private static Set<String> keys(int count) {
    return new HashSet<>(names(0, count));
  }

  @Test
  void everything_arrives_exactly_as_counted_whatever_the_form_of_the_message() throws Exception {
    List<String> bodies = new ArrayList<>(prospects(0, 3_000));
    bodies.add(String.join("\n", prospects(3_000, 4_500)));
    bodies.add("[" + String.join(",", prospects(4_500, 5_700)) + "]");
    bodies.add("[]");
    bodies.add(Profiles.refusing("private"));
    send(bodies);

    Totals totals = runUntilNothingIsLeft();

    assertThat(totals.received()).isEqualTo(5_701);
    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(5_700);
    assertThat(totals.of(Outcome.EXCLUDED)).isEqualTo(1);
    assertThat(timesDelivered().keySet()).isEqualTo(keys(5_700));
    assertThat(timesDelivered().values()).containsOnly(1);
  }

  @Test
  void a_message_that_is_no_profile_goes_to_the_dead_letter_with_its_position_and_is_committed()
      throws Exception {
    byte[] noText = {(byte) 0xFF, 0x00};
    ProducerRecord<byte[], byte[]> named =
        new ProducerRecord<>(topic, 2, null, "nonsense".getBytes(StandardCharsets.UTF_8));
    named.headers().add(Messages.SOURCE, "shop 7".getBytes(StandardCharsets.UTF_8));
    broker.send(
        List.of(
            new ProducerRecord<>(topic, 1, null, noText),
            new ProducerRecord<>(topic, 1, "deleted".getBytes(StandardCharsets.UTF_8), null),
            new ProducerRecord<>(
                topic, 1, null, "[{\"a\":1},{\"b\":".getBytes(StandardCharsets.UTF_8)),
            named));
    send(prospects(0, 1));

    Totals totals = runUntilNothingIsLeft();

    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1);
    assertThat(totals.of(Outcome.REJECTED)).isEqualTo(5).isEqualTo(totals.received() - 1);
    List<JsonNode> letters = new ArrayList<>();
    for (String line : home.lines("dead-letter")) {
      letters.add(JSON.readTree(line));
    }
    assertThat(letters)
        .extracting(
            letter -> letter.at("/source/name").asText(),
            letter -> letter.at("/source/line").asInt(),
            letter -> letter.at("/raw/data").asText())
        .containsExactlyInAnyOrder(
            tuple(topic + "-1@0", 1, "/wA="),
            tuple(topic + "-1@1", 1, ""),
            tuple(topic + "-1@2", 1, "{\"a\":1}"),
            tuple(topic + "-1@2", 2, "{\"b\":"),
            tuple("shop_7:" + topic + "-2@0", 1, "nonsense"));
    assertThat(letters).extracting(letter -> letter.at("/id").asText()).doesNotHaveDuplicates();
  }

  @Test
  void what_its_sender_took_back_is_not_sent() throws Exception {
    broker.sendInVain(List.of(KafkaBroker.message(topic, "k", Profiles.prospect("in-vain"))));
    broker.send(List.of(KafkaBroker.message(topic, "k", Profiles.prospect("p0"))));

    // not until nothing is left: the broker may note behind p0 that the first was taken back
    try (Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> totals(activation).of(Outcome.DELIVERED) > 0);
      assertThat(stopped(activation).received()).isEqualTo(1);
    }
    assertThat(timesDelivered().keySet()).containsExactly("p0");
  }

  @Test
  void an_outage_of_the_stream_expels_no_consumer_and_loses_nothing() throws Exception {
    kinesis.inject(OUTAGE);
    send(prospects(0, 2_000));

    try (Activation activation = activation()) {
      await().until(() -> totals(activation).received() > 0);
      List<String> members = broker.members(group());
      await().during(DOWN).atMost(DOWN.plusSeconds(30)).until(() -> kinesis.recordCount() == 0);
      assertThat(left()).isEqualTo(2_000);
      assertThat(totals(activation).received()).as("in memory").isLessThanOrEqualTo(1_000);
      kinesis.inject(Faults.none());
      awaitNothingLeft();

      assertThat(broker.members(group())).isEqualTo(members).hasSize(2);
      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(2_000);
    }
    assertThat(timesDelivered().keySet()).isEqualTo(keys(2_000));
    assertThat(timesDelivered().values()).containsOnly(1);
  }

  @Test
  void no_outage_is_so_long_that_the_brokers_expel_who_waits() {
    home.write("client.properties", "interceptor.classes=" + Configured.class.getName() + "\n");
    home.setting("kafka.clientConfig", "{{activation.home}}/client.properties");

    try (Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> Configured.POLL_INTERVALS.size() >= 2);
      stopped(activation);
    }

    assertThat(Configured.POLL_INTERVALS).containsOnly(Integer.toString(Integer.MAX_VALUE));
  }

  @Test
  void who_joins_in_an_outage_waits_for_those_who_wait_and_nothing_comes_twice() throws Exception {
    kinesis.inject(OUTAGE);
    send(prospects(0, 2_000));

    try (Activation first = activation()) {
      await().until(() -> totals(first).received() > 0);
      try (Activation second = activation(home(folder.resolve("two")))) {
        await()
            .during(Duration.ofSeconds(3))
            .atMost(PATIENCE)
            .until(() -> totals(second).received() == 0);
        kinesis.inject(Faults.none());
        awaitNothingLeft();
        sendKeyed(names(2_000, 4_000));
        awaitNothingLeft();

        long bySecond = stopped(second).of(Outcome.DELIVERED);
        assertThat(bySecond).isPositive();
        assertThat(stopped(first).of(Outcome.DELIVERED)).isEqualTo(4_000 - bySecond);
      }
    }
    assertThat(timesDelivered().keySet()).isEqualTo(keys(4_000));
    assertThat(timesDelivered().values()).containsOnly(1);
  }

  @Test
  void members_come_and_go_and_every_key_keeps_its_order() throws Exception {
    kinesis.inject(SLOW);
    home.setting("kafka.maxPollRecords", "50");
    int keys = 40;
    int versions = 100;
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int version = 0; version < versions; version++) {
      for (int key = 0; key < keys; key++) {
        String profile = Profiles.prospect("p" + key).replace("@", "-" + version + "@");
        messages.add(KafkaBroker.message(topic, "p" + key, profile));
      }
    }
    broker.send(messages);

    try (Activation first = activation()) {
      await().until(() -> kinesis.recordCount() > 500);
      try (Activation second =
          activation(home(folder.resolve("two")).setting("kafka.maxPollRecords", "50"))) {
        await().atMost(PATIENCE).until(() -> totals(second).of(Outcome.DELIVERED) > 200);
        stopped(first);
        awaitNothingLeft();
        stopped(second);
      }
    }

    Map<String, List<String>> events = new HashMap<>();
    kinesis.forEachRecord(
        record -> {
          String upToVersion =
              new String(record.data(), StandardCharsets.UTF_8).replaceAll("@.*", "");
          events
              .computeIfAbsent(record.partitionKey(), key -> new ArrayList<>())
              .add(upToVersion.substring(upToVersion.lastIndexOf('-') + 1));
        });
    List<String> inOrder = IntStream.range(0, versions).mapToObj(Integer::toString).toList();
    assertThat(events).hasSize(keys);
    assertThat(events.values())
        .allSatisfy(seen -> assertThat(seen).containsExactlyElementsOf(inOrder));
  }

  @Test
  void what_was_not_settled_comes_again_and_nothing_behind_it_is_committed() throws Exception {
    home.edit(
        "routes/pipeline.camel.yaml",
        "        - process:\n            id: profiles-decode",
        """
                - bean:
                    id: broken
                    beanType: org.audienceactivation.route.KafkaToKinesisTest$BrokenStep
                    method: run
                - process:
                    id: profiles-decode\
        """);
    assertThatFailuresLoseNothing();
  }

  @Test
  void what_failed_before_its_records_were_read_comes_again_as_well() throws Exception {
    home.edit(
        "routes/kafka.camel.yaml",
        "        - split:\n            id: kafka-batches",
        """
                - bean:
                    id: broken
                    beanType: org.audienceactivation.route.KafkaToKinesisTest$BrokenStep
                    method: run
                - split:
                    id: kafka-batches\
        """);
    assertThatFailuresLoseNothing();
  }

  private void assertThatFailuresLoseNothing() throws Exception {
    home.setting("kafka.maxPollRecords", "10").setting("kafka.consumers", "1");
    BrokenStep.FAILURES.set(2);
    send(prospects(0, 300));

    try (Activation activation = activation()) {
      await().until(() -> BrokenStep.FAILURES.get() == 0);
      assertThat(left()).isEqualTo(300);
      awaitNothingLeft();
      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(300);
    }
    assertThat(timesDelivered().keySet()).isEqualTo(keys(300));
    assertThat(timesDelivered().values()).containsOnly(1);
  }

  @Test
  void a_stop_in_an_outage_gives_back_what_is_in_flight_and_commits_none_of_it() throws Exception {
    kinesis.inject(OUTAGE);
    send(prospects(0, 600));
    home.setting("camel.main.shutdownTimeout", "1");

    try (Activation activation = activation()) {
      await().until(() -> totals(activation).received() > 0);
      Totals totals = stopped(activation);

      assertThat(totals.of(Outcome.RETURNED)).isEqualTo(totals.received());
    }
    assertThat(left()).isEqualTo(600);
    kinesis.inject(Faults.none());
    assertThat(runUntilNothingIsLeft().of(Outcome.DELIVERED)).isEqualTo(600);
  }

  @Test
  void a_stop_under_load_commits_what_was_in_flight_and_gives_back_nothing() throws Exception {
    kinesis.inject(SLOW);
    home.setting("kafka.maxPollRecords", "20");
    send(prospects(0, 3_000));

    try (Activation activation = activation()) {
      await().until(() -> kinesis.recordCount() > 200);
      Totals totals = stopped(activation);

      assertThat(totals.of(Outcome.RETURNED)).isZero();
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(3_000 - left()).isLessThan(3_000);
    }
  }

  @Test
  void a_broker_that_is_started_again_in_mid_run_costs_nothing() throws Exception {
    kinesis.inject(SLOW);
    home.setting("kafka.maxPollRecords", "50");
    send(prospects(0, 4_000));

    try (Activation activation = activation()) {
      await().until(() -> kinesis.recordCount() > 200);
      broker.stop();
      broker.start();
      awaitNothingLeft();
      stopped(activation);
    }

    assertThat(timesDelivered().keySet()).isEqualTo(keys(4_000));
  }

  @Test
  void a_topic_that_does_not_exist_is_named_once() {
    home.setting("kafka.topic", topic + ",absent");
    try (LogLines log = LogLines.open();
        Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> !log.with("WARN").isEmpty());
      assertThat(totals(activation).received()).isZero();

      await()
          .during(Duration.ofSeconds(3))
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(log.with("WARN"))
                      .containsExactly(
                          "WARN Kafka: nothing can be read: kafka.topic absent: the brokers have"
                              + " no such topic that we may read; it is tried again"));
    }
  }

  @Test
  void an_outage_of_the_brokers_is_said_once_and_its_end() throws Exception {
    try (LogLines log = LogLines.open();
        Activation activation = activation()) {
      send(prospects(0, 10));
      awaitNothingLeft();
      broker.stop();
      try {
        await()
            .atMost(PATIENCE)
            .until(() -> !log.with("kafka.brokers " + broker.address()).isEmpty());
      } finally {
        broker.start();
      }

      await().atMost(PATIENCE).until(() -> !log.with("Kafka: is there again").isEmpty());
      assertThat(log.with("tried again")).hasSize(1);
      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(10);
    }
  }
}
