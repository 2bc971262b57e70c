package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the simulated time of the other tests cannot show: real threads. */
@Timeout(30)
class RealThreadsTest {

  private static final SenderSettings QUICK =
      SenderSettings.builder()
          .backoffMin(Duration.ofMillis(1))
          .backoffMax(Duration.ofMillis(5))
          .closeWithin(Duration.ofSeconds(5))
          .build();

  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();

  @Test
  void many_callers_and_many_faults_and_every_record_is_delivered() throws Exception {
    kinesis
        .before(
            request -> {
              if (ThreadLocalRandom.current().nextInt(10) == 0) {
                throw ScriptedKinesis.throttled();
              }
              return request;
            })
        .records(
            entry ->
                ThreadLocalRandom.current().nextInt(5) == 0
                    ? Optional.of("InternalFailure")
                    : Optional.empty());
    List<StreamRecord> all = records(20_000);

    try (KinesisSender sender = KinesisSender.open(kinesis, "s", QUICK)) {
      List<CompletableFuture<Void>> done = new ArrayList<>();
      List<Thread> callers = new ArrayList<>();
      for (int caller = 0; caller < 20; caller++) {
        List<StreamRecord> own = all.subList(caller * 1000, (caller + 1) * 1000);
        Thread thread =
            new Thread(
                () -> {
                  for (int i = 0; i < 1000; i += 50) {
                    CompletableFuture<Void> one =
                        sender.send(own.subList(i, i + 50)).toCompletableFuture();
                    synchronized (done) {
                      done.add(one);
                    }
                  }
                });
        callers.add(thread);
        thread.start();
      }
      for (Thread caller : callers) {
        caller.join();
      }
      CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    }

    assertThat(all).allMatch(r -> r.result().orElseThrow() instanceof Delivered);
    assertThat(kinesis.storedKeys()).hasSize(20_000).doesNotHaveDuplicates();
  }

  @Test
  void whoever_closes_it_a_second_time_waits_for_the_calls_as_well() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    kinesis.before(
        request -> {
          called.countDown();
          holdIfAsked(answer, "wait");
          return request;
        });
    KinesisSender sender = KinesisSender.open(kinesis, "s", QUICK);
    StreamRecord record = record("k");
    sender.send(List.of(record));
    called.await();
    List<Thread> closing = List.of(new Thread(sender::close), new Thread(sender::close));
    for (Thread one : closing) {
      one.start();
      await().until(() -> one.getState() == Thread.State.TIMED_WAITING);
    }

    answer.countDown();
    for (Thread one : closing) {
      one.join();
    }

