package org.audienceactivation.sqs;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/**
 * Makes calls of up to ten of the messages that consumers are done with at about the same time,
 * since SQS is paid by the call. Thread-safe; the calls are made by the consumers' own threads.
 */
final class Deleting {

  /** Messages that were settled by one call come at the same time. */
  private static final long LINGER_NANOS = Duration.ofMillis(5).toNanos();

  private static final long TICK_NANOS = Duration.ofSeconds(1).toNanos();

  private final SqsClient client;
  private final QueueUrl url;
  private final int mostCalls;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Doomed> waiting = new ArrayDeque<>();
  private int calls;

  Deleting(SqsClient client, QueueUrl url, int mostCalls) {
    this.client = client;
    this.url = url;
    this.mostCalls = mostCalls;
  }

  /** A message on its way out. Guarded by the lock. */
  private static final class Doomed {
    private final String receiptHandle;
    private boolean done;
    private Optional<SdkException> failure = Optional.empty();

    Doomed(String receiptHandle) {
      this.receiptHandle = receiptHandle;
    }
  }

  /**
   * Returns when the message is deleted.
   *
   * @throws SdkException if it could not be
   */
  void delete(String receiptHandle) {
    Doomed mine = new Doomed(receiptHandle);
    lock.lock();
    try {
      waiting.add(mine);
      while (!mine.done) {
        if (calls < mostCalls && !waiting.isEmpty()) {
          deleteSome();
        } else {
          long unused = changed.awaitNanos(TICK_NANOS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw SdkException.create("interrupted while a message was being deleted", e);
    } finally {
      lock.unlock();
    }
    mine.failure.ifPresent(
        failure -> {
          throw failure;
        });
  }

  private void deleteSome() throws InterruptedException {
    calls++;
    try {
      linger();
      List<Doomed> some = new ArrayList<>();
      while (some.size() < SharedQueue.MOST_PER_CALL && !waiting.isEmpty()) {
        some.add(waiting.poll());
      }
      if (!some.isEmpty()) {
        delete(some);
      }
    } finally {
      calls--;
      changed.signalAll();
    }
  }

  private void linger() throws InterruptedException {
    long left = LINGER_NANOS;
    while (waiting.size() < SharedQueue.MOST_PER_CALL && left > 0) {
      left = changed.awaitNanos(left);
    }
  }

  private void delete(List<Doomed> some) {
    lock.unlock();
    List<BatchResultErrorEntry> failed = List.of();
    Optional<SdkException> failure = Optional.empty();
    try {
      failed = call(some);
    } catch (SdkException e) {
      failure = Optional.of(e);
    } catch (RuntimeException | Error e) { // others wait for these too
      failure = Optional.of(SdkException.create("messages could not be deleted", e));
    } finally {
      lock.lock();
    }
    for (Doomed one : some) {
      one.failure = failure;
      one.done = true;
    }
    for (BatchResultErrorEntry entry : failed) {
      some.get(Integer.parseInt(entry.id())).failure = Optional.of(exception(entry));
    }
  }

  private List<BatchResultErrorEntry> call(List<Doomed> some) {
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      entries.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(Integer.toString(i))
              .receiptHandle(some.get(i).receiptHandle)
              .build());
    }
    return client
        .deleteMessageBatch(request -> request.queueUrl(url.get()).entries(entries))
        .failed();
  }

  private static SdkException exception(BatchResultErrorEntry entry) {
    return SqsException.builder().message(entry.code() + ": " + entry.message()).build();
  }
}
