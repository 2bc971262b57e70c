package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.audienceactivation.kinesis.sender.DeliveryResult.ReturnCause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What fails in this process and not in Kinesis: listeners, logs, clocks, threads that are not
 * there.
 */
class FaultsInsideTest {

  private static final SenderSettings ONE_CALL_AT_A_TIME =
      SenderSettings.builder().callsInFlight(1).maxRecordsPerCall(2).build();

  private final Simulation simulation = Simulation.withSeed(7);
  private final Flawed flawed = new Flawed(simulation);
  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();

  @Nested
  class A_listener_that_throws {

    private final SenderListener thrower =
        new SenderListener() {
          @Override
          public void called(CallReport call) {
            throw new IllegalStateException("no room for another meter");
          }

          @Override
          public void settled(ResultKind kind, int records) {
            throw new StackOverflowError();
          }
        };

    @Test
    void keeps_no_result_and_no_completion_back() {
      kinesis.records(
          entry -> entry.partitionKey().equals("k0") ? Optional.of("Poison") : Optional.empty());
      KinesisSender sender = sender(ONE_CALL_AT_A_TIME, simulation.log(), thrower);
      List<StreamRecord> records = records(4);
      StreamRecord noKey = record("");

      List<CompletionStage<Void>> done =
          List.of(
              sender.send(records.subList(0, 1)),
              sender.send(records.subList(1, 4)),
              sender.send(List.of(noKey)));
      simulation.run();

      assertThat(done).allMatch(FaultsInsideTest::isDone);
      assertThat(records.get(0).result()).containsInstanceOf(Refused.class);
      assertThat(records.subList(1, 4)).allMatch(FaultsInsideTest::isDelivered);
      assertThat(noKey.result()).containsInstanceOf(Refused.class);
      assertThat(sender.status().bufferedBytes()).isZero();
    }

    @Test
    void keeps_the_sender_from_nothing_while_it_closes() {
      simulation.callsTake(() -> Duration.ofSeconds(1).toNanos());
      KinesisSender sender =
          sender(
              SenderSettings.builder().closeWithin(Duration.ZERO).callsInFlight(1).build(),
              simulation.log(),
              thrower);
      List<StreamRecord> records = records(600);
      CompletionStage<Void> done = sender.send(records);

      sender.close();
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(records).allMatch(FaultsInsideTest::isReturned);
    }
  }

  @Nested
  class A_log_that_throws {

    @Test
    void at_the_end_of_an_outage_costs_no_delivered_record_its_completion() {
      kinesis.failingFirst(
          ScriptedKinesis.error(400, "ExpiredTokenException", "The security token is expired"));
      KinesisSender sender = sender(SenderSettings.defaults(), failing("recovered"));
      List<StreamRecord> records = records(5);

      List<CompletionStage<Void>> done = sendEachAlone(sender, records);
      simulation.run();

      assertThat(done).allMatch(FaultsInsideTest::isDone);
      assertThat(records).allMatch(FaultsInsideTest::isDelivered);
      assertThat(sender.status().bufferedBytes()).isZero();
      assertThat(sender.openRecords()).isZero();
    }

    @Test
    void when_it_begins_gives_the_records_of_the_call_back_and_lets_others_follow() {
      kinesis.failingFirst(
          ScriptedKinesis.error(400, "ExpiredTokenException", "The security token is expired"));
      KinesisSender sender = sender(ONE_CALL_AT_A_TIME, failing("blocked"));
      List<StreamRecord> records =
          List.of(record("a"), record("b"), record("a"), record("b"), record("c"));

      CompletionStage<Void> done = sender.send(records);
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(records.subList(0, 2))
          .allSatisfy(
              one ->
                  assertThat(one.result())
                      .contains(
                          new Returned(
                              ReturnCause.FAULT,
                              "unexpected IllegalStateException in the sender",
                              1)));
      assertThat(records.subList(2, 5)).allMatch(FaultsInsideTest::isDelivered);
      assertThat(sender.status().bufferedBytes()).isZero();
    }

    private OperatorLog failing(String what) {
      return new OperatorLog() {
        @Override
        public void blocked(Failure cause, long downNanos, int waitingRecords) {
          failIf("blocked");
        }

        @Override
        public void recovered(long downNanos, int waitingRecords) {
          failIf("recovered");
        }

        @Override
        public void skewed(Bottleneck bottleneck) {}

        private void failIf(String done) {
          if (done.equals(what)) {
            throw new IllegalStateException("the disk is full");
          }
        }
      };
    }
  }

