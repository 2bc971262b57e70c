package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TurnTest {

  private final List<String> begun = new ArrayList<>();

  @Property
  void whatever_comes_when_it_begins_in_line(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(max = 1000) Integer> arrivals,
      @ForAll long seed) {
    List<Turn> line = line(arrivals.size());
    List<Integer> came = new ArrayList<>(IntStream.range(0, arrivals.size()).boxed().toList());
    Collections.shuffle(came, new java.util.Random(seed));
    List<Integer> inLine = new ArrayList<>();
    List<Integer> taken = new ArrayList<>();

    for (int place : came) {
      if (arrivals.get(place) % 4 == 0) {
        line.get(place).giveUp();
      } else {
        taken.add(place);
        line.get(place)
            .take(
                () -> {
                  inLine.add(place);
                  return done();
                });
      }
    }

    assertThat(inLine).isEqualTo(taken.stream().sorted().toList());
  }

  @Test
  void the_first_begins_at_once_and_the_second_when_the_first_has_begun() {
    List<Turn> line = line(2);

    CompletionStage<Void> second = line.get(1).take(named("second", done()));
    assertThat(begun).isEmpty();
    line.get(0).take(named("first", new CompletableFuture<>()));

    assertThat(begun).containsExactly("first", "second");
    assertThat(second.toCompletableFuture()).isCompleted();
  }

  @Test
  void what_was_begun_and_fails_is_told_to_who_began_it_and_the_line_moves_on() {
    List<Turn> line = line(3);
    CompletionStage<Void> second =
        line.get(1)
            .take(
                () -> {
                  throw new IllegalStateException("no");
                });
    CompletionStage<Void> third = line.get(2).take(named("third", done()));

    line.get(0).giveUp();

    assertThat(second.toCompletableFuture()).isCompletedExceptionally();
    assertThat(third.toCompletableFuture()).isCompleted();
  }

  @Test
  void a_place_that_is_over_begins_everything_at_once() {
    Turn turn = Turn.line();
    turn.take(named("first", done()));

    turn.take(named("again", done()));

    assertThat(begun).containsExactly("first", "again");
    assertThat(Turn.NONE.take(named("in no line", done())).toCompletableFuture()).isCompleted();
  }

  @Test
  void giving_up_a_place_that_waits_to_begin_does_not_lose_it() {
    List<Turn> line = line(2);
    line.get(1).take(named("second", done()));

    line.get(1).giveUp();
    assertThat(begun).isEmpty();
    line.get(0).giveUp();

    assertThat(begun).containsExactly("second");
  }

  @Test
  void giving_up_or_taking_again_a_place_that_is_beginning_does_not_let_the_next_begin() {
    List<Turn> line = line(2);
    line.get(1).take(named("second", done()));

    line.get(0)
        .take(
            () -> {
              line.get(0).giveUp();
              line.get(0).take(named("first once more", done()));
              begun.add("first");
              return done();
            });

    assertThat(begun).containsExactly("first once more", "first", "second");
  }

  @Test
  void nobody_can_stand_behind_the_same_place_twice() {
    Turn turn = Turn.line();
    turn.next();

    assertThatThrownBy(turn::next).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void a_long_line_that_waited_for_its_first_needs_no_deep_stack() {
    List<Turn> line = line(100_000);
    List<CompletionStage<Void>> waiting =
        line.subList(1, line.size()).stream().map(turn -> turn.take(TurnTest::done)).toList();

    line.get(0).giveUp();

    assertThat(waiting).allMatch(one -> one.toCompletableFuture().isDone());
  }

  private static List<Turn> line(int length) {
    List<Turn> line = new ArrayList<>();
    line.add(Turn.line());
    while (line.size() < length) {
      line.add(line.get(line.size() - 1).next());
    }
    return line;
  }

  private Supplier<CompletionStage<Void>> named(String name, CompletionStage<Void> result) {
    return () -> {
      begun.add(name);
      return result;
    };
  }

  private static CompletionStage<Void> done() {
    return CompletableFuture.completedFuture(null);
  }
}
