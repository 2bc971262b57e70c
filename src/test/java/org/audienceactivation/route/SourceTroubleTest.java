package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.audienceactivation.LogLines;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a source that cannot get at its brokers says, and how often. */
class SourceTroubleTest {
  private final AtomicLong now = new AtomicLong();
  private final SourceTrouble trouble = new SourceTrouble("Some", now::get);
  private final LogLines log = LogLines.open();

  @AfterEach
  void close() {
    log.close();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void trouble_is_said_at_once_and_then_once_a_minute() {
    for (int second = 0; second <= 120; second++) {
      trouble.is("no broker");
      pass(Duration.ofSeconds(1));
    }

    assertThat(log.with("Some: "))
        .hasSize(3)
        .containsOnly("WARN Some: no broker; it is tried again");
  }

  @Test
  void its_end_is_said_once() {
    trouble.is("no broker");
    trouble.isOver();
    trouble.isOver();

    assertThat(log.with("Some: "))
        .containsExactly("WARN Some: no broker; it is tried again", "INFO Some: is there again");
  }

  @Test
  void consumers_of_which_one_is_well_and_one_is_not_do_not_take_turns_in_the_log() {
    for (int second = 0; second < 60; second++) {
      trouble.is("no broker");
      trouble.isOver();
      pass(Duration.ofSeconds(1));
    }

    assertThat(log.with("Some: ")).hasSize(2);
  }

  @Test
  void what_an_address_says_of_keys_and_users_is_left_out() {
    assertThat(
            SourceTrouble.withoutSecrets(
                "failover:(amqps://a:5671?transport.trustStorePassword=x,amqps://u:p@b:5671)"))
        .isEqualTo("failover:(amqps://a:5671,amqps://b:5671)");
  }
}
