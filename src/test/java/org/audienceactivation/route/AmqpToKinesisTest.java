package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import org.audienceactivation.LogLines;
import org.audienceactivation.Profiles;
import org.audienceactivation.accounting.Outcome;
import org.junit.jupiter.api.Test;

/** From a queue of a broker that speaks AMQP 1.0 to a stream. */
class AmqpToKinesisTest extends BrokerToKinesis {
  AmqpToKinesisTest() {
    super(Broker.Protocol.AMQP);
  }

  /** What docs/sources.md says that the client cannot do. */
  @Test
  void bytes_that_are_called_text_and_are_none_stay_with_the_broker_and_are_named()
      throws Exception {
    byte[] latin = "{\"name\":\"José\"}".getBytes(StandardCharsets.ISO_8859_1);
    byte[] profile = Profiles.prospect("p0").getBytes(StandardCharsets.UTF_8);

    try (LogLines log = LogLines.open();
        Activation activation = activation()) {
      broker.sendAmqp("application/json", latin);
      await()
          .atMost(PATIENCE)
          .until(() -> !log.with("content type says that it is text").isEmpty());
      broker.sendAmqp("application/json", profile);
      broker.sendAmqp("application/octet-stream", latin);
      await().atMost(PATIENCE).until(() -> broker.left() == 0);

      var totals = stopped(activation);
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1);
      assertThat(totals.of(Outcome.REJECTED)).isEqualTo(1);
    }
    assertThat(broker.poison()).isEqualTo(1);
    assertThat(deadLetters()).hasSize(1);
    assertThat(deadLetters().get(0).at("/raw/data").binaryValue()).isEqualTo(latin);
  }
}
