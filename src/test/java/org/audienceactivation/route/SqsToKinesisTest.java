package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.audienceactivation.Profiles;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.Faults;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From an SQS queue to a stream. */
class SqsToKinesisTest extends MessagesToKinesis {
  private static final List<String> KEYS = List.of("aws.accessKeyId", "aws.secretAccessKey");

  private ElasticMq queue;

  @BeforeAll
  static void haveCredentials() {
    KEYS.forEach(key -> System.setProperty(key, "local"));
  }

  @AfterAll
  static void haveNoCredentials() {
    KEYS.forEach(System::clearProperty);
  }

  @Override
  TestQueue start(Path empty) {
    queue = ElasticMq.start();
    return queue;
  }

  /**
   * An outage in these tests is longer than twice the time for which a message is invisible, and
   * the queue takes for poison what it has handed out twice.
   */
  @Override
  void assertThatNoAttemptWasUsedUp() {
    assertThat(queue.poison()).isZero();
  }

  @Test
  void in_an_outage_what_is_in_flight_stays_invisible_and_no_more_than_the_consumers_have()
      throws Exception {
    kinesis.inject(OUTAGE);
    queue.send(prospects(0, 40));
    Duration longer = Duration.ofSeconds(2 * ElasticMq.VISIBILITY + 1);

    try (Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> queue.invisible() == 8);
      await()
          .during(longer)
          .atMost(longer.plusSeconds(30))
          .until(() -> queue.invisible() == 8 && queue.visible() == 32);
      assertThat(activation.report().destinations().get("prospects").received()).isEqualTo(8);
      kinesis.inject(Faults.none());
      await().atMost(PATIENCE).until(() -> queue.left() == 0);
      stopped(activation);
    }

    assertThat(timesDelivered().values()).hasSize(40).containsOnly(1);
  }

  @Test
  void what_a_stop_gives_back_is_visible_at_once() throws Exception {
    home.setting("sqs.visibilitySeconds", "600").setting("camel.main.shutdownTimeout", "1");
    kinesis.inject(OUTAGE);
    queue.send(prospects(0, 20));

    try (Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> queue.invisible() == 8);
      assertThat(stopped(activation).of(Outcome.RETURNED)).isEqualTo(8);
    }

    assertThat(queue.invisible()).isZero();
    assertThat(queue.visible()).isEqualTo(20);
  }

  @Test
  void a_stop_does_not_wait_for_a_long_poll() {
    home.setting("camel.main.shutdownTimeout", "60");
    try (Activation activation = activation()) {
      long begin = System.nanoTime();
      stopped(activation);

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
    }
  }

  @Test
  void the_queue_may_be_named_by_its_url_and_a_sender_may_name_the_source() throws Exception {
    home.setting("sqs.queue", queue.url());
    queue.send(prospects(0, 3));
    queue.sendNamed("shop\t7", "nonsense");

    Totals totals = runUntilTheQueueIsEmpty();

    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(3);
    assertThat(deadLetters())
        .extracting(letter -> letter.at("/source/name").asText())
        .containsExactly("shop_7");
  }

  @Test
  void a_queue_that_is_not_there_is_looked_for_until_it_is() throws Exception {
    home.setting("sqs.queue", "later");

    try (Activation activation = activation()) {
      await()
          .during(Duration.ofSeconds(2))
          .atMost(PATIENCE)
          .until(() -> activation.report().destinations().get("prospects").received() == 0);
      queue.sendToNew("later", Profiles.prospect("p0"));
      await().atMost(PATIENCE).until(() -> timesDelivered().containsKey("p0"));
      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(1);
    }
  }

  @Test
  void a_stop_does_not_wait_for_a_queue_that_is_not_there() throws Exception {
    home.setting("sqs.endpoint", "http://127.0.0.1:" + FreePort.find());

    try (Activation activation = activation()) {
      assertThat(stopped(activation).received()).isZero();
    }
  }

  @Test
  void the_messages_of_a_group_of_a_fifo_queue_arrive_in_their_order() throws Exception {
    try (ElasticMq fifo = ElasticMq.startWith("profiles.fifo")) {
      fifo.feed(home);
      home.setting("sqs.queue", "profiles.fifo");
      for (int i = 0; i < 15; i++) {
        for (String group : List.of("a", "b", "c")) {
          fifo.sendInGroup(group, Profiles.prospect(group + "-" + i));
        }
      }

      try (Activation activation = activation()) {
        await().atMost(PATIENCE).until(() -> fifo.left() == 0);
        stopped(activation);
      }
    }

    assertThat(timesDelivered().values()).hasSize(45).containsOnly(1);
    for (String group : List.of("a", "b", "c")) {
      for (int shard = 0; shard < 2; shard++) {
        assertThat(arrivedIn(shard, group)).isSorted();
      }
    }
  }

  private List<Integer> arrivedIn(int shard, String group) {
    List<Integer> arrived = new ArrayList<>();
    kinesis.forEachRecord(
        record -> {
          if (record.shardId().endsWith(Integer.toString(shard))
              && record.partitionKey().startsWith(group)) {
            arrived.add(Integer.valueOf(record.partitionKey().substring(2)));
          }
        });
    return arrived;
  }
}
