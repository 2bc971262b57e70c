package org.audienceactivation.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.audienceactivation.kinesis.ClientSource.FromSettings;
import org.audienceactivation.kinesis.ClientSource.OfTheUser;
import org.audienceactivation.kinesis.SharedSenders.Hold;
import org.audienceactivation.kinesis.SharedSenders.SenderKey;
import org.audienceactivation.kinesis.sender.Credentials.StaticKeys;
import org.audienceactivation.kinesis.sender.DeliveryOrder;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;
import org.audienceactivation.kinesis.sender.KinesisClientSettings.WireFormat;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.SenderSettings;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.kinesis.KinesisClient;

@Timeout(60)
class SharedSendersTest {

  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();

  @Test
  void a_sender_that_cannot_be_opened_leaves_no_client_behind_and_can_be_opened_later() {
    AtomicReference<KinesisClient> client = new AtomicReference<>();
    SharedSenders senders =
        new SharedSenders(
            (used, stream) -> {
              if (client.getAndSet(used) == null) {
                throw new IllegalStateException("no room for another meter");
              }
              return SenderWatch.NOBODY;
            });
    try (HttpKinesis server = HttpKinesis.start()) {
      SenderKey key = new SenderKey(new FromSettings(settings(server)), "s", oneByOne());

      assertThatThrownBy(() -> senders.sender(key)).hasMessage("no room for another meter");
      assertThatThrownBy(() -> client.get().describeStreamSummary(asked -> asked.streamName("s")))
          .isInstanceOf(RejectedExecutionException.class); // it is closed
      assertThat(senders.held()).isEmpty();

      try (Hold<KinesisSender> hold = senders.sender(key)) {
        StreamRecord record = record("k");
        hold.get().send(List.of(record)).toCompletableFuture().join();
        assertThat(record.result()).containsInstanceOf(Delivered.class);
      }
    }
  }

  @Test
  void one_that_takes_long_to_open_keeps_nobody_from_another() throws Exception {
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    SharedSenders senders =
        new SharedSenders(
            (used, stream) -> {
              if (stream.equals("slow")) {
                opening.countDown();
                await(go);
              }
              return SenderWatch.NOBODY;
            });
    CompletableFuture<Hold<KinesisSender>> slow =
        CompletableFuture.supplyAsync(() -> senders.sender(key("slow")));
    opening.await();

    CompletableFuture<Hold<KinesisSender>> other =
        CompletableFuture.supplyAsync(() -> senders.sender(key("other")));

    try (Hold<KinesisSender> hold = other.get(20, TimeUnit.SECONDS)) {
      assertThat(senders.held()).containsExactly(hold.get());
    } finally {
      go.countDown();
    }
    slow.get(20, TimeUnit.SECONDS).close();
    assertThat(senders.held()).isEmpty();
  }

  @Test
  void are_all_withdrawn_in_the_time_that_one_is_given() throws Exception {
    CountDownLatch called = new CountDownLatch(20);
    CountDownLatch never = new CountDownLatch(1);
    kinesis.before(
        call -> {
          called.countDown();
          await(never);
          return call;
        });
    SharedSenders senders = new SharedSenders((client, stream) -> SenderWatch.NOBODY);
    List<StreamRecord> records = IntStream.range(0, 20).mapToObj(i -> record("k" + i)).toList();
    for (int i = 0; i < 20; i++) {
      senders.sender(key("s" + i)).get().send(List.of(records.get(i)));
    }
    called.await();

    senders.withdraw(Duration.ofMillis(100)); // 200 s if each were given its own 10

    assertThat(records).allMatch(record -> record.result().orElseThrow() instanceof Returned);
  }

  @Test
  void of_one_account_have_a_connection_for_each_call_that_they_may_make() throws Exception {
    SharedSenders senders = new SharedSenders((client, stream) -> SenderWatch.NOBODY);
    List<Hold<KinesisSender>> holds = new ArrayList<>();
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    try (HttpKinesis server = HttpKinesis.start()) {
      server.answerOnlyWhenUnderWay(80);
      for (int i = 0; i < 10; i++) {
        Hold<KinesisSender> hold =
            senders.sender(new SenderKey(new FromSettings(settings(server)), "s" + i, oneByOne()));
        holds.add(hold);
        for (int call = 0; call < 8; call++) {
          sent.add(hold.get().send(List.of(record("k" + call))).toCompletableFuture());
        }
      }

      CompletableFuture.allOf(sent.toArray(CompletableFuture[]::new)).get(40, TimeUnit.SECONDS);

      assertThat(server.puts()).hasSize(80);
    } finally {
      holds.forEach(Hold::close);
    }
  }

  @Test
  void after_a_withdrawal_a_sender_that_is_opened_takes_nothing_until_the_component_starts_again() {
    SharedSenders senders = new SharedSenders((used, stream) -> SenderWatch.NOBODY);
    senders.withdraw(Duration.ZERO);

    StreamRecord late = record("late");
    try (Hold<KinesisSender> hold = senders.sender(key("s"))) {
      hold.get().send(List.of(late)).toCompletableFuture().join();
    }
    assertThat(late.result()).containsInstanceOf(Returned.class);
    assertThat(kinesis.calls()).isEmpty();

    senders.resume();
    StreamRecord again = record("again");
    try (Hold<KinesisSender> hold = senders.sender(key("s"))) {
      hold.get().send(List.of(again)).toCompletableFuture().join();
    }
    assertThat(again.result()).containsInstanceOf(Delivered.class);
  }

  private static SenderSettings oneByOne() {
    return SenderSettings.builder().maxRecordsPerCall(1).order(DeliveryOrder.NONE).build();
  }

  private SenderKey key(String stream) {
    return new SenderKey(new OfTheUser(kinesis), stream, SenderSettings.defaults());
  }

  private static KinesisClientSettings settings(HttpKinesis server) {
    return KinesisClientSettings.builder()
        .endpoint(server.endpoint())
        .region("eu-west-1")
        .credentials(new StaticKeys("AK", "s", Optional.empty()))
        .wireFormat(WireFormat.JSON)
        .build();
  }

  private static StreamRecord record(String key) {
    return StreamRecord.of(key, key.getBytes(StandardCharsets.UTF_8));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