  /** Each collaborator of the sender is struck, at each time that it is asked for something. */
  @ParameterizedTest
  @EnumSource
  void wherever_an_error_strikes_every_record_has_one_result_and_every_submission_ends(
      Struck struck) {
    int struckTimes = 0;
    for (int strikesAt = 0; strikesAt < 80; strikesAt++) {
      Simulation time = Simulation.withSeed(strikesAt);
      Strike strike = new Strike(struck, strikesAt);
      Flawed surroundings = new Flawed(time, strike);
      time.callsTake(() -> 1_000_000L);
      ScriptedKinesis store = ScriptedKinesis.storingAll();
      store.failingFirst(ScriptedKinesis.error(400, "ExpiredTokenException", "expired"));
      int[] calls = new int[1];
      store.records(
          entry -> calls[0]++ % 3 == 0 ? Optional.of("InternalFailure") : Optional.empty());
      Told told = new Told(strike);
      KinesisSender sender =
          new KinesisSender(
              store, "s", ONE_CALL_AT_A_TIME, surroundings, struckLog(strike, time.log()), told);
      strike.armed = true;
      List<StreamRecord> records = records(9);

      List<CompletionStage<Void>> done = sendEachAlone(sender, records);
      time.run();

      assertThat(done).as("at %s", strikesAt).allMatch(FaultsInsideTest::isDone);
      assertThat(records).allMatch(one -> one.result().isPresent());
      assertThat(told.records).isEqualTo(9);
      assertThat(sender.status().bufferedBytes()).isZero();
      assertThat(sender.openRecords()).isZero();
      StreamRecord next = record("k0");
      sender.send(List.of(next));
      time.run();
      assertThat(next.result()).as("the next of a key, after %s", strikesAt).isPresent();
      struckTimes += strike.hasStruck ? 1 : 0;
    }
    assertThat(struckTimes).isPositive();
  }

  @Test
  void an_error_while_a_call_is_put_together_leaves_what_is_in_it_to_the_sender() {
    StreamRecord noHash =
        StreamRecord.of("k", new byte[CallBuilder.BYTES_TO_LOOK_INTO]).withExplicitHashKey("none");
    WaitingRoom waiting = new WaitingRoom(SenderSettings.defaults(), new ShardPacing());
    Pending first = new Pending(record("k0"), 6);
    waiting.admit(List.of(first, new Pending(noHash, noHash.data().length)));

    assertThatThrownBy(() -> waiting.nextCall(0)).isInstanceOf(NumberFormatException.class);

    assertThat(waiting.drainInHand()).containsExactly(first);
    assertThat(first.isCommitted()).isTrue();
    assertThat(waiting.size()).isEqualTo(1);
  }

  @Nested
  class Without_a_thread {

    @Test
    void for_the_call_its_records_are_sent_later() {
      flawed.noThreadForCalls = 2;
      KinesisSender sender = sender(SenderSettings.defaults(), simulation.log());
      List<StreamRecord> records = records(3);

      CompletionStage<Void> done = sender.send(records);
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(records).allMatch(FaultsInsideTest::isDelivered);
    }

    @Test
    void for_the_call_is_no_attempt_however_often() {
      flawed.noThreadForCalls = 20;
      KinesisSender sender =
          sender(SenderSettings.builder().maxAttempts(1).build(), simulation.log());
      List<StreamRecord> records = records(3);

      sender.send(records);
      simulation.run();

      assertThat(records)
          .allMatch(FaultsInsideTest::isDelivered)
          .allMatch(one -> one.result().orElseThrow().attempts() == 1);
    }

    @Test
    void for_the_call_results_are_told_without_the_lock() {
      flawed.noThreadForCalls = 100;
      List<Boolean> locked = new ArrayList<>();
      KinesisSender[] sender = new KinesisSender[1];
      sender[0] =
          sender(
              SenderSettings.builder().retryFor(Duration.ofSeconds(1)).build(),
              simulation.log(),
              new SenderListener() {
                @Override
                public void settled(ResultKind kind, int records) {
                  locked.add(!answersAnotherThread(sender[0]));
                }
              });

      CompletionStage<Void> done = sender[0].send(records(2));
      simulation.run();

      assertThat(isDone(done)).isTrue();
      assertThat(locked).containsExactly(false);
    }

