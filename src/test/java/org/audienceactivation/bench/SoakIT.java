package org.audienceactivation.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code bench/soak} in small, in every build: all that goes wrong there goes wrong here. */
class SoakIT {

  @TempDir Path folder;

  @Test
  void through_failures_drops_a_reshard_and_an_outage_every_record_arrives_in_order()
      throws Exception {
    SoakPlan plan =
        new SoakPlan(
            5_000,
            50,
            5,
            Duration.ofSeconds(2),
            Duration.ofMillis(100),
            Duration.ofMinutes(2),
            System.nanoTime());

    SoakResult result = new SoakTrial(plan).run(folder);

    assertThat(result.violations()).as("%s", result).isEmpty();
  }
}
