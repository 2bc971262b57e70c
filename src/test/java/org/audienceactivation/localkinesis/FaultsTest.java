package org.audienceactivation.localkinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Faults as values, and in words. */
class FaultsTest {

  @Example
  void nothing_is_wrong_at_first() {
    assertThat(Faults.none()).hasToString("");
    assertThat(Faults.none().percent(Fault.DROP)).isZero();
  }

  @Example
  void the_words_of_a_command_line_are_understood() {
    Faults faults =
        Faults.parse(
            "throttle=10, http-500=0.5,latency=2s,jitter=20ms,on=PutRecord+ListShards,"
                + "deny=PutRecords,status=creating,outage,seed=7");

    assertThat(faults)
        .isEqualTo(
            Faults.none()
                .with(Fault.THROTTLE, 10)
                .with(Fault.HTTP_500, 0.5)
                .withLatency(Duration.ofSeconds(2))
                .withJitter(Duration.ofMillis(20))
                .withOn(Action.PUT_RECORD, Action.LIST_SHARDS)
                .withDenied(Action.PUT_RECORDS)
                .withStatus(StreamStatus.CREATING)
                .withOutage(true)
                .withSeed(7));
  }

  @Property
  void what_is_written_is_read_as_the_same(@ForAll("faults") Faults faults) {
    String text = faults.toString();

    assertThat(text.isEmpty() ? Faults.none() : Faults.parse(text)).isEqualTo(faults);
  }

  @Example
  void what_cannot_be_is_refused_in_words() {
    assertRefused(
        "throtle=1", "there is no fault 'throtle'; there are throttle, internal, http-500");
    assertRefused("throttle", "throttle must be a percentage, 0 to 100; is 'true'");
    assertRefused("throttle=NaN", "throttle must be a percentage, 0 to 100; is 'NaN'");
    assertRefused("throttle=-1", "is '-1'");
    assertRefused("throttle=60,internal=41", "faults of records must add up to at most 100");
    assertRefused("drop=60,drop-after=41", "faults of calls must add up to at most 100");
    assertRefused("jitter=2h", "jitter must be a time such as 20ms, 5s or 1m; is '2h'");
    assertRefused("latency=61m", "latency must be 0 to 1 hour");
    assertRefused("deny=PutRecord+put", "deny must be one or more, joined by +, of CreateStream");
    assertRefused("status=GONE", "status must be CREATING, ACTIVE, UPDATING or DELETING");
    assertRefused("outage=1", "outage must be true or false; is '1'");
    assertRefused("seed=x", "seed must be a whole number; is 'x'");
    assertRefused("drop=1,,", "there is no fault ''");
  }

  @Example
  void faults_of_records_and_of_calls_are_counted_apart() {
    Faults faults = Faults.none().with(Fault.THROTTLE, 100).with(Fault.DROP, 100);

    assertThat(faults.percents()).hasSize(2);
  }

  @Example
  void every_word_of_the_vocabulary_is_understood() {
    assertThat(Faults.vocabulary().keySet())
        .containsAll(Arrays.stream(Fault.values()).map(Fault::text).toList())
        .allSatisfy(
            name ->
                assertThatThrownBy(() -> Faults.parse(name + "=?"))
                    .hasMessageContaining(name + " must be"));
  }

  @Property(tries = 20)
  void each_fault_is_drawn_as_often_as_its_percentage_says(
      @ForAll @IntRange(max = 50) int one, @ForAll @IntRange(max = 50) int other) {
    FaultInjector injector = new FaultInjector(new Tally());
    injector.inject(Faults.none().with(Fault.HTTP_500, one).with(Fault.DROP, other));
    int refused = 0;
    int dropped = 0;
    int calls = 20_000;
    for (int i = 0; i < calls; i++) {
      Fate fate = injector.fateOf(Action.PUT_RECORDS);
      dropped += fate.isDroppedBefore() ? 1 : 0;
      refused += isRefused(fate) ? 1 : 0;
    }
    // six standard deviations
    double tolerance = 6 * Math.sqrt(calls * 0.25);
    assertThat((double) refused)
        .isBetween(calls * one / 100.0 - tolerance, calls * one / 100.0 + tolerance);
    assertThat((double) dropped)
        .isBetween(calls * other / 100.0 - tolerance, calls * other / 100.0 + tolerance);
  }

  private static boolean isRefused(Fate fate) {
    try {
      fate.passOrRefuse();
      return false;
    } catch (ApiException e) {
      return true;
    }
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> Faults.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Provide
  Arbitrary<Faults> faults() {
    Arbitrary<Faults> percents =
        Combinators.combine(
                Arbitraries.of(Fault.class), Arbitraries.doubles().between(0, 50).ofScale(2))
            .as((fault, percent) -> Faults.none().with(fault, percent));
    Arbitrary<Action[]> actions = Arbitraries.of(Action.class).array(Action[].class).ofMaxSize(4);
    Arbitrary<Duration> times =
        Arbitraries.integers().between(0, 3_600_000).map(Duration::ofMillis);
    return Combinators.combine(
            percents,
            times,
            actions.filter(some -> some.length > 0),
            actions,
            Arbitraries.of(StreamStatus.class),
            Arbitraries.of(true, false),
            Arbitraries.longs())
        .as(
            (faults, time, on, denied, status, outage, seed) ->
                faults
                    .withLatency(time)
                    .withJitter(time)
                    .withOn(distinct(on))
                    .withDenied(distinct(denied))
                    .withStatus(status)
                    .withOutage(outage)
                    .withSeed(seed));
  }

  private static Action[] distinct(Action[] actions) {
    return Arrays.stream(actions).distinct().toArray(Action[]::new);
  }
}
