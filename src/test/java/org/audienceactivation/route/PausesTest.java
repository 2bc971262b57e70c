package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How long a message that failed is kept before it is given back. */
class PausesTest {
  private final AtomicLong now = new AtomicLong();
  private final Pauses pauses = new Pauses(now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private long seconds(String route, String message) {
    return pauses.afterFailure(route, message).toSeconds();
  }

  @Test
  void one_bad_message_among_good_ones_waits_longer_each_time_up_to_a_minute() {
    for (long expected : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(seconds("jms", "bad")).isEqualTo(expected);
      pauses.isSettled("jms", "good");
    }
  }

  @Test
  void a_message_that_went_well_begins_anew() {
    assertThat(seconds("jms", "m")).isEqualTo(1);
    pauses.isSettled("jms", "m");

    assertThat(seconds("jms", "m")).isEqualTo(1);
  }

  @Test
  void while_every_message_fails_each_waits_as_long_as_that_has_been_so() {
    assertThat(seconds("jms", "first")).isEqualTo(1);
    pass(Duration.ofSeconds(20));
    assertThat(seconds("jms", "second")).isEqualTo(20);
    pass(Duration.ofHours(1));
    assertThat(seconds("jms", "third")).isEqualTo(60);
    pauses.isSettled("jms", "fourth");
    assertThat(seconds("jms", "fifth")).isEqualTo(1);
  }

  @Test
  void many_that_fail_at_once_do_not_make_each_other_wait() {
    for (int i = 0; i < 50; i++) {
      assertThat(seconds("jms", "m" + i)).isEqualTo(1);
    }
  }

  @Test
  void what_fails_in_one_route_keeps_no_other_waiting() {
    assertThat(seconds("jms", "m")).isEqualTo(1);
    pass(Duration.ofMinutes(1));

    assertThat(seconds("amqp", "m")).isEqualTo(1);
  }
}
