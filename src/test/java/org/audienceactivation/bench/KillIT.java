package org.audienceactivation.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A few of the kills of {@code bench/kill}, in every build. */
class KillIT {

  private static final int RECORDS = 20_000;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void after_kills_at_random_moments_nothing_is_lost(int kills) throws Exception {
    long seed = System.nanoTime();

    KillTrial.Result result = new KillTrial(RECORDS, new SplittableRandom(seed)).run(folder, kills);

    assertThat(result.isNothingLost()).as("seed %d, %s", seed, result).isTrue();
  }
}