    @Test
    void for_the_call_those_who_wait_for_room_go_on() throws Exception {
      failFirstAnswers(1);
      KinesisSender sender =
          sender(
              SenderSettings.builder().maxBufferedBytes(1).retryFor(Duration.ofSeconds(1)).build(),
              simulation.log());
      StreamRecord first = record("k0");
      StreamRecord next = record("k1");
      sender.send(List.of(first));
      Thread blocked = new Thread(() -> sender.send(List.of(next)));
      blocked.start();
      await().until(() -> blocked.getState() == Thread.State.WAITING);
      simulation.runFor(Duration.ZERO); // the first answer
      await().until(() -> blocked.getState() == Thread.State.WAITING);

      flawed.noThreadForCalls = Integer.MAX_VALUE; // for the second attempt
      simulation.runFor(Duration.ofSeconds(2));
      flawed.noThreadForCalls = 0;
      simulation.run();
      blocked.join(10_000);
      simulation.run();

      assertThat(first.result()).containsInstanceOf(Refused.class);
      assertThat(next.result()).containsInstanceOf(Delivered.class);
    }

    @Test
    void for_completions_they_run_when_there_is_one() {
      flawed.noThreadForCompletions = 3;
      KinesisSender sender = sender(SenderSettings.defaults(), simulation.log());
      List<StreamRecord> records = records(5);

      List<CompletionStage<Void>> done = sendEachAlone(sender, records);
      simulation.run();

      assertThat(done).allMatch(FaultsInsideTest::isDone);
      assertThat(flawed.noThreadForCompletions).isZero();
    }

    @Test
    void nor_a_timer_they_run_on_the_thread_at_hand() {
      flawed.noThreadForCompletions = Integer.MAX_VALUE;
      flawed.noTimer = true;
      KinesisSender sender = sender(SenderSettings.defaults(), simulation.log());

      CompletionStage<Void> done = sender.send(records(5));
      simulation.run();

      assertThat(isDone(done)).isTrue();
    }
  }

  @Test
  void a_wake_up_that_could_not_be_set_is_set_again() {
    failFirstAnswers(1);
    KinesisSender sender = sender(SenderSettings.defaults(), simulation.log());
    CompletionStage<Void> done = sender.send(records(1));
    flawed.noTimerOnce = true; // for the end of the backoff
    simulation.run();

    assertThat(isDone(done)).isTrue();
  }

  @Test
  void a_wake_up_that_never_came_does_not_keep_others_from_being_set() {
    failFirstAnswers(2);
    KinesisSender sender = sender(SenderSettings.defaults(), simulation.log());
    CompletionStage<Void> done = sender.send(records(1));
    flawed.forgetsOnce = true; // the end of the backoff
    simulation.run();
    assertThat(isDone(done)).isFalse();

    simulation.runFor(Duration.ofSeconds(1));
    sender.send(List.of(record("other")));
    simulation.run();

    assertThat(isDone(done)).isTrue();
  }

  private void failFirstAnswers(int calls) {
    kinesis.records(
        entry ->
            kinesis.calls().size() <= calls ? Optional.of("InternalFailure") : Optional.empty());
  }

