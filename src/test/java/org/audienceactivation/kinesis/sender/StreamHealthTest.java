package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class StreamHealthTest {

  private final List<String> said = new ArrayList<>();
  private final StreamHealth health =
      new StreamHealth(
          new Backoff(SenderSettings.defaults(), new Random(1)),
          new StreamHealth.Log() {
            @Override
            public void blocked(Failure cause, long downNanos, int waitingRecords) {
              said.add(second + " " + cause.code());
            }

            @Override
            public void recovered(long downNanos, int waitingRecords) {
              said.add(second + " recovered");
            }
          },
          () -> 1);
  private int second;

  @Nested
  class An_outage {

    @Test
    void that_needs_help_is_said_at_once_and_then_every_30_seconds() {
      for (second = 0; second <= 65; second++) {
        fails("ExpiredTokenException");
      }

      assertThat(said)
          .containsExactly(
              "0 ExpiredTokenException", "30 ExpiredTokenException", "60 ExpiredTokenException");
    }

    @Test
    void that_may_pass_is_said_after_5_seconds() {
      for (second = 0; second <= 10; second++) {
        isBusy();
      }

      assertThat(said).containsExactly("5 ServiceUnavailable");
    }

    @Test
    void that_passes_before_is_not_said_at_all() {
      for (second = 0; second <= 4; second++) {
        isBusy();
      }
      succeeds();

      assertThat(said).isEmpty();
    }

    @Test
    void that_gets_another_cause_is_said_again_at_once() {
      fails("ExpiredTokenException");
      second = 2;
      fails("ResourceNotFoundException");
      second = 3;
      fails("ExpiredTokenException");

      assertThat(said).containsExactly("0 ExpiredTokenException", "2 ResourceNotFoundException");
    }
  }

  @Nested
  class After_a_recovery {

    @Test
    void another_cause_is_said_at_once() {
      fails("AccessDeniedException");
      second = 2;
      succeeds();
      second = 4;
      fails("ExpiredTokenException");
      second = 6;
      succeeds();

      assertThat(said)
          .containsExactly(
              "0 AccessDeniedException", "2 recovered", "4 ExpiredTokenException", "6 recovered");
    }

    @Test
    void the_same_cause_is_said_when_it_has_lasted_5_seconds() {
      fails("ExpiredTokenException");
      second = 2;
      succeeds();
      for (second = 4; second <= 12; second++) {
        fails("ExpiredTokenException");
      }

      assertThat(said)
          .containsExactly("0 ExpiredTokenException", "2 recovered", "9 ExpiredTokenException");
    }

    @Test
    void that_comes_and_goes_all_the_time_little_is_said() {
      for (second = 0; second < 60; second++) {
        fails("ExpiredTokenException");
        succeeds();
      }

      assertThat(said)
          .containsExactly(
              "0 ExpiredTokenException", "0 recovered", "30 ExpiredTokenException", "30 recovered");
    }
  }

  private void fails(String code) {
    health.failed(
        now(), new Failure(code, "m", 400, Optional.empty()), Treatment.RETRY_AND_CALL_FOR_HELP);
  }

  private void isBusy() {
    health.failed(
        now(), new Failure("ServiceUnavailable", "m", 503, Optional.empty()), Treatment.RETRY);
  }

  private void succeeds() {
    health.succeeded(now());
  }

  private long now() {
    return Duration.ofSeconds(second).toNanos();
  }
}
