package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShardRangesTest {

  private final ShardRanges ranges = new ShardRanges();

  @Test
  void knows_nothing_before_the_first_answer() {
    assertThat(ranges.shardOf(5)).isEmpty();
  }

  @Test
  void what_lies_between_two_hashes_of_a_shard_is_of_that_shard() {
    ranges.learn(10, "a");
    ranges.learn(20, "a");
    ranges.learn(40, "b");

    assertThat(ranges.shardOf(15)).contains("a");
    assertThat(ranges.shardOf(30)).isEmpty();
    assertThat(ranges.shardOf(40)).contains("b");
  }

  @Test
  void hashes_are_unsigned() {
    ranges.learn(1, "low");
    ranges.learn(Long.MAX_VALUE, "low");
    ranges.learn(-1, "high");
    ranges.learn(Long.MIN_VALUE, "high");

    assertThat(ranges.shardOf(-2)).contains("high");
    assertThat(ranges.shardOf(2)).contains("low");
  }

  @Test
  void after_a_split_the_children_take_the_place_of_their_parent() {
    ranges.learn(0, "parent");
    ranges.learn(100, "parent");

    ranges.learn(10, "left");
    ranges.learn(90, "right");
    ranges.learn(50, "left");

    assertThat(ranges.shardOf(10)).contains("left");
    assertThat(ranges.shardOf(90)).contains("right");
    assertThat(ranges.shardOf(0)).isEmpty();
  }

  @Test
  void after_a_merge_the_child_takes_the_place_of_both_parents() {
    ranges.learn(0, "left");
    ranges.learn(49, "left");
    ranges.learn(51, "right");
    ranges.learn(100, "right");

    ranges.learn(20, "child");
    ranges.learn(80, "child");

    assertThat(ranges.shardOf(50)).contains("child");
    assertThat(ranges.shardOf(100)).isEmpty();
  }

  @Property(tries = 200)
  void with_true_answers_it_never_names_a_wrong_shard_whatever_is_resharded(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int shards) {
    ShardRanges ranges = new ShardRanges(); // the tries of a property share the fields of the test
    Random random = new Random(seed);
    int count = shards;
    int generation = 0;
    for (int i = 0; i < 500; i++) {
      if (random.nextInt(200) == 0) {
        count = 1 + random.nextInt(20);
        generation++;
      }
      long hash = random.nextLong();
      ranges.learn(hash, shard(hash, count, generation));
    }
    for (int i = 0; i < 300; i++) {
      long hash = random.nextLong();
      ranges.learn(hash, shard(hash, count, generation));
    }

    int known = 0;
    for (int i = 0; i < 100; i++) {
      long hash = random.nextLong();
      String truth = shard(hash, count, generation);
      if (ranges.shardOf(hash).filter(guess -> !guess.equals(truth)).isPresent()) {
        assertThat(ranges.shardOf(hash).orElseThrow())
            .as("only a shard that is closed, and only where no answer came yet")
            .doesNotEndWith("/" + generation);
      } else if (ranges.shardOf(hash).isPresent()) {
        known++;
      }
    }
    assertThat(known).isGreaterThan(60);
  }

  private static String shard(long hash, int count, int generation) {
    return Long.divideUnsigned(hash >>> 1, Long.MAX_VALUE / count + 1) + "/" + generation;
  }
}
