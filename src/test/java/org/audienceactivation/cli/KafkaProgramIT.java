package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.route.KafkaBroker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program at a topic: kills, outages, a small heap, two processes in one group. */
@Timeout(240)
class KafkaProgramIT {
  private static final Duration PATIENCE = Duration.ofSeconds(100);
  private static final int PARTITIONS = 4;

  /** How long the stream is down; a minute and more when somebody wants to see it. */
  private static final Duration DOWN =
      Duration.ofSeconds(Integer.getInteger("audience-activation.outage.seconds", 5));

  private static final AtomicInteger TOPICS = new AtomicInteger();
  private static KafkaBroker broker;

  @TempDir static Path brokerFolder;
  @TempDir Path folder;
  private final String topic = "profiles" + TOPICS.incrementAndGet();
  private LocalKinesis kinesis;

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
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private TestHome home(String name) {
    TestHome home = TestHome.shippedIn(folder.resolve(name));
    // who was killed is found out soon
    home.write("client.properties", "session.timeout.ms=2000\nheartbeat.interval.ms=500\n");
    home.setting("files.enabled", "false")
        .setting("kafka.enabled", "true")
        .setting("kafka.brokers", broker.address())
        .setting("kafka.topic", topic)
        .setting("kafka.groupId", topic)
        .setting("kafka.clientConfig", "{{activation.home}}/client.properties");
    home.edit(
        "destinations/prospects.yaml", "stream:", "stream:\n  endpoint: " + kinesis.endpoint());
    return home.edit(
        "destinations/prospects.yaml",
        "type: default",
        "type: static\n  accessKeyId: local\n  secretAccessKey: local");
  }

  private static Program program(TestHome home) {
    return Program.start(
        List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError"),
        "run",
        "--home",
        home.home().directory().toString());
  }

  private long left() {
    return broker.left(topic, topic);
  }

  private void awaitNothingLeft(Program program) {
    await().atMost(PATIENCE).until(() -> left() == 0 || !program.isAlive());
  }

  private static Program.Ended terminated(Program program) throws InterruptedException {
    program.terminate();
    Program.Ended ended = program.await();
    assertThat(ended.status()).as(ended.err()).isZero();
    return ended;
  }

  private Set<String> delivered() {
    Set<String> keys = new HashSet<>();
    kinesis.forEachRecord(record -> keys.add(record.partitionKey()));
    return keys;
  }

  private void send(List<String> bodies) throws Exception {
    broker.send(bodies.stream().map(body -> KafkaBroker.message(topic, body)).toList());
  }

  private static List<String> prospects(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> Profiles.prospect("p" + i)).toList();
  }

  @Test
  void kills_in_the_middle_lose_nothing() throws Exception {
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(20)));
    TestHome home = home("one").setting("kafka.maxPollRecords", "50");
    send(prospects(0, 4_000));

    for (int kill = 1; kill <= 2; kill++) {
      try (Program program = program(home)) {
        long before = kinesis.recordCount();
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> kinesis.recordCount() > before + 1_000);
        program.kill();
      }
    }
    assertThat(left()).isPositive();
    try (Program program = program(home)) {
      awaitNothingLeft(program);
      terminated(program);
    }

    assertThat(delivered()).hasSize(4_000);
  }

  @Test
  void an_outage_neither_fills_the_heap_nor_loses_anything() throws Exception {
    int messages = 160;
    int profiles = 500;
    kinesis.inject(Faults.none().with(Fault.HTTP_500, 100));
    send(
        IntStream.range(0, messages)
            .mapToObj(
                i -> "[" + String.join(",", prospects(i * profiles, (i + 1) * profiles)) + "]")
            .toList());

    try (Program program = program(home("one"))) {
      await().atMost(PATIENCE).until(() -> program.err().contains("prospects-events"));
      await()
          .during(DOWN)
          .atMost(DOWN.plusSeconds(30))
          .until(() -> program.isAlive() && left() == messages);
      kinesis.inject(Faults.none());
      awaitNothingLeft(program);

      assertThat(terminated(program).out()).containsPattern("prospects +80000 +80000 ");
    }
    assertThat(delivered()).hasSize(messages * profiles);
  }

  @Test
  void two_processes_share_the_work_and_one_that_is_killed_costs_neither_records_nor_order()
      throws Exception {
    int keys = 40;
    int versions = 400;
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(20)));
    List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
    for (int version = 0; version < versions; version++) {
      for (int key = 0; key < keys; key++) {
        String profile = Profiles.prospect("p" + key).replace("@", "-" + version + "@");
        messages.add(KafkaBroker.message(topic, "p" + key, profile));
      }
    }
    broker.send(messages);

    try (Program first = program(home("one").setting("kafka.maxPollRecords", "20"));
        Program second = program(home("two").setting("kafka.maxPollRecords", "20"))) {
      await()
          .atMost(PATIENCE)
          .until(() -> broker.members(topic).size() == 8 && kinesis.recordCount() > 4_000);
      first.kill();
      awaitNothingLeft(second);
      terminated(second);
    }

    Map<String, Set<String>> events = new HashMap<>();
    kinesis.forEachRecord(
        record -> {
          String upToVersion =
              new String(record.data(), StandardCharsets.UTF_8).replaceAll("@.*", "");
          events
              .computeIfAbsent(record.partitionKey(), key -> new LinkedHashSet<>())
              .add(upToVersion.substring(upToVersion.lastIndexOf('-') + 1));
        });
    List<String> inOrder = IntStream.range(0, versions).mapToObj(Integer::toString).toList();
    assertThat(events).hasSize(keys);
    assertThat(events.values())
        .allSatisfy(seen -> assertThat(seen).containsExactlyElementsOf(inOrder));
  }
}
