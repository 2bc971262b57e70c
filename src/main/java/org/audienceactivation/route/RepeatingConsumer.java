package org.audienceactivation.route;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kafka consumer that hands out again what was not acknowledged, whatever became of it, and
 * commits what was. Camel's own goes on behind a poll that failed, and the next commit skips it.
 *
 * <p>Camel collects records over several polls, and a partition may change hands in each. So that
 * nothing is in its hands while that happens, every poll that brought records is followed by an
 * empty one that asks nobody, on which Camel (with {@code batchingIntervalMs=0}) lets go of them.
 *
 * <p>Not thread-safe, as no Kafka consumer is.
 */
final class RepeatingConsumer extends KafkaConsumer<Object, Object> {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatingConsumer.class);
  private static final Duration COMMIT_WITHIN = Duration.ofSeconds(5);

  private final StopSignal stop;

  /** What the last poll brought, until it is acknowledged: a partition's first and last record. */
  private Map<TopicPartition, Span> open = Map.of();

  private int handedOut;
  private boolean isToBeLetGo;

  /** How often on end a poll was not acknowledged. */
  private int failures;

  /** How often on end the brokers have refused something. */
  private int refusals;

  private record Span(long first, long last) {}

  RepeatingConsumer(Properties properties, StopSignal stop) {
    super(properties);
    this.stop = stop;
  }

  /**
   * The next records; the same ones again, after a pause that grows to a minute, as long as they
   * were not acknowledged. What the brokers refuse is said and tried again, not thrown.
   */
  @Override
  public ConsumerRecords<Object, Object> poll(Duration timeout) {
    if (isToBeLetGo) {
      isToBeLetGo = false;
      return ConsumerRecords.empty();
    }
    takeBack();
    ConsumerRecords<Object, Object> records;
    try {
      records = super.poll(timeout);
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      waitAfter(e, "nothing can be read");
      return ConsumerRecords.empty();
    }
    refusals = 0;
    handOut(records);
    if (stop.isGiven() && !open.isEmpty()) {
      takeBack();
      return ConsumerRecords.empty();
    }
    return records;
  }

  private void handOut(ConsumerRecords<Object, Object> records) {
    Map<TopicPartition, Span> spans = new HashMap<>();
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<Object, Object>> ofPartition = records.records(partition);
      long last = ofPartition.get(ofPartition.size() - 1).offset();
      spans.put(partition, new Span(ofPartition.get(0).offset(), last));
    }
    open = spans;
    handedOut = records.count();
    isToBeLetGo = handedOut > 0;
  }

  private void takeBack() {
    if (open.isEmpty()) {
      return;
    }
    failures++;
    stop.pause(Pauses.after(failures));
    open.forEach(
        (partition, span) -> {
          if (assignment().contains(partition)) {
            seek(partition, span.first());
          }
        });
    open = Map.of();
    handedOut = 0;
    isToBeLetGo = false;
  }

  /** How many records the last poll brought that are not acknowledged. */
  int handedOut() {
    return handedOut;
  }

  /**
   * Commits all that the last poll brought. While the brokers cannot be reached it waits for them,
   * unless the application stops; then the records come again, as they do if another member of the
   * group has been given their partitions.
   */
  void acknowledge() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    open.forEach(
        (partition, span) -> offsets.put(partition, new OffsetAndMetadata(span.last() + 1)));
    open = Map.of();
    handedOut = 0;
    boolean isDone = false;
    while (!isDone) {
      isDone = commit(offsets);
    }
    failures = 0;
  }

  /** Whether it is of no use to try again. */
  private boolean commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
    try {
      commitSync(offsets, COMMIT_WITHIN);
      refusals = 0;
      return true;
    } catch (WakeupException e) {
      return false;
    } catch (InterruptException e) {
      return givenUp(offsets);
    } catch (CommitFailedException | RebalanceInProgressException e) {
      LOG.warn("Kafka: another consumer of the group was given {}; they come again", offsets);
      return true;
    } catch (KafkaException e) {
      if (stop.isGiven()) {
        return givenUp(offsets);
      }
      waitAfter(e, "what is settled cannot be committed");
      return false;
    }
  }

  private static boolean givenUp(Map<TopicPartition, OffsetAndMetadata> offsets) {
    LOG.warn("Kafka: {} could not be committed before the stop; they come again", offsets);
    return true;
  }

  private void waitAfter(KafkaException failure, String consequence) {
    refusals++;
    LOG.warn("Kafka: {}: {}; it is tried again", consequence, failure.getMessage());
    stop.pause(Pauses.after(refusals));
  }
}
