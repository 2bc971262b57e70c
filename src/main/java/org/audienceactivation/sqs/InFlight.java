package org.audienceactivation.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The messages that were received and are neither deleted nor given back. As long as they are here
 * others do not see them. Calls of up to ten hide them anew; one that fails or hangs concerns its
 * own messages only. Thread-safe.
 */
final class InFlight {
  private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

  private final SqsClient client;
  private final QueueUrl url;
  private final int visibilitySeconds;
  private final Trouble trouble;
  private final Executor calls;

  /** Ids of messages by their receipt handles. Guarded by this object. */
  private final Map<String, String> held = new LinkedHashMap<>();

  /** Receipt handles that a call is hiding anew. Guarded by this object. */
  private final Set<String> beingExtended = new HashSet<>();

  /** Receipt handles that may be invalid any moment. Guarded by this object. */
  private final Set<String> beingDeleted = new HashSet<>();

  /**
   * Nothing in flight.
   *
   * @param calls makes the calls that hide messages anew; it should not let one wait for another
   */
  InFlight(SqsClient client, QueueUrl url, Duration visibility, Trouble trouble, Executor calls) {
    this.client = client;
    this.url = url;
    this.visibilitySeconds = (int) visibility.toSeconds();
    this.trouble = trouble;
    this.calls = calls;
  }

  synchronized void add(Message message) {
    held.put(message.receiptHandle(), message.messageId());
  }

  /** Until it is removed; if it cannot be deleted it must stay hidden meanwhile. */
  synchronized void isBeingDeleted(String receiptHandle) {
    beingDeleted.add(receiptHandle);
  }

  synchronized void remove(String receiptHandle) {
    held.remove(receiptHandle);
    beingDeleted.remove(receiptHandle);
  }

  /** Has all of them hidden for their full time from now, but for those of which a call hangs. */
  void extend() {
    List<String> due;
    synchronized (this) {
      due = new ArrayList<>(held.keySet());
      due.removeAll(beingExtended);
    }
    for (List<String> some : inCalls(due)) {
      handOn(some);
    }
  }

  private void handOn(List<String> some) {
    synchronized (this) {
      beingExtended.addAll(some);
    }
    boolean isHandedOn = false;
    try {
      calls.execute(() -> extend(some));
      isHandedOn = true;
    } finally {
      if (!isHandedOn) {
        isOver(some);
      }
    }
  }

  private synchronized void isOver(List<String> extension) {
    extension.forEach(beingExtended::remove);
    notifyAll();
  }

  private void extend(List<String> some) {
    try {
      List<String> left = stillHeld(some);
      if (!left.isEmpty()) {
        change(left, visibilitySeconds);
      }
    } catch (RuntimeException | Error e) {
      trouble.cannot("keep its messages invisible to others", e);
    } finally {
      isOver(some);
    }
  }

  private synchronized List<String> stillHeld(List<String> receiptHandles) {
    return receiptHandles.stream().filter(held::containsKey).toList();
  }

  /** Lets others see these at once; what cannot be told to SQS becomes visible by itself. */
  void giveBack(List<String> receiptHandles) {
    awaitNoExtension(receiptHandles);
    for (List<String> some : inCalls(receiptHandles)) {
      try {
        change(some, 0);
      } catch (RuntimeException e) {
        trouble.cannot("take messages back at once", e);
      }
    }
  }

  /** A call that is under way would hide them again, after they were given back. */
  private synchronized void awaitNoExtension(List<String> receiptHandles) {
    receiptHandles.forEach(held::remove);
    try {
      while (receiptHandles.stream().anyMatch(beingExtended::contains)) {
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Gives back all that is left.
   *
   * @return how many
   */
  int giveBackAll() {
    List<String> left;
    synchronized (this) {
      left = List.copyOf(held.keySet());
    }
    giveBack(left);
    return left.size();
  }

  private static List<List<String>> inCalls(List<String> receiptHandles) {
    List<List<String>> calls = new ArrayList<>();
    for (int from = 0; from < receiptHandles.size(); from += SharedQueue.MOST_PER_CALL) {
      int to = Math.min(receiptHandles.size(), from + SharedQueue.MOST_PER_CALL);
      calls.add(List.copyOf(receiptHandles.subList(from, to)));
    }
    return calls;
  }

  private void change(List<String> some, int seconds) {
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

  /** What is deleted meanwhile is refused, too. */
  private void refused(BatchResultErrorEntry failed, String receiptHandle) {
    if (!Boolean.TRUE.equals(failed.senderFault())) {
      return;
    }
    String message;
    synchronized (this) {
      message = beingDeleted.contains(receiptHandle) ? null : held.remove(receiptHandle);
    }
    if (message != null) {
      LOG.warn(
          "message {} cannot be kept invisible any longer and will come again ({}: {})",
          message,
          failed.code(),
          failed.message());
    }
  }
}
