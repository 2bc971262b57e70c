package org.audienceactivation.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The messages that were received and are neither deleted nor given back. As long as they are here
 * others do not see them: each is hidden anew when a third of its time is over, so that two calls
 * may fail before it comes again. Thread-safe.
 */
final class InFlight {
  private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

  private final SqsClient client;
  private final QueueUrl url;
  private final int visibilitySeconds;
  private final Trouble trouble;

  /** Ids of messages by their receipt handles. */
  private final Map<String, String> held = new ConcurrentHashMap<>();

  InFlight(SqsClient client, QueueUrl url, Duration visibility, Trouble trouble) {
    this.client = client;
    this.url = url;
    this.visibilitySeconds = (int) visibility.toSeconds();
    this.trouble = trouble;
  }

  void add(Message message) {
    held.put(message.receiptHandle(), message.messageId());
  }

  void remove(String receiptHandle) {
    held.remove(receiptHandle);
  }

  /** Hides all of them for their full time from now. Never throws. */
  void extend() {
    try {
      change(List.copyOf(held.keySet()), visibilitySeconds);
    } catch (RuntimeException e) {
      trouble.cannot("keep its messages invisible to others", e);
    }
  }

  /** Lets others see these at once; what cannot be told to SQS becomes visible by itself. */
  void giveBack(List<String> receiptHandles) {
    receiptHandles.forEach(held::remove);
    try {
      change(receiptHandles, 0);
    } catch (RuntimeException e) {
      trouble.cannot("take messages back at once", e);
    }
  }

  /**
   * Gives back all that is left.
   *
   * @return how many
   */
  int giveBackAll() {
    List<String> left = List.copyOf(held.keySet());
    giveBack(left);
    return left.size();
  }

  private void change(List<String> receiptHandles, int seconds) {
    for (int from = 0; from < receiptHandles.size(); from += SharedQueue.MOST_PER_CALL) {
      int to = Math.min(receiptHandles.size(), from + SharedQueue.MOST_PER_CALL);
      List<String> some = receiptHandles.subList(from, to);
      List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
      for (int i = 0; i < some.size(); i++) {
        entries.add(
            ChangeMessageVisibilityBatchRequestEntry.builder()
                .id(Integer.toString(i))
                .receiptHandle(some.get(i))
                .visibilityTimeout(seconds)
                .build());
      }
      client
          .changeMessageVisibilityBatch(request -> request.queueUrl(url.get()).entries(entries))
          .failed()
          .forEach(failed -> refused(failed, some.get(Integer.parseInt(failed.id()))));
    }
  }

  /** What was deleted meanwhile is refused, too, and is here no more. */
  private void refused(BatchResultErrorEntry failed, String receiptHandle) {
    if (!Boolean.TRUE.equals(failed.senderFault())) {
      return;
    }
    String message = held.remove(receiptHandle);
    if (message != null) {
      LOG.warn(
          "message {} cannot be kept invisible any longer and will come again ({}: {})",
          message,
          failed.code(),
          failed.message());
    }
  }
}
