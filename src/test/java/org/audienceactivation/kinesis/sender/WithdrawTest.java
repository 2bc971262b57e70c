package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.ReturnCause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller who waits no longer gets back what no call has, and nothing of that is sent. */
@Timeout(60)
class WithdrawTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Simulation simulation = Simulation.withSeed(7);
  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();
  private volatile boolean down = true;

  WithdrawTest() {
    kinesis.before(
        request -> {
          if (down) {
            throw ScriptedKinesis.error(503, "ServiceUnavailable", "busy");
          }
          return request;
        });
  }

  @Test
  void what_waits_in_an_outage_is_returned_at_once_and_its_neighbours_stay() {
    List<StreamRecord> mine = records("mine", 700);
    List<StreamRecord> others = records("other", 700);
    KinesisSender sender = sender(SenderSettings.defaults());
    CompletionStage<Void> done = sender.send(mine);
    sender.send(others);
    simulation.runFor(MINUTE);

    withdrawUntilSettled(sender, mine);
    assertThat(done.toCompletableFuture().isDone()).isTrue();
    down = false;
    simulation.run();

    assertThat(mine).allMatch(WithdrawTest::isWithdrawn);
    assertThat(others).allMatch(record -> record.result().get() instanceof Delivered);
    assertThat(stored()).isEqualTo(keys(others));
    assertThat(sender.status().bufferedBytes()).isZero();
    assertThat(sender.openRecords()).isZero();
  }

  @Test
  void a_record_in_a_call_is_awaited_and_delivered() {
    down = false;
    simulation.callsTake(() -> 1_000_000_000L);
    List<StreamRecord> mine = records("mine", 2);
    KinesisSender sender = sender(SenderSettings.defaults());
    sender.send(mine);
    simulation.runFor(Duration.ofMillis(10));

    sender.withdraw(mine);
    assertThat(mine).allMatch(record -> record.result().isEmpty());
    simulation.run();

    assertThat(mine).allMatch(record -> record.result().get() instanceof Delivered);
  }

  @Test
  void a_record_that_nobody_was_given_is_not_sent_any_more() {
    down = false;
    List<StreamRecord> mine = records("mine", 2);
    KinesisSender sender = sender(SenderSettings.defaults());

    sender.withdraw(mine);
    CompletionStage<Void> done = sender.send(mine);
    simulation.run();

    assertThat(done.toCompletableFuture().isDone()).isTrue();
    assertThat(mine).allMatch(WithdrawTest::isWithdrawn);
    assertThat(kinesis.calls()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void whoever_withdraws_what_the_rest_of_each_key_is_sent_in_its_order(int seed) {
    Random random = new Random(seed);
    List<StreamRecord> all = new ArrayList<>();
    IntStream.range(0, 400).forEach(i -> all.add(record("k" + random.nextInt(20), "" + i)));
    List<StreamRecord> mine = all.stream().filter(record -> random.nextBoolean()).toList();
    DeliveryOrder order = seed % 2 == 0 ? DeliveryOrder.PER_KEY : DeliveryOrder.LATEST_WINS;
    KinesisSender sender = sender(SenderSettings.builder().order(order).build());
    for (StreamRecord record : all) {
      sender.send(List.of(record));
      simulation.runFor(Duration.ofMillis(random.nextInt(50)));
    }

    withdrawUntilSettled(sender, mine);
    down = false;
    simulation.run();

    assertThat(all).allMatch(record -> record.result().isPresent());
    Set<StreamRecord> withdrawn = new HashSet<>(mine);
    for (int key = 0; key < 20; key++) {
      String name = "k" + key;
      List<String> kept =
          all.stream()
              .filter(record -> record.partitionKey().equals(name) && !withdrawn.contains(record))
              .filter(record -> !(record.result().get() instanceof DeliveryResult.Superseded))
              .map(record -> new String(record.data(), StandardCharsets.UTF_8))
              .toList();
      assertThat(kinesis.stored())
          .filteredOn(stored -> stored.partitionKey().equals(name))
          .extracting(ScriptedKinesis.Stored::data)
          .isEqualTo(kept);
    }
    assertThat(sender.status().bufferedBytes()).isZero();
    assertThat(sender.openRecords()).isZero();
  }

  @Test
  void a_caller_who_is_held_up_because_too_much_waits_is_let_go() throws Exception {
    List<StreamRecord> others = records("other", 10);
    List<StreamRecord> mine = records("mine", 10);
    SenderSettings settings = SenderSettings.builder().maxBufferedBytes(3_000).build();
    try (KinesisSender sender = KinesisSender.open(kinesis, "s", settings)) {
      sender.send(others);
      Thread caller = new Thread(() -> sender.send(mine), "held-up");
      caller.start();
      await().until(() -> caller.getState() == Thread.State.WAITING);

      sender.withdraw(mine);
      caller.join();

      assertThat(mine).allMatch(WithdrawTest::isWithdrawn);
      assertThat(others).allMatch(record -> record.result().isEmpty());
    }
  }

  @Test
  void what_may_be_withdrawn_takes_nobodys_place_whatever_the_order() {
    SenderSettings settings = SenderSettings.builder().order(DeliveryOrder.LATEST_WINS).build();
    KinesisSender sender = sender(settings);
    StreamRecord older = record("key", "older");
    StreamRecord newer = record("key", "newer").withoutSuperseding();
    sender.send(List.of(older));
    simulation.runFor(Duration.ofSeconds(20));
    sender.send(List.of(newer));
    simulation.runFor(Duration.ofSeconds(20));

    withdrawUntilSettled(sender, List.of(newer));
    down = false;
    simulation.runFor(MINUTE);

    assertThat(newer).matches(WithdrawTest::isWithdrawn);
    assertThat(older.result().orElseThrow()).isInstanceOf(DeliveryResult.Delivered.class);
  }

  @Test
  void what_may_be_withdrawn_can_be_superseded_itself() {
    SenderSettings settings = SenderSettings.builder().order(DeliveryOrder.LATEST_WINS).build();
    KinesisSender sender = sender(settings);
    StreamRecord called = record("key", "called").withoutSuperseding();
    StreamRecord newest = record("key", "newest");
    sender.send(List.of(record("other", "keeps the call under way")));
    simulation.runFor(Duration.ofSeconds(20));
    sender.send(List.of(called));
    sender.send(List.of(newest));
    down = false;
    simulation.runFor(MINUTE);

    assertThat(called.result().orElseThrow()).isInstanceOf(DeliveryResult.Superseded.class);
    assertThat(newest.result().orElseThrow()).isInstanceOf(DeliveryResult.Delivered.class);
  }

  /** As a caller does whose time is over. */
  private void withdrawUntilSettled(KinesisSender sender, List<StreamRecord> records) {
    while (records.stream().anyMatch(record -> record.result().isEmpty())) {
      sender.withdraw(records);
      simulation.runFor(Duration.ofMillis(50));
    }
  }

  private static boolean isWithdrawn(StreamRecord record) {
    return record.result().orElseThrow() instanceof Returned returned
        && returned.cause() == ReturnCause.WITHDRAWN;
  }

  private Set<String> stored() {
    Set<String> keys = new HashSet<>();
    kinesis.stored().forEach(record -> keys.add(record.partitionKey()));
    return keys;
  }

  private static Set<String> keys(List<StreamRecord> records) {
    Set<String> keys = new HashSet<>();
    records.forEach(record -> keys.add(record.partitionKey()));
    return keys;
  }

  private KinesisSender sender(SenderSettings settings) {
    return new KinesisSender(
        kinesis, "s", settings, simulation, simulation.log(), SenderListener.NONE);
  }

  private static List<StreamRecord> records(String name, int count) {
    return IntStream.range(0, count).mapToObj(i -> record(name + i, "data")).toList();
  }

  private static StreamRecord record(String key, String data) {
    return StreamRecord.of(key, data.getBytes(StandardCharsets.UTF_8));
  }
}