    assertThat(record.result()).containsInstanceOf(Delivered.class);
  }

  @Test
  void what_depends_on_results_may_block_and_runs_on_no_sending_thread() throws Exception {
    try (KinesisSender sender = KinesisSender.open(kinesis, "s", QUICK)) {
      CountDownLatch release = new CountDownLatch(1);
      kinesis.before(
          request -> {
            holdIfAsked(release, request.records().get(0).partitionKey());
            return request;
          });
      AtomicReference<String> thread = new AtomicReference<>();

      CompletableFuture<Void> nested =
          sender
              .send(List.of(record("wait")))
              .thenRun(() -> thread.set(Thread.currentThread().getName()))
              .thenRun(() -> sender.send(records(3)).toCompletableFuture().join())
              .toCompletableFuture();
      release.countDown();
      nested.get(10, TimeUnit.SECONDS);

      assertThat(thread.get()).startsWith("kinesis-done-s");
      assertThat(kinesis.stored()).hasSize(4);
    }
  }

  @Test
  void one_that_blocks_does_not_keep_the_others_of_its_call_from_going_on() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (KinesisSender sender = KinesisSender.open(kinesis, "s", QUICK)) {
      CountDownLatch first = new CountDownLatch(1);
      kinesis.before(
          request -> {
            holdIfAsked(first, request.records().get(0).partitionKey());
            return request;
          });
      sender.send(List.of(record("wait"))); // the others share the next call
      List<CompletableFuture<Void>> others = new ArrayList<>();
      for (StreamRecord record : records(50)) {
        others.add(
            sender
                .send(List.of(record))
                .thenRun(() -> holdIfAsked(never, record.partitionKey().equals("k7") ? "wait" : ""))
                .toCompletableFuture());
      }
      first.countDown();

      others.remove(7);
      CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
    } finally {
      never.countDown();
    }
  }

  @Test
  void those_that_block_take_a_bounded_number_of_threads_and_who_brings_more_waits()
      throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch full = new CountDownLatch(1); // else the caller may be the first who is told
    kinesis.before(
        request -> {
          holdIfAsked(full, "wait");
          return request;
        });
    SenderSettings small = SenderSettings.builder().maxBufferedBytes(100_000).build();
    try (KinesisSender sender = KinesisSender.open(kinesis, "bounded", small)) {
      List<StreamRecord> all = records(1_000);
      List<CompletableFuture<Void>> done = new CopyOnWriteArrayList<>();
      Thread caller =
          new Thread(
              () ->
                  all.forEach(
                      record ->
                          done.add(
                              sender
                                  .send(List.of(record))
                                  .thenRun(() -> holdIfAsked(release, "wait"))
                                  .toCompletableFuture())));
      caller.start();
      await().until(() -> caller.getState() == Thread.State.WAITING);
      full.countDown();

      await().until(() -> sender.openRecords() == 0 && caller.getState() == Thread.State.WAITING);
      assertThat(done).hasSizeLessThan(900);
      assertThat(threadsNamed("kinesis-done-bounded"))
          .isBetween(1L, 10L + Completions.MOST_THREADS);

      release.countDown();
      caller.join();
      CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
      assertThat(all).allMatch(one -> one.result().orElseThrow() instanceof Delivered);
    } finally {
      release.countDown();
    }
  }

  @Test
  void completions_that_send_on_and_wait_for_each_other_go_on_however_many() throws Exception {
    CountDownLatch given = new CountDownLatch(1); // else this thread may be the one that is told
    kinesis.before(
        request -> {
          holdIfAsked(given, "wait");
          return request;
        });
    SenderSettings small = SenderSettings.builder().maxBufferedBytes(20_000).build();
    try (KinesisSender sender = KinesisSender.open(kinesis, "s", small)) {
      CountDownLatch all = new CountDownLatch(Completions.MOST_THREADS + 1);
      List<CompletableFuture<Void>> done = new ArrayList<>();
      for (StreamRecord record : records(Completions.MOST_THREADS + 1)) {
        done.add(
            sender
                .send(List.of(record))
                .thenRun(
                    () -> {
                      all.countDown();
                      holdIfAsked(all, "wait"); // for the one that has no thread yet
                      sender.send(records(1)).toCompletableFuture().join();
                    })
                .toCompletableFuture());
      }
      given.countDown();
      CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
    }
  }

  private static long threadsNamed(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix))
        .count();
  }

  @Test
  void whoever_brings_more_than_may_wait_is_blocked_until_there_is_room() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    kinesis.before(
        request -> {
          holdIfAsked(release, "wait");
          return request;
        });
    SenderSettings small = SenderSettings.builder().maxBufferedBytes(10_000).build();
    try (KinesisSender sender = KinesisSender.open(kinesis, "s", small)) {
      List<StreamRecord> all = records(1000);
      Thread caller =
          new Thread(() -> all.forEach(record -> sender.send(List.of(record))), "caller");
      caller.start();

      await().until(() -> caller.getState() == Thread.State.WAITING);
      assertThat(sender.status().bufferedBytes()).isLessThanOrEqualTo(10_000).isGreaterThan(9_000);
      release.countDown();
      caller.join();
      await().until(() -> sender.openRecords() == 0);

      assertThat(all).allMatch(r -> r.result().orElseThrow() instanceof Delivered);
    }
  }

  @Test
  void whoever_brings_much_is_let_in_before_those_who_came_later_with_little() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch second = new CountDownLatch(1);
    kinesis.before(
        request -> {
          String key = request.records().get(0).partitionKey();
          holdIfAsked(first, key.equals("first") ? "wait" : "");
          holdIfAsked(second, key.equals("second") ? "wait" : "");
          return request;
        });
    SenderSettings small = SenderSettings.builder().maxBufferedBytes(1_000).build();
    try (KinesisSender sender = KinesisSender.open(kinesis, "s", small)) {
      sender.send(List.of(record("first")));
      sender.send(List.of(record("second")));
      Thread large = new Thread(() -> sender.send(records(100)));
      large.start();
      await().until(() -> large.getState() == Thread.State.WAITING);
      StreamRecord late = record("late");
      Thread little = new Thread(() -> sender.send(List.of(late)));
      little.start();
      await().until(() -> little.getState() == Thread.State.WAITING);

      first.countDown();
      await().until(() -> kinesis.storedKeys().contains("first"));
      await().until(() -> sender.openRecords() == 1);
      assertThat(little.getState()).isEqualTo(Thread.State.WAITING);
      second.countDown();

      await().until(() -> late.result().isPresent());
      assertThat(kinesis.storedKeys()).endsWith("late").hasSize(103);
    }
  }

  @Test
  void an_interrupted_caller_leaves_its_place_to_those_behind_it() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    kinesis.before(
        request -> {
          holdIfAsked(release, "wait");
          return request;
        });
    SenderSettings small = SenderSettings.builder().maxBufferedBytes(1_000).build();
    try (KinesisSender sender = KinesisSender.open(kinesis, "s", small)) {
      sender.send(List.of(record("first")));
      Thread large = new Thread(() -> sender.send(records(100)));
      large.start();
      await().until(() -> large.getState() == Thread.State.WAITING);
      Thread little = new Thread(() -> sender.send(List.of(record("late"))));
      little.start();
      await().until(() -> little.getState() == Thread.State.WAITING);

      large.interrupt();

      await().until(() -> little.getState() == Thread.State.TERMINATED);
      release.countDown();
    }
  }

  @Test
  void after_closing_one_completion_that_blocks_holds_up_no_other() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch called = new CountDownLatch(1);
    kinesis.before(
        request -> {
          called.countDown();
          holdIfAsked(never, "wait");
          return request;
        });
    SenderSettings atOnce =
        SenderSettings.builder().callsInFlight(1).closeWithin(Duration.ZERO).build();
    KinesisSender sender = KinesisSender.open(kinesis, "s", atOnce);
    List<CompletableFuture<Void>> others = new ArrayList<>();
    for (StreamRecord record : records(50)) {
      others.add(
          sender
              .send(List.of(record))
              .thenRun(() -> holdIfAsked(never, record.partitionKey().equals("k7") ? "wait" : ""))
              .toCompletableFuture());
    }
    called.await();

    sender.close();

    others.remove(7);
    CompletableFuture.allOf(others.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
    never.countDown();
  }

  @Test
  void nothing_of_a_closed_sender_stays() {
    KinesisSender sender = KinesisSender.open(kinesis, "soon-gone", QUICK);
    sender.send(records(3)).toCompletableFuture().join();

    sender.close();

    // those that ran a completion stay for half a minute
    await().until(() -> threads("kinesis-time-soon-gone", "kinesis-call-soon-gone").isEmpty());
  }

  private static List<String> threads(String... prefixes) {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> Stream.of(prefixes).anyMatch(name::startsWith))
        .toList();
  }

  @Test
  void several_that_hang_are_closed_in_the_time_of_one() throws Exception {
    CountDownLatch called = new CountDownLatch(20);
    kinesis.before(
        request -> {
          called.countDown();
          holdIfAsked(new CountDownLatch(1), "wait");
          return request;
        });
    SenderSettings patient = SenderSettings.builder().closeWithin(Duration.ofSeconds(20)).build();
    List<KinesisSender> senders =
        IntStream.range(0, 20)
            .mapToObj(i -> KinesisSender.open(kinesis, "s" + i, patient))
            .toList();
    List<StreamRecord> records = records(20);
    for (int i = 0; i < 20; i++) {
      senders.get(i).send(List.of(records.get(i)));
    }
    called.await();

    KinesisSender.closeAll(senders, Duration.ofMillis(100));

    assertThat(records).allMatch(record -> record.result().orElseThrow() instanceof Returned);
  }

  @Test
  void closing_and_interrupting_let_a_blocked_caller_go() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    kinesis.before(
        request -> {
          holdIfAsked(never, "wait");
          return request;
        });
    SenderSettings small =
        SenderSettings.builder().maxBufferedBytes(1).closeWithin(Duration.ofMillis(10)).build();
    KinesisSender sender = KinesisSender.open(kinesis, "s", small);
    sender.send(List.of(record("first")));
    StreamRecord interrupted = record("interrupted");
    StreamRecord closedUpon = record("closed upon");
    Thread one = new Thread(() -> sender.send(List.of(interrupted)));
    Thread other = new Thread(() -> sender.send(List.of(closedUpon)));
    one.start();
    other.start();
    await().until(() -> one.getState() == Thread.State.WAITING);
    await().until(() -> other.getState() == Thread.State.WAITING);

    one.interrupt();
    one.join();
    sender.close();
    other.join();

    assertThat(interrupted.result()).containsInstanceOf(Returned.class);
    assertThat(closedUpon.result()).containsInstanceOf(Returned.class);
    never.countDown();
  }

  @Test
  void closing_waits_for_the_call_under_way() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    kinesis.before(
        request -> {
          called.countDown();
          holdIfAsked(release, "wait");
          return request;
        });
    StreamRecord record = record("k");
    KinesisSender sender = KinesisSender.open(kinesis, "s", QUICK);
    CompletableFuture<Void> done = sender.send(List.of(record)).toCompletableFuture();
    called.await();

    Thread closing = new Thread(sender::close);
    closing.start();
    release.countDown();
    closing.join();

    done.get(1, TimeUnit.SECONDS);
    assertThat(record.result()).containsInstanceOf(Delivered.class);
  }

  @Test
  void closing_gives_up_a_call_that_does_not_end() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    kinesis.before(
        request -> {
          called.countDown();
          holdIfAsked(new CountDownLatch(1), "wait");
          return request;
        });
    StreamRecord record = record("k");
    KinesisSender sender =
        KinesisSender.open(
            kinesis, "s", SenderSettings.builder().closeWithin(Duration.ofMillis(10)).build());
    CompletableFuture<Void> done = sender.send(List.of(record)).toCompletableFuture();
    called.await();

    sender.close();

    done.get(5, TimeUnit.SECONDS);
    assertThat(record.result()).containsInstanceOf(Returned.class);
  }

  private static void holdIfAsked(CountDownLatch latch, String key) {
    if (!key.equals("wait")) {
      return;
    }
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static StreamRecord record(String key) {
    return StreamRecord.of(key, key.getBytes(StandardCharsets.UTF_8));
  }

  private static List<StreamRecord> records(int count) {
    return IntStream.range(0, count).mapToObj(i -> record("k" + i)).toList();
  }
}
