package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** What is said of a key is never too much, and too little by a bounded share only. */
class HeavyKeysTest {

  @Property(tries = 60)
  void a_share_is_underestimated_by_at_most_one_part_in_the_keys_that_are_kept(
      @ForAll @IntRange(min = 1, max = 3_000) int others,
      @ForAll @IntRange(max = 50) int heavyPercent,
      @ForAll @IntRange(min = 1, max = 500) int largestWeight,
      @ForAll long seed) {
    Random random = new Random(seed);
    HeavyKeys keys = new HeavyKeys();
    Map<String, Long> truth = new HashMap<>();
    long seen = 0;
    for (int i = 0; i < 10_000; i++) {
      boolean heavy = random.nextInt(100) < heavyPercent;
      String key = heavy ? "heavy" : "k" + random.nextInt(others);
      int weight = heavy || random.nextInt(4) > 0 ? 1 : 1 + random.nextInt(largestWeight);
      keys.add(key, "shard", weight);
      truth.merge(key, (long) weight, Long::sum);
      seen += weight;
    }

    long bound = seen / HeavyKeys.KEPT;
    truth.forEach(
        (key, records) ->
            assertThat(keys.atLeast(key)).as(key).isBetween(records - bound, records));
  }
}
