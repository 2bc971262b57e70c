package org.audienceactivation.kinesis.sender;

import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.DeliveryResult.Cause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.audienceactivation.kinesis.sender.DeliveryResult.ReturnCause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

class KinesisSenderTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);

  private final Simulation simulation = Simulation.withSeed(7);
  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();

  @Nested
  class Delivery {

    @Test
    void a_record_is_stored_and_has_a_receipt() {
      StreamRecord record = record("k1", "hello");

      CompletionStage<Void> done = sender().send(List.of(record));
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(kinesis.stored()).containsExactly(new ScriptedKinesis.Stored("k1", "hello", "1"));
      assertThat(record.result()).contains(new Delivered("shardId-000000000000", "1", 1));
    }

    @Test
    void every_record_goes_with_its_own_key_and_hash_key() {
      sender()
          .send(
              List.of(
                  record("a", "1"),
                  record("b", "2").withExplicitHashKey("340282366920938463463374607431768211455")));
      simulation.run();

      assertThat(kinesis.calls().get(0).records())
          .extracting(PutRecordsRequestEntry::partitionKey)
          .containsExactly("a", "b");
      assertThat(kinesis.calls().get(0).records())
          .extracting(PutRecordsRequestEntry::explicitHashKey)
          .containsExactly(null, "340282366920938463463374607431768211455");
    }

    @Test
    void nothing_to_send_is_done_at_once() {
      StreamRecord settled = record("k", "v");
      KinesisSender sender = sender();
      sender.send(List.of(settled));
      simulation.run();

      assertThat(isDone(sender.send(List.of()))).isTrue();
      assertThat(isDone(sender.send(List.of(settled)))).isTrue();
      simulation.run();

      assertThat(kinesis.calls()).hasSize(1);
    }

    @Test
    void what_is_given_twice_while_it_is_on_its_way_is_sent_once_and_both_are_told() {
      simulation.callsTake(() -> 1_000_000L);
      StreamRecord record = record("k", "v");
      KinesisSender sender = sender();

      CompletionStage<Void> first = sender.send(List.of(record, record));
      CompletionStage<Void> second = sender.send(List.of(record));
      assertThat(isDone(first)).isFalse();
      simulation.run();

      assertThat(isDone(first)).isTrue();
      assertThat(isDone(second)).isTrue();
      assertThat(kinesis.stored()).hasSize(1);
    }

    @Test
    void a_list_with_a_null_is_refused_before_anything_is_taken() {
      List<StreamRecord> records = new ArrayList<>(records(2));
      records.add(null);

      assertThatThrownBy(() -> sender().send(records)).isInstanceOf(NullPointerException.class);

      assertThat(records.get(0).pending()).isEmpty();
    }

    @Test
    void a_name_that_no_stream_can_have_is_refused() {
      assertThatThrownBy(() -> KinesisSender.open(kinesis, "my stream", SenderSettings.defaults()))
          .hasMessage(
              "'my stream' is no name of a stream; allowed are 1 to 128 letters, digits, '_', '.' and '-'");
    }
  }

  @Nested
  class Calls {

    @Test
    void hold_at_most_500_records() {
      sender().send(records(1200));
      simulation.run();

      assertThat(kinesis.callSizes()).containsExactly(500, 500, 200);
    }

    @Test
    void hold_at_most_their_bytes_counting_keys_in_utf8() {
      SenderSettings settings =
          SenderSettings.builder()
              .maxRecordBytes(10)
              .maxBytesPerCall(20)
              .order(DeliveryOrder.NONE)
              .build();

      // each has 2 characters, 6 bytes of key and 4 of data
      sender(settings).send(Stream.generate(() -> record("€€", "data")).limit(5).collect(toList()));
      simulation.run();

      assertThat(kinesis.callSizes()).containsExactly(2, 2, 1);
    }

    @Test
    void keep_the_order_in_which_records_came() {
      sender().send(records(1200));
      simulation.run();

      assertThat(kinesis.storedKeys()).isEqualTo(keys(1200));
    }

    @Test
    void are_not_more_than_allowed_at_once() {
      int[] most = new int[1];
      int[] underWay = new int[1];
      simulation.callsTake(
          () -> {
            most[0] = Math.max(most[0], ++underWay[0]);
            return 1_000_000L;
          });
      kinesis.before(
          request -> {
            underWay[0]--;
            return request;
          });

      sender(SenderSettings.builder().callsInFlight(3).build()).send(records(10_000));
      simulation.run();

      assertThat(most[0]).isEqualTo(3);
    }

    @Test
    void carry_the_records_of_many_callers_together() {
      simulation.callsTake(() -> 5_000_000L);
      KinesisSender sender = sender();

      for (StreamRecord record : records(64)) {
        sender.send(List.of(record));
      }
      simulation.run();

      assertThat(kinesis.callSizes()).containsExactly(1, 63);
    }

    @Test
    void carry_together_what_those_bring_next_whose_records_have_arrived() {
      simulation.callsTake(() -> 500_000L);
      KinesisSender sender = sender();
      Iterator<StreamRecord> all = records(640).iterator();

      for (int caller = 0; caller < 64; caller++) {
        bringOneAfterTheOther(sender, all);
      }
      simulation.run();

      assertThat(kinesis.callSizes()).hasSizeLessThanOrEqualTo(12);
    }

    private static void bringOneAfterTheOther(KinesisSender sender, Iterator<StreamRecord> all) {
      if (all.hasNext()) {
        sender.send(List.of(all.next())).thenRun(() -> bringOneAfterTheOther(sender, all));
      }
    }

    @Test
    void wait_for_company_no_longer_than_5_ms_however_slow_others_are() {
      simulation.callsTake(() -> Duration.ofSeconds(30).toNanos());
      KinesisSender sender = sender();
      records(3).forEach(record -> sender.send(List.of(record)));

      simulation.runFor(Duration.ofSeconds(30));
      assertThat(kinesis.callSizes()).containsExactly(1);
      simulation.runFor(Duration.ofMillis(5));

      assertThat(kinesis.callSizes()).containsExactly(1, 2);
    }
  }

  @Nested
  class A_record_that_fails {

    @Test
    void is_sent_again_alone_until_it_is_stored() {
      failFirst("k3", 4, "ProvisionedThroughputExceededException");
      List<StreamRecord> records = records(10);

      CompletionStage<Void> done = sender().send(records);
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(kinesis.callSizes()).containsExactly(10, 1, 1, 1, 1);
      assertThat(records.get(3).result().orElseThrow().attempts()).isEqualTo(5);
      assertThat(records.get(4).result().orElseThrow().attempts()).isEqualTo(1);
    }

    @Test
    void lets_its_neighbours_be_done_with() {
      kinesis.records(
          entry ->
              entry.partitionKey().equals("k0")
                  ? Optional.of("InternalFailure")
                  : Optional.empty());
      KinesisSender sender = sender();
      CompletionStage<Void> failing = sender.send(records(1));
      CompletionStage<Void> good = sender.send(List.of(record("good", "v")));

      simulation.runFor(HOUR);

      assertThat(isDone(good)).isTrue();
      assertThat(isDone(failing)).isFalse();
      assertThat(sender.openRecords()).isEqualTo(1);
    }

    @Test
    void comes_back_in_one_call_with_those_that_failed_with_it() {
      Set<String> failed = new HashSet<>();
      kinesis.records(
          entry ->
              failed.add(entry.partitionKey()) ? Optional.of("InternalFailure") : Optional.empty());

      sender().send(records(300));
      simulation.run();

      assertThat(kinesis.callSizes()).containsExactly(300, 300);
    }

    @Test
    void waits_between_attempts_up_to_the_bound_and_no_further() {
      failFirst("k0", 60, "InternalFailure");
      SenderSettings settings =
          SenderSettings.builder()
              .backoffMin(Duration.ofMillis(100))
              .backoffMax(Duration.ofSeconds(20))
              .build();

      sender(settings).send(records(1));
      simulation.run();

      // 60 waits, most of them between 0 and 20 s, 10 s in the mean
      assertThat(simulation.time()).isBetween(MINUTE.multipliedBy(5), MINUTE.multipliedBy(14));
    }

    @Test
    void is_refused_when_its_attempts_are_used_up() {
      failFirst("k1", 100, "ProvisionedThroughputExceededException");
      List<StreamRecord> records = records(3);

      sender(SenderSettings.builder().maxAttempts(4).build()).send(records);
      simulation.run();

      assertThat(records.get(1).result())
          .contains(
              new Refused(
                  Cause.RETRY_LIMIT,
                  "ProvisionedThroughputExceededException",
                  "maxAttempts=4 is used up; last failure: Rate exceeded for shard shardId-000000000000 in stream s under account 000000000000.",
                  4));
      assertThat(kinesis.storedKeys()).containsExactly("k0", "k2");
    }

    @Test
    void is_refused_when_its_time_is_over_after_a_last_attempt() {
      failFirst("k0", 1000, "InternalFailure");
      List<StreamRecord> records = records(1);

      sender(SenderSettings.builder().retryFor(MINUTE).build()).send(records);
      simulation.run();

      assertThat(refusal(records.get(0)).cause()).isEqualTo(Cause.RETRY_LIMIT);
      assertThat(refusal(records.get(0)).message()).startsWith("retryFor=1m is over");
      assertThat(simulation.time()).isEqualTo(MINUTE);
    }
  }

  @Nested
  class A_record_that_kinesis_refuses {

    @Test
    void is_refused_at_once_and_its_neighbours_go_on() {
      kinesis.records(
          entry ->
              entry.partitionKey().equals("k1") ? Optional.of("SomethingNew") : Optional.empty());
      List<StreamRecord> records = records(3);

      sender().send(records);
      simulation.run();

      assertThat(records.get(1).result())
          .contains(
              new Refused(Cause.REFUSED_BY_KINESIS, "SomethingNew", "scripted SomethingNew", 1));
      assertThat(kinesis.storedKeys()).containsExactly("k0", "k2");
      assertThat(kinesis.calls()).hasSize(1);
    }

    @Test
    void is_found_by_halving_when_it_fails_the_whole_call() {
      refuseCallsWith(Set.of("k123", "k400"));
      List<StreamRecord> records = records(500);

      sender().send(records);
      simulation.run();

      assertThat(refusal(records.get(123)).cause()).isEqualTo(Cause.REFUSED_BY_KINESIS);
      assertThat(refusal(records.get(400)).errorCode()).isEqualTo("ValidationException");
      assertThat(kinesis.storedKeys())
          .doesNotHaveDuplicates()
          .hasSize(498)
          .doesNotContain("k123", "k400");
      assertThat(kinesis.calls()).hasSizeLessThan(45);
    }

    @Test
    void does_not_use_up_the_attempts_of_its_neighbours() {
      refuseCallsWith(Set.of("k7"));
      List<StreamRecord> records = records(64);

      sender(SenderSettings.builder().maxAttempts(1).build()).send(records);
      simulation.run();

      assertThat(kinesis.stored()).hasSize(63);
    }

    @Test
    void is_told_without_the_values_that_the_service_quotes() {
      kinesis.before(
          request -> {
            throw ScriptedKinesis.error(
                400,
                "ValidationException",
                "1 validation error detected: Value 'ann@example.com' at 'records.1.member.partitionKey' failed to satisfy constraint");
          });
      List<StreamRecord> records = records(1);

      sender().send(records);
      simulation.run();

      assertThat(refusal(records.get(0)).message())
          .isEqualTo(
              "1 validation error detected: value at 'records.1.member.partitionKey' failed to satisfy constraint");
    }
  }

  @Nested
  class What_breaks_a_limit {

    @Test
    void never_leaves_and_its_neighbours_do() {
      StreamRecord tooLarge = StreamRecord.of("k", new byte[1024 * 1024]);
      StreamRecord fits = StreamRecord.of("k", new byte[1024 * 1024 - 1]);
      StreamRecord noKey = record("", "v");
      StreamRecord badHash = record("k", "v").withExplicitHashKey("-1");

      CompletionStage<Void> done = sender().send(List.of(tooLarge, fits, noKey, badHash));
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(refusal(tooLarge))
          .isEqualTo(
              new Refused(
                  Cause.TOO_LARGE,
                  "RecordTooLarge",
                  "the record has 1048577 bytes (partition key and data); allowed is 1048576",
                  0));
      assertThat(refusal(noKey).cause()).isEqualTo(Cause.INVALID_KEY);
      assertThat(refusal(badHash).errorCode()).isEqualTo("InvalidExplicitHashKey");
      assertThat(kinesis.callSizes()).containsExactly(1);
    }
  }

  @Nested
  class An_outage {

    @Test
    void of_an_hour_blocks_and_loses_nothing() {
      failUntil(HOUR, () -> SdkClientException.create("Unable to execute HTTP request: refused"));
      List<StreamRecord> records = records(3000);

      CompletionStage<Void> done = sender().send(records);
      simulation.runFor(HOUR.minusSeconds(1));
      assertThat(isDone(done)).isFalse();
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(kinesis.storedKeys()).containsExactlyInAnyOrderElementsOf(keys(3000));
      assertThat(simulation.time()).isBetween(HOUR, HOUR.plusSeconds(41));
    }

    @Test
    void is_probed_by_one_call_at_a_time() {
      failUntil(HOUR, () -> SdkClientException.create("refused"));

      sender().send(records(10_000));
      simulation.runFor(HOUR.minusSeconds(1));

      // a probe each 10 s in the mean, whatever waits
      assertThat(kinesis.calls()).hasSizeBetween(200, 600);
    }

    @Test
    void that_needs_help_is_said_at_once_and_then_each_half_minute_and_so_is_its_end() {
      failUntil(
          Duration.ofMinutes(5),
          () ->
              ScriptedKinesis.error(400, "ExpiredTokenException", "The security token is expired"));

      sender().send(records(600));
      simulation.run();

      assertThat(simulation.blockedAt().get(0)).isZero();
      assertThat(simulation.blocked()).hasSizeBetween(6, 11);
      assertThat(simulation.blocked().get(0).code()).isEqualTo("ExpiredTokenException");
      assertThat(simulation.waitingWhenBlocked()).startsWith(600);
      for (int i = 1; i < simulation.blockedAt().size(); i++) {
        assertThat(simulation.blockedAt().get(i).minus(simulation.blockedAt().get(i - 1)))
            .isGreaterThanOrEqualTo(Duration.ofSeconds(30));
      }
      assertThat(simulation.recoveries()).isEqualTo(1);
    }

    @Test
    void of_a_moment_is_not_worth_a_word() {
      kinesis.failingFirst(
          ScriptedKinesis.throttled(), ScriptedKinesis.error(500, "InternalFailure", "oops"));

      sender().send(records(5));
      simulation.run();

      assertThat(kinesis.stored()).hasSize(5);
      assertThat(simulation.blocked()).isEmpty();
      assertThat(simulation.recoveries()).isZero();
    }

    @Test
    void also_uses_up_the_time_of_those_that_were_never_tried() {
      failUntil(HOUR, () -> SdkClientException.create("refused"));
      List<StreamRecord> records = records(2000);

      CompletionStage<Void> done =
          sender(SenderSettings.builder().retryFor(MINUTE).build()).send(records);
      simulation.runFor(MINUTE.plusSeconds(41));

      assertThat(isDone(done)).isTrue();
      assertThat(records)
          .allSatisfy(record -> assertThat(refusal(record).cause()).isEqualTo(Cause.RETRY_LIMIT));
    }

    @Test
    void of_the_encryption_key_blocks_too_though_it_is_told_record_by_record() {
      kinesis.records(
          entry ->
              simulation.time().compareTo(MINUTE) < 0
                  ? Optional.of("KMSAccessDeniedException")
                  : Optional.empty());

      sender().send(records(20));
      simulation.run();

      assertThat(kinesis.stored()).hasSize(20);
      assertThat(simulation.blocked().get(0).code()).isEqualTo("KMSAccessDeniedException");
    }

    @Test
    void after_a_lost_answer_stores_twice_rather_than_never() {
      boolean[] lost = new boolean[1];
      kinesis.after(
          response -> {
            if (lost[0]) {
              return response;
            }
            lost[0] = true;
            throw SdkClientException.create("Unable to execute HTTP request: Connection reset");
          });

      sender().send(records(2));
      simulation.run();

      assertThat(kinesis.storedKeys()).containsExactly("k0", "k1", "k0", "k1");
    }
  }

  @Nested
  class What_nobody_foresaw {

    @Test
    void in_the_client_is_tried_three_times_and_then_the_records_are_returned() {
      kinesis.before(
          request -> {
            throw new IllegalStateException("Connection pool shut down");
          });
      List<StreamRecord> records = records(2);

      CompletionStage<Void> done = sender().send(records);
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(records.get(0).result())
          .contains(
              new Returned(
                  ReturnCause.FAULT,
                  "unexpected IllegalStateException: Connection pool shut down",
                  3));
    }

    @Test
    void even_an_Error_costs_no_record_its_result() {
      kinesis.before(
          request -> {
            throw new StackOverflowError();
          });
      List<StreamRecord> records = records(2);

      sender().send(records);
      simulation.run();

      assertThat(records)
          .allSatisfy(r -> assertThat(r.result()).containsInstanceOf(Returned.class));
    }

    @Test
    void an_answer_that_does_not_fit_the_call_is_no_answer() {
      kinesis.after(
          response ->
              kinesis.calls().size() > 1
                  ? response
                  : PutRecordsResponse.builder().records(response.records().get(0)).build());
      List<StreamRecord> records = records(2);

      sender().send(records);
      simulation.run();

      assertThat(records)
          .allSatisfy(r -> assertThat(r.result()).containsInstanceOf(Delivered.class));
      assertThat(kinesis.calls()).hasSize(2);
    }
  }

  @Nested
  class Closing {

    private final SenderSettings atOnce =
        SenderSettings.builder().closeWithin(Duration.ZERO).callsInFlight(1).build();

    @Test
    void returns_what_waits_and_what_has_no_answer() {
      simulation.callsTake(() -> 1_000_000L);
      List<StreamRecord> records = records(501);
      KinesisSender sender = sender(atOnce);
      CompletionStage<Void> done = sender.send(records);

      sender.close();
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(records.get(0).result())
          .contains(
              new Returned(ReturnCause.CLOSED, "the sender was closed before Kinesis answered", 1));
      assertThat(records.get(500).result())
          .contains(
              new Returned(
                  ReturnCause.CLOSED, "the sender was closed before the record could be sent", 0));
    }

    @Test
    void tells_of_each_record_once_also_if_its_answer_comes_after_all() {
      simulation.callsTake(() -> 1_000_000L);
      List<SenderListener.ResultKind> told = new ArrayList<>();
      KinesisSender sender =
          new KinesisSender(
              kinesis,
              "s",
              atOnce,
              simulation,
              simulation.log(),
              new SenderListener() {
                @Override
                public void settled(ResultKind kind, int records) {
                  IntStream.range(0, records).forEach(i -> told.add(kind));
                }
              });
      sender.send(records(3));

      sender.close();
      simulation.run();

      assertThat(told).hasSize(3).containsOnly(SenderListener.ResultKind.RETURNED);
      assertThat(sender.status().bufferedBytes()).isZero();
    }

    @Test
    void returns_what_backs_off() {
      failFirst("k0", 1000, "InternalFailure");
      List<StreamRecord> records = records(1);
      KinesisSender sender = sender(atOnce);
      sender.send(records);
      simulation.runFor(MINUTE);

      sender.close();

      assertThat(records.get(0).result()).containsInstanceOf(Returned.class);
    }

    @Test
    void takes_no_more_work() {
      KinesisSender sender = sender();
      sender.close();
      sender.close();
      List<StreamRecord> records = records(1);

      CompletionStage<Void> done = sender.send(records);

      assertThat(isDone(done)).isTrue();
      assertThat(records.get(0).result())
          .contains(new Returned(ReturnCause.CLOSED, "the sender for stream s is closed", 0));
      assertThat(kinesis.calls()).isEmpty();
    }
  }

  private KinesisSender sender() {
    return sender(SenderSettings.defaults());
  }

  private KinesisSender sender(SenderSettings settings) {
    return new KinesisSender(
        kinesis, "s", settings, simulation, simulation.log(), SenderListener.NONE);
  }

  @Nested
  class A_stream_that_understands_no_call {

    @Test
    void is_an_outage_after_a_few_refused_records() {
      boolean[] understands = {false};
      simulation.callsTake(() -> 5_000_000L);
      kinesis.before(
          request -> {
            if (!understands[0]) {
              throw ScriptedKinesis.error(400, "SerializationException", "cannot parse");
            }
            return request;
          });
      KinesisSender sender = sender(SenderSettings.defaults());
      List<StreamRecord> all = records(2_000);
      sender.send(all);

      simulation.runFor(Duration.ofMinutes(30));
      long refused = all.stream().filter(one -> one.result().isPresent()).count();
      assertThat(refused).isEqualTo(Aftermath.REFUSALS_BELIEVED);
      assertThat(simulation.blocked())
          .isNotEmpty()
          .allMatch(cause -> cause.code().equals("SerializationException"));
      assertThat(kinesis.calls()).hasSizeLessThan(1_000);

      understands[0] = true;
      simulation.run();
      assertThat(all.stream().filter(one -> one.result().orElseThrow() instanceof Delivered))
          .hasSize(all.size() - (int) refused);
      assertThat(simulation.recoveries()).isEqualTo(1);
    }

    @Test
    void is_not_what_a_few_bad_records_mean_though_nothing_else_is_sent() {
      List<StreamRecord> bad = records(Aftermath.REFUSALS_BELIEVED);
      refuseCallsWith(Set.copyOf(keys(Aftermath.REFUSALS_BELIEVED)));

      sender(SenderSettings.defaults()).send(bad);
      simulation.run();

      assertThat(bad).allMatch(one -> one.result().orElseThrow() instanceof Refused);
      assertThat(simulation.blocked()).isEmpty();
    }

    @Test
    void is_not_what_many_bad_records_mean_when_others_are_stored_between() {
      List<StreamRecord> all = records(60);
      refuseCallsWith(Set.copyOf(keys(40)));
      KinesisSender sender = sender(SenderSettings.defaults());

      sender.send(all);
      simulation.runFor(Duration.ofMinutes(1));
      for (int i = 0; i < 20; i++) {
        sender.send(List.of(record("good" + i, "good")));
        simulation.runFor(Duration.ofMinutes(1));
      }

      assertThat(all.subList(0, 40)).allMatch(one -> one.result().orElseThrow() instanceof Refused);
      assertThat(all.subList(40, 60))
          .allMatch(one -> one.result().orElseThrow() instanceof Delivered);
    }
  }

  @Test
  void a_throttled_shard_is_not_kept_to_a_pace_for_ever_when_traffic_ends() {
    int[] given = new int[1];
    simulation.callsTake(() -> 5_000_000L);
    kinesis.records(
        entry ->
            given[0]++ < 3_000 && given[0] % 2 == 0
                ? Optional.of("ProvisionedThroughputExceededException")
                : Optional.empty());
    KinesisSender sender = sender(SenderSettings.defaults());
    sender.send(records(5_000));
    simulation.run();
    assertThat(sender.status().pacedShards()).isEqualTo(1);

    simulation.runFor(Duration.ofMinutes(2));

    assertThat(sender.status().pacedShards()).isZero();
    Duration before = simulation.time();
    sender.send(records(20_000));
    simulation.run();
    assertThat(simulation.time().minus(before)).isLessThan(Duration.ofSeconds(2));
  }

  private void failFirst(String key, int times, String code) {
    int[] failed = new int[1];
    kinesis.records(
        entry ->
            entry.partitionKey().equals(key) && failed[0]++ < times
                ? Optional.of(code)
                : Optional.empty());
  }

  private void failUntil(Duration end, Supplier<RuntimeException> failure) {
    kinesis.before(
        request -> {
          if (simulation.time().compareTo(end) < 0) {
            throw failure.get();
          }
          return request;
        });
  }

  private void refuseCallsWith(Set<String> keys) {
    kinesis.before(
        request -> {
          if (request.records().stream().anyMatch(e -> keys.contains(e.partitionKey()))) {
            throw ScriptedKinesis.error(400, "ValidationException", "1 validation error detected");
          }
          return request;
        });
  }

  private static Refused refusal(StreamRecord record) {
    return (Refused) record.result().orElseThrow();
  }

  private static boolean isDone(CompletionStage<Void> stage) {
    CompletableFuture<Void> future = stage.toCompletableFuture();
    return future.isDone() && !future.isCompletedExceptionally();
  }

  private static StreamRecord record(String key, String data) {
    return StreamRecord.of(key, data.getBytes(StandardCharsets.UTF_8));
  }

  private static List<StreamRecord> records(int count) {
    return keys(count).stream().map(key -> record(key, "data of " + key)).collect(toList());
  }

  private static List<String> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i).collect(toList());
  }
}
