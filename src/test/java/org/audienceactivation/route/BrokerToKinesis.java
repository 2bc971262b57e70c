package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.jms.BytesMessage;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.audienceactivation.Profiles;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.Faults;
import org.junit.jupiter.api.Test;

/** What is promised of a queue of a broker that has connections and transactions. */
abstract class BrokerToKinesis extends MessagesToKinesis {
  private static final AtomicBoolean UNPACKED = new AtomicBoolean();

  private final Broker.Protocol protocol;
  Broker broker;

  BrokerToKinesis(Broker.Protocol protocol) {
    this.protocol = protocol;
  }

  @Override
  TestQueue start(Path empty) throws Exception {
    broker = Broker.startIn(empty, protocol);
    return broker;
  }

  @Override
  void assertThatNoAttemptWasUsedUp() throws Exception {
    assertThat(broker.mostAttempts()).isLessThanOrEqualTo(1);
  }

  /** Does harm to whoever unpacks it. */
  private static final class Harmful implements Serializable {
    private static final long serialVersionUID = 1;

    private void readObject(ObjectInputStream in) {
      UNPACKED.set(true);
    }
  }

  /** A step of a user that fails for one profile. */
  public static final class FailsForOne {
    private static final List<Long> ATTEMPTS = new CopyOnWriteArrayList<>();

    /** Called by the route. */
    public static void run(Exchange exchange) {
      if (exchange.getMessage().getBody(String.class).contains("one-of-them")) {
        ATTEMPTS.add(System.nanoTime());
        throw new IllegalStateException("broken");
      }
    }
  }

  private String source() {
    return protocol == Broker.Protocol.ARTEMIS ? "jms" : "amqp";
  }

  @Test
  void one_message_that_a_step_fails_among_good_ones_waits_longer_before_each_attempt()
      throws Exception {
    FailsForOne.ATTEMPTS.clear();
    String source = source();
    home.edit(
        "routes/" + source + ".camel.yaml",
        "        - split:\n            id: " + source + "-batches",
        """
                - bean:
                    id: broken
                    beanType: org.audienceactivation.route.BrokerToKinesis$FailsForOne
                    method: run
                - split:
                    id: %s-batches\
        """
            .formatted(source));
    broker.send(List.of(Profiles.prospect("one-of-them")));

    try (Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> FailsForOne.ATTEMPTS.size() == 1);
      broker.send(prospects(0, 100));
      await().atMost(PATIENCE).until(() -> kinesis.recordCount() == 100);
      await().atMost(PATIENCE).until(() -> FailsForOne.ATTEMPTS.size() == 3);
      stopped(activation);
    }

    Duration beforeTheThird =
        Duration.ofNanos(FailsForOne.ATTEMPTS.get(2) - FailsForOne.ATTEMPTS.get(1));
    assertThat(beforeTheThird).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void text_is_taken_as_bytes_are() throws Exception {
    broker.sendAll(List.of(session -> session.createTextMessage(Profiles.prospect("p0"))));

    assertThat(runUntilTheQueueIsEmpty().of(Outcome.DELIVERED)).isEqualTo(1);
  }

  @Test
  void what_is_neither_bytes_nor_text_is_rejected_and_left_packed() throws Exception {
    broker.send(List.of(""));
    broker.sendAll(
        List.of(
            session -> {
              var message = session.createMapMessage();
              message.setString("the-name", "the-value");
              return message;
            },
            session -> {
              var message = session.createStreamMessage();
              message.writeString("the-text");
              return message;
            },
            session -> session.createObjectMessage(new Harmful()),
            session -> session.createMessage()));

    Totals totals = runUntilTheQueueIsEmpty();

    assertThat(totals.of(Outcome.REJECTED)).isEqualTo(5).isEqualTo(totals.received());
    assertThat(broker.poison()).isZero();
    assertThat(UNPACKED).isFalse();
    assertThat(deadLetters().toString()).contains("ObjectMessage", "MapMessage", "StreamMessage");
    assertThat(rawOf("MapMessage")).contains("the-name", "the-value");
    assertThat(rawOf("StreamMessage")).contains("the-text");
    assertThat(rawOf("ObjectMessage")).contains(Harmful.class.getName());
  }

  /** The bytes in the dead letter of the message of this kind, a letter each, without zeros. */
  private String rawOf(String kind) throws Exception {
    for (JsonNode letter : deadLetters()) {
      if (letter.toString().contains(": " + kind)) {
        JsonNode raw = letter.path("raw");
        return raw.path("encoding").asText().equals("base64")
            ? new String(raw.path("data").binaryValue(), StandardCharsets.ISO_8859_1)
                .replace("\0", "")
            : raw.path("data").asText().replace("\0", "");
      }
    }
    throw new AssertionError("no dead letter of a " + kind);
  }

  @Test
  void a_sender_may_name_the_source_and_cannot_write_into_our_logs_that_way() throws Exception {
    broker.sendAll(
        List.of(
            session -> {
              var message = session.createTextMessage("nonsense");
              message.setStringProperty(Messages.SOURCE, "shop\n7");
              return message;
            }));

    runUntilTheQueueIsEmpty();

    assertThat(deadLetters())
        .extracting((JsonNode letter) -> letter.at("/source/name").asText())
        .containsExactly("shop_7");
  }

  @Test
  void a_broker_that_is_started_again_in_mid_run_costs_nothing() throws Exception {
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(20)));
    broker.send(prospects(0, 3_000));

    try (Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> kinesis.recordCount() > 200);
      broker.stop();
      broker.start();
      await().atMost(PATIENCE).until(() -> broker.left() == 0);
      stopped(activation);
    }

    assertThat(timesDelivered().keySet()).isEqualTo(keys(3_000));
    assertThat(broker.poison()).isZero();
  }

  @Test
  void a_connection_that_is_lost_in_the_middle_of_a_large_message_costs_nothing() throws Exception {
    int profiles = 20_000;
    // a broker that stops in good order hands it to one consumer after the other, up to its limit
    home.setting(source() + ".consumers", "1");
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(50)));
    byte[] large = String.join("\n", prospects(0, profiles)).getBytes(StandardCharsets.UTF_8);
    broker.sendAll(
        List.of(
            session -> {
              BytesMessage message = session.createBytesMessage();
              message.writeBytes(large);
              return message;
            }));

    try (Activation activation = activation()) {
      await().atMost(PATIENCE).until(() -> kinesis.recordCount() > 500);
      broker.stop();
      broker.start();
      await().atMost(Duration.ofSeconds(90)).until(() -> broker.left() == 0);
      Totals totals = stopped(activation);

      assertThat(totals.of(Outcome.REJECTED)).as("a torn rest is nobody's record").isZero();
    }
    assertThat(timesDelivered().keySet()).isEqualTo(keys(profiles));
    assertThat(deadLetters()).isEmpty();
    assertThat(broker.poison()).isZero();
  }
}
