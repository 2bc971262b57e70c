package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.audienceactivation.kinesis.sender.DeliveryResult.Superseded;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class DeliveryOrderTest {

  private final Simulation simulation = Simulation.withSeed(11);
  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();

  @Nested
  class Per_key {

    @Test
    void a_record_that_fails_is_not_overtaken_by_a_later_one_of_its_key() {
      failFirst("a1", 3);

      sender(DeliveryOrder.PER_KEY).send(List.of(record("a", "a1"), record("a", "a2")));
      simulation.run();

      assertThat(kinesis.storedData()).containsExactly("a1", "a2");
    }

    @Test
    void other_keys_do_not_wait_for_it() {
      failFirst("a1", 3);

      sender(DeliveryOrder.PER_KEY)
          .send(List.of(record("a", "a1"), record("b", "b1"), record("a", "a2")));
      simulation.run();

      assertThat(kinesis.storedData()).containsExactly("b1", "a1", "a2");
    }

    @Test
    void no_call_has_two_records_of_one_key() {
      List<StreamRecord> records =
          IntStream.range(0, 100).mapToObj(i -> record("k" + i % 10, "r" + i)).toList();

      sender(DeliveryOrder.PER_KEY).send(records);
      simulation.run();

      assertThat(kinesis.callSizes()).hasSize(10).containsOnly(10);
      assertThat(kinesis.stored()).hasSize(100);
    }

    @Test
    void a_record_that_is_refused_lets_the_next_of_its_key_go() {
      kinesis.records(
          entry ->
              entry.data().asUtf8String().equals("a1")
                  ? Optional.of("SomethingForGood")
                  : Optional.empty());
      List<StreamRecord> records = List.of(record("a", "a1"), record("a", "a2"));

      sender(DeliveryOrder.PER_KEY).send(records);
      simulation.run();

      assertThat(records.get(0).result()).containsInstanceOf(Refused.class);
      assertThat(records.get(1).result()).containsInstanceOf(Delivered.class);
    }

    @Test
    void what_waits_behind_its_key_runs_out_of_time_in_an_outage_like_all_others() {
      kinesis.before(
          request -> {
            throw ScriptedKinesis.error(503, "ServiceUnavailable", "busy");
          });
      List<StreamRecord> records =
          List.of(record("a", "a1"), record("a", "a2"), record("a", "a3"), record("b", "b1"));

      sender(SenderSettings.builder().retryFor(Duration.ofMinutes(1)).build()).send(records);
      simulation.runFor(Duration.ofMinutes(10));

      assertThat(records)
          .allSatisfy(one -> assertThat(one.result()).containsInstanceOf(Refused.class));
    }

    @Test
    void a_listener_that_fails_sends_nothing_twice() {
      KinesisSender sender =
          new KinesisSender(
              kinesis,
              "s",
              SenderSettings.defaults(),
              simulation,
              simulation.log(),
              new SenderListener() {
                @Override
                public void called(CallReport call) {
                  throw new IllegalStateException("no room for another meter");
                }
              });
      List<StreamRecord> records = List.of(record("a", "a1"), record("a", "a2"), record("a", "a3"));

      CompletionStage<Void> done = sender.send(records);
      simulation.run();

      assertThat(done.toCompletableFuture()).isCompleted();
      assertThat(kinesis.storedData()).containsExactly("a1", "a2", "a3");
      assertThat(sender.status().bufferedBytes()).isZero();
    }

    @Test
    void closing_returns_what_waits_behind_a_record_that_is_under_way() {
      simulation.callsTake(() -> 1_000_000_000L);
      KinesisSender sender = sender(SenderSettings.builder().closeWithin(Duration.ZERO).build());
      List<StreamRecord> records = List.of(record("a", "a1"), record("a", "a2"), record("a", "a3"));
      sender.send(records);

      sender.close();
      simulation.run();

      assertThat(records)
          .allSatisfy(one -> assertThat(one.result()).containsInstanceOf(Returned.class));
      assertThat(kinesis.storedData()).containsExactly("a1");
    }
  }

  @Nested
  class Latest_wins {

    @Test
    void of_those_that_wait_only_the_newest_is_sent() {
      failFirst("a1", 1);
      simulation.callsTake(() -> 1_000_000L);
      List<StreamRecord> records =
          List.of(record("a", "a1"), record("a", "a2"), record("a", "a3"), record("b", "b1"));

      sender(DeliveryOrder.LATEST_WINS).send(records);
      simulation.run();

      // none was under way when the next came
      assertThat(records.get(0).result()).contains(new Superseded(0));
      assertThat(records.get(1).result()).contains(new Superseded(0));
      assertThat(kinesis.storedData()).containsExactly("a3", "b1");
    }

    @Test
    void what_was_replaced_is_not_kept_however_many_come_while_one_waits() {
      failFirst("a0", 1_000);
      KinesisSender sender = sender(DeliveryOrder.LATEST_WINS);
      sender.send(List.of(record("a", "a0")));
      simulation.runFor(Duration.ofMillis(1));
      List<WeakReference<StreamRecord>> replaced = new ArrayList<>();

      for (int i = 1; i < 1_000; i++) {
        StreamRecord next = record("a", "a" + i);
        sender.send(List.of(next));
        replaced.add(new WeakReference<>(next));
      }

      await()
          .untilAsserted(
              () -> {
                System.gc();
                assertThat(replaced)
                    .filteredOn(reference -> reference.get() != null)
                    .hasSizeLessThanOrEqualTo(2);
              });
      assertThat(sender.openRecords()).isEqualTo(1);
    }

    @Test
    void one_that_is_under_way_is_not_replaced() {
      simulation.callsTake(() -> 1_000_000L);
      KinesisSender sender = sender(DeliveryOrder.LATEST_WINS);
      StreamRecord first = record("a", "a1");
      StreamRecord second = record("a", "a2");
      StreamRecord third = record("a", "a3");

      sender.send(List.of(first));
      sender.send(List.of(second));
      sender.send(List.of(third));
      simulation.run();

      assertThat(second.result()).contains(new Superseded(0));
      assertThat(kinesis.storedData()).containsExactly("a1", "a3");
    }

    @Test
    void one_that_failed_is_not_sent_again_when_a_newer_one_has_come_meanwhile() {
      boolean[] down = {true};
      simulation.callsTake(() -> 5_000_000L);
      kinesis.before(
          request -> {
            if (down[0]) {
              throw ScriptedKinesis.error(500, "InternalFailure", "an outage");
            }
            return request;
          });
      KinesisSender sender = sender(DeliveryOrder.LATEST_WINS);
      StreamRecord underWay = record("k", "1");
      StreamRecord meanwhile = record("k", "2");
      StreamRecord last = record("k", "3");

      sender.send(List.of(underWay));
      simulation.runFor(Duration.ofMillis(1));
      sender.send(List.of(meanwhile));
      simulation.runFor(Duration.ofMinutes(30));
      sender.send(List.of(last));
      down[0] = false;
      simulation.run();

      assertThat(underWay.result()).contains(new Superseded(1));
      assertThat(meanwhile.result()).containsInstanceOf(Superseded.class);
      assertThat(last.result()).containsInstanceOf(Delivered.class);
      assertThat(kinesis.stored()).extracting(ScriptedKinesis.Stored::data).containsExactly("3");
    }

    @Test
    void one_that_backs_off_gives_its_place_to_the_newer_one() {
      failFirst("a1", 100);
      KinesisSender sender = sender(DeliveryOrder.LATEST_WINS);
      StreamRecord first = record("a", "a1");
      sender.send(List.of(first));
      simulation.runFor(Duration.ofMinutes(1));

      sender.send(List.of(record("a", "a2")));
      simulation.run();

      assertThat(first.result()).containsInstanceOf(Superseded.class);
      assertThat(kinesis.storedData()).containsExactly("a2");
    }

    @Test
    void a_key_that_is_updated_all_the_time_is_still_sent() {
      simulation.callsTake(() -> 10_000_000L);
      KinesisSender sender =
          sender(
              SenderSettings.builder()
                  .order(DeliveryOrder.LATEST_WINS)
                  .callsInFlight(1)
                  .maxRecordsPerCall(10)
                  .build());
      List<StreamRecord> others = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        others.add(record("k" + i, "o" + i));
      }
      sender.send(others.subList(0, 50));
      sender.send(List.of(record("a", "a0")));
      sender.send(others.subList(50, 100));
      for (int i = 1; i <= 100; i++) {
        sender.send(List.of(record("a", "a" + i)));
        simulation.runFor(Duration.ofMillis(1));
      }
      simulation.run();

      List<String> stored = kinesis.storedData();
      assertThat(stored.indexOf("o99"))
          .as("it keeps the place of the one that it replaces")
          .isGreaterThan(
              stored.indexOf(
                  stored.stream().filter(d -> d.startsWith("a")).findFirst().orElseThrow()));
      assertThat(stored).contains("a100");
    }
  }

  @Nested
  class None {

    @Test
    void records_of_one_key_share_calls() {
      sender(DeliveryOrder.NONE)
          .send(IntStream.range(0, 500).mapToObj(i -> record("same", "r" + i)).toList());
      simulation.run();

      assertThat(kinesis.callSizes()).containsExactly(500);
    }
  }

  private KinesisSender sender(DeliveryOrder order) {
    return sender(SenderSettings.builder().order(order).build());
  }

  private KinesisSender sender(SenderSettings settings) {
    return new KinesisSender(
        kinesis, "s", settings, simulation, simulation.log(), SenderListener.NONE);
  }

  private void failFirst(String data, int times) {
    int[] failed = new int[1];
    kinesis.records(
        entry ->
            entry.data().asUtf8String().equals(data) && failed[0]++ < times
                ? Optional.of("InternalFailure")
                : Optional.empty());
  }

  private static StreamRecord record(String key, String data) {
    return StreamRecord.of(key, data.getBytes(StandardCharsets.UTF_8));
  }
}
