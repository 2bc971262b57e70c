package org.audienceactivation.route;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.Message;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.consumer.DefaultKafkaManualCommit;
import org.audienceactivation.profile.RawBatches;
import org.audienceactivation.profile.RawRecord;

/**
 * The messages of one poll of a Kafka consumer, which are acknowledged together: one outcome that
 * is missing, and all of them come again.
 */
final class KafkaDelivery extends SourceDelivery {
  private final String name;
  private final RepeatingConsumer consumer;
  private final Consumer<KafkaDelivery> whenEnded;

  private KafkaDelivery(
      String id,
      RepeatingConsumer consumer,
      RawBatches reader,
      PlansInForce plans,
      StopSignal stop,
      Consumer<KafkaDelivery> whenEnded) {
    super(id, reader, plans, stop);
    this.name = id;
    this.consumer = consumer;
    this.whenEnded = whenEnded;
  }

  /**
   * The delivery of a poll.
   *
   * @param messages at least one
   * @param reader reads them in their order
   * @throws IllegalStateException if they are not the last poll of a consumer of ours, because the
   *     route's options are others than the shipped ones
   */
  static KafkaDelivery of(
      String id,
      List<Message> messages,
      RawBatches reader,
      PlansInForce plans,
      StopSignal stop,
      Consumer<KafkaDelivery> whenEnded) {
    RepeatingConsumer consumer =
        consumerOf(messages.get(0))
            .filter(one -> one.handedOut() == messages.size())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        id
                            + ": this is not one whole poll of a consumer of "
                            + KafkaConnections.BEAN
                            + "; give the route the options of the shipped routes/kafka.camel.yaml"));
    return new KafkaDelivery(id, consumer, reader, plans, stop, whenEnded);
  }

  private static Optional<RepeatingConsumer> consumerOf(Message message) {
    return Optional.ofNullable(message.getHeader(KafkaConstants.MANUAL_COMMIT))
        .filter(DefaultKafkaManualCommit.class::isInstance)
        .map(handle -> ((DefaultKafkaManualCommit) handle).getCamelExchangePayload().consumer)
        .filter(RepeatingConsumer.class::isInstance)
        .map(RepeatingConsumer.class::cast);
  }

  /** Where a message stands: topic-partition@offset. */
  static String position(Message message) {
    return message.getHeader(KafkaConstants.TOPIC)
        + "-"
        + message.getHeader(KafkaConstants.PARTITION)
        + "@"
        + message.getHeader(KafkaConstants.OFFSET);
  }

  @Override
  String position(RawRecord record) {
    return record.source() + ":" + record.line();
  }

  @Override
  boolean endsEarly() {
    return hasReturned();
  }

  @Override
  String name() {
    return name;
  }

  @Override
  String fate() {
    return "nothing of this poll is committed, and its messages come again";
  }

  @Override
  void acknowledge() {
    consumer.acknowledge();
  }

  @Override
  void ended() {
    whenEnded.accept(this);
  }
}