  private static boolean answersAnotherThread(KinesisSender sender) {
    Thread other = new Thread(sender::openRecords);
    other.start();
    try {
      other.join(5_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return !other.isAlive();
  }

  private KinesisSender sender(SenderSettings settings, OperatorLog log) {
    return sender(settings, log, SenderListener.NONE);
  }

  private KinesisSender sender(SenderSettings settings, OperatorLog log, SenderListener listener) {
    return new KinesisSender(kinesis, "s", settings, flawed, log, listener);
  }

  private static List<CompletionStage<Void>> sendEachAlone(
      KinesisSender sender, List<StreamRecord> records) {
    return records.stream().map(record -> sender.send(List.of(record))).toList();
  }

  private static boolean isDone(CompletionStage<Void> stage) {
    return stage.toCompletableFuture().isDone();
  }

  private static boolean isDelivered(StreamRecord record) {
    return record.result().orElseThrow() instanceof Delivered;
  }

  private static boolean isReturned(StreamRecord record) {
    return record.result().orElseThrow() instanceof Returned;
  }

  private static StreamRecord record(String key) {
    return StreamRecord.of(key, "data".getBytes(StandardCharsets.UTF_8));
  }

  private static List<StreamRecord> records(int count) {
    return IntStream.range(0, count).mapToObj(i -> record("k" + i)).toList();
  }

  /** How many records were told to have a result. */
  private static final class Told implements SenderListener {
    private final Strike strike;
    private int records;

    Told(Strike strike) {
      this.strike = strike;
    }

    @Override
    public void called(CallReport call) {
      strike.at(Struck.LISTENER);
    }

    @Override
    public void settled(ResultKind kind, int count) {
      records += count;
      strike.at(Struck.LISTENER);
    }
  }

  /** Whom an error may strike. */
  private enum Struck {
    CLOCK,
    CHANCE,
    TIMER,
    THREADS_FOR_CALLS,
    /** And whoever is asked next, while the sender copes with it. */
    THREADS_FOR_CALLS_AND_THE_NEXT,
    THREADS_FOR_COMPLETIONS,
    LOG,
    LISTENER
  }

  /** One error, at the so-maniest time that somebody is asked for something. */
  private static final class Strike {
    private final Struck struck;
    private int left;
    private boolean armed;
    private boolean hasStruck;
    private boolean nextToo;

    Strike(Struck struck, int at) {
      this.struck = struck;
      this.left = at;
    }

    static Strike none() {
      return new Strike(Struck.CLOCK, 0);
    }

    void at(Struck here) {
      if (!armed) {
        return;
      }
      if (nextToo) {
        nextToo = false;
        throw new OutOfMemoryError("for the next");
      }
      boolean meant =
          here == struck
              || (here == Struck.THREADS_FOR_CALLS
                  && struck == Struck.THREADS_FOR_CALLS_AND_THE_NEXT);
      if (meant && left-- == 0) {
        hasStruck = true;
        nextToo = struck == Struck.THREADS_FOR_CALLS_AND_THE_NEXT;
        throw new OutOfMemoryError("for " + here);
      }
    }
  }

  private static OperatorLog struckLog(Strike strike, OperatorLog log) {
    return new OperatorLog() {
      @Override
      public void blocked(Failure cause, long downNanos, int waitingRecords) {
        strike.at(Struck.LOG);
        log.blocked(cause, downNanos, waitingRecords);
      }

      @Override
      public void recovered(long downNanos, int waitingRecords) {
        strike.at(Struck.LOG);
        log.recovered(downNanos, waitingRecords);
      }

      @Override
      public void skewed(Bottleneck bottleneck) {
        strike.at(Struck.LOG);
      }
    };
  }

  /** A simulation in which this process fails as well. */
  private static final class Flawed implements Surroundings {
    private final Simulation simulation;
    private final Strike strike;
    private int noThreadForCalls;
    private int noThreadForCompletions;
    private boolean noTimer;
    private boolean noTimerOnce;
    private boolean forgetsOnce;

    Flawed(Simulation simulation) {
      this(simulation, Strike.none());
    }

    Flawed(Simulation simulation, Strike strike) {
      this.simulation = simulation;
      this.strike = strike;
    }

    @Override
    public long nanoTime() {
      strike.at(Struck.CLOCK);
      return simulation.nanoTime();
    }

    @Override
    public void after(long delayNanos, Runnable task) {
      strike.at(Struck.TIMER);
      if (noTimer || noTimerOnce) {
        noTimerOnce = false;
        throw new RejectedExecutionException("no timer");
      }
      if (forgetsOnce) {
        forgetsOnce = false;
        return;
      }
      simulation.after(delayNanos, task);
    }

    @Override
    public RandomGenerator random() {
      return () -> {
        strike.at(Struck.CHANCE);
        return simulation.random().nextLong();
      };
    }

    @Override
    public Executor calls() {
      return task -> {
        strike.at(Struck.THREADS_FOR_CALLS);
        if (noThreadForCalls > 0) {
          noThreadForCalls--;
          throw new OutOfMemoryError("unable to create native thread");
        }
        simulation.calls().execute(task);
      };
    }

    @Override
    public Executor completions() {
      return task -> {
        strike.at(Struck.THREADS_FOR_COMPLETIONS);
        if (noThreadForCompletions > 0) {
          noThreadForCompletions--;
          throw new OutOfMemoryError("unable to create native thread");
        }
        simulation.completions().execute(task);
      };
    }

    @Override
    public void close() {
      simulation.close();
    }
  }
}
