package org.audienceactivation.route;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.TimeoutException;
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

  /** A member of a group hears from its brokers at each heartbeat, every 3 seconds. */
  private static final long QUIET_NANOS = Duration.ofSeconds(5).toNanos();

  /** Who waits for others of the group, or for a free partition, may wait for long. */
  private static final long CHECKED_FOR_NANOS = Duration.ofMinutes(1).toNanos();

  private static final Duration CHECK_WITHIN = Duration.ofSeconds(2);

  private final StopSignal stop;
  private final SourceTrouble trouble;
  private final KafkaReasons reasons;
  private final Metric answers;
  private double answersBefore;
  private long answeredAt = System.nanoTime();
  private long checkAt = answeredAt + QUIET_NANOS;

  /** One that does not exist among several does not keep the others from being read. */
  private boolean hasFoundAllTopics;

  /** What the last poll brought, until it is acknowledged: a partition's first and last record. */
  private Map<TopicPartition, Span> open = Map.of();

  private int handedOut;
  private boolean isToBeLetGo;

  /** How often on end a poll was not acknowledged. */
  private int failures;

  /** How often on end the brokers have refused something. */
  private int refusals;

  private record Span(long first, long last) {}

  /**
   * Does not connect yet.
   *
   * @param trouble is told what the brokers refuse, and that nobody answers
   */
  RepeatingConsumer(Properties properties, StopSignal stop, SourceTrouble trouble) {
    super(properties);
    this.stop = stop;
    this.trouble = trouble;
    this.reasons = KafkaReasons.of(properties);
    this.answers =
        metrics().entrySet().stream()
            .filter(metric -> metric.getKey().name().equals("response-total"))
            .filter(metric -> metric.getKey().group().equals("consumer-metrics"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
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
      if (records.isEmpty()) {
        lookForTrouble();
      } else if (hasFoundAllTopics) {
        trouble.isOver();
      }
    } catch (WakeupException | InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      waitAfter(e, "nothing can be read: ");
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

  /**
   * The client itself asks silently for ever: brokers that are none, and topics that do not exist.
   */
  private void lookForTrouble() {
    long now = System.nanoTime();
    double count = (Double) answers.metricValue();
    if (count != answersBefore) {
      answersBefore = count;
      answeredAt = now;
    }
    boolean isAnswered = now - answeredAt < QUIET_NANOS;
    boolean isWell = hasFoundAllTopics && isAnswered && !assignment().isEmpty();
    if (isWell) {
      trouble.isOver();
    } else if (now - checkAt >= 0 && !stop.isGiven()) {
      hasFoundAllTopics = findsAllTopics();
      checkAt = System.nanoTime() + (hasFoundAllTopics ? CHECKED_FOR_NANOS : QUIET_NANOS);
    }
  }

  /** Whether there are brokers that have the topics; says so if not. */
  private boolean findsAllTopics() {
    TreeSet<String> missing = new TreeSet<>(subscription());
    try {
      missing.removeAll(listTopics(CHECK_WITHIN).keySet());
    } catch (TimeoutException e) {
      trouble.is("nothing can be read: " + reasons.noAnswer());
      return false;
    }
    if (missing.isEmpty()) {
      trouble.isOver();
      return true;
    }
    trouble.is("nothing can be read: " + KafkaReasons.noTopics(missing));
    return false;
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
      waitAfter(e, "what is settled cannot be committed: ");
      return false;
    }
  }

  private static boolean givenUp(Map<TopicPartition, OffsetAndMetadata> offsets) {
    LOG.warn("Kafka: {} could not be committed before the stop; they come again", offsets);
    return true;
  }

  private void waitAfter(KafkaException failure, String consequence) {
    refusals++;
    trouble.is(consequence + reasons.refused(failure, subscription()));
    stop.pause(Pauses.after(refusals));
  }
}
