package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.route.TestQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program at a queue, whichever: kills, outages, a small heap. */
@Timeout(240)
abstract class QueueProgram {
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  /** How long the stream is down; a minute and more when somebody wants to see it. */
  private static final Duration DOWN =
      Duration.ofSeconds(Integer.getInteger("audience-activation.outage.seconds", 5));

  @TempDir Path folder;
  @TempDir Path queueFolder;
  private TestHome home;
  private LocalKinesis kinesis;
  private TestQueue queue;

  abstract TestQueue start(Path empty) throws Exception;

  /** How many messages of one profile are worth a kill. */
  abstract int messages();

  @BeforeEach
  void start() throws Exception {
    queue = start(queueFolder);
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
    home = TestHome.shippedIn(folder);
    queue.feed(home);
    home.edit(
        "destinations/prospects.yaml", "stream:", "stream:\n  endpoint: " + kinesis.endpoint());
    home.edit(
        "destinations/prospects.yaml",
        "type: default",
        "type: static\n  accessKeyId: local\n  secretAccessKey: local");
  }

  @AfterEach
  void stop() {
    kinesis.close();
    queue.close();
  }

  private Program program() {
    List<String> options = new ArrayList<>(List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError"));
    options.addAll(queue.jvmOptions());
    return Program.start(options, "run", "--home", home.home().directory().toString());
  }

  private Program.Ended runUntilTheQueueIsEmpty() throws InterruptedException {
    try (Program program = program()) {
      await().atMost(PATIENCE).until(() -> queue.left() == 0 || !program.isAlive());
      program.terminate();
      return program.await();
    }
  }

  private Set<String> delivered() {
    Set<String> keys = new HashSet<>();
    kinesis.forEachRecord(record -> keys.add(record.partitionKey()));
    return keys;
  }

  private static List<String> prospects(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> Profiles.prospect("p" + i)).toList();
  }

  @Test
  void kills_in_the_middle_lose_nothing_and_leave_nothing_to_the_brokers_dead_letters()
      throws Exception {
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(5)));
    queue.send(prospects(0, messages()));

    for (int kill = 1; kill <= 2; kill++) {
      try (Program program = program()) {
        long before = kinesis.recordCount();
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> kinesis.recordCount() > before + messages() / 8);
        program.kill();
      }
    }
    assertThat(queue.left()).isPositive();
    Program.Ended ended = runUntilTheQueueIsEmpty();

    assertThat(ended.status()).as(ended.err()).isZero();
    assertThat(delivered()).hasSize(messages());
    assertThat(queue.poison()).isZero();
  }

  @Test
  void an_outage_neither_fills_the_heap_nor_loses_anything() throws Exception {
    int messages = 160;
    int profiles = 500;
    kinesis.inject(Faults.none().with(Fault.HTTP_500, 100));
    queue.send(
        IntStream.range(0, messages)
            .mapToObj(
                i -> "[" + String.join(",", prospects(i * profiles, (i + 1) * profiles)) + "]")
            .toList());

    try (Program program = program()) {
      await().atMost(PATIENCE).until(() -> program.err().contains("prospects-events"));
      await()
          .during(DOWN)
          .atMost(DOWN.plusSeconds(30))
          .until(() -> program.isAlive() && queue.left() == messages);
      kinesis.inject(Faults.none());
      await().atMost(PATIENCE).until(() -> queue.left() == 0 || !program.isAlive());
      program.terminate();
      Program.Ended ended = program.await();

      assertThat(ended.status()).as(ended.err()).isZero();
      assertThat(ended.out()).containsPattern("prospects +80000 +80000 ");
    }
    assertThat(delivered()).hasSize(messages * profiles);
    assertThat(queue.poison()).isZero();
  }
}
