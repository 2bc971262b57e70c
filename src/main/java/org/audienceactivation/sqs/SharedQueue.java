package org.audienceactivation.sqs;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageRequest;
import software.amazon.awssdk.services.sqs.model.DeleteMessageResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * One queue, as a client that many consumers call at the same time, each of which works on one
 * message. What they ask for and delete is put together into calls of up to ten; a message is
 * received only for a consumer that waits for it; and it stays invisible to others until it is
 * deleted or given back, however long that takes (SQS itself ends it after twelve hours).
 *
 * <p>Camel's consumer does none of that: of the ten messages of a call it extends the visibility of
 * the one that it works on, so that in an outage the other nine come again and again, until the
 * queue takes them for poison.
 *
 * <p>Of SQS' operations only those that a consumer needs are there. Thread-safe.
 */
public final class SharedQueue implements SqsClient {
  private static final Logger LOG = LoggerFactory.getLogger(SharedQueue.class);

  /** The most messages in a call of SQS. */
  static final int MOST_PER_CALL = 10;

  /** What is received when a stop comes may still come in for so long. */
  private static final Duration STOPS_WITHIN = Duration.ofSeconds(1);

  private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
  private static final Duration TICK = Duration.ofMillis(100);
  private static final Duration IDLE_THREADS_LIVE = Duration.ofSeconds(30);

  /** So often in its time a message is hidden anew: two calls may fail before it comes again. */
  private static final int EXTENSIONS = 4;

  /**
   * How a queue is shared.
   *
   * @param queue its name or its URL
   * @param place what messages add to the queue: where it is, and what says so
   * @param consumers how many call at the same time at most
   * @param visibility for how long at once a message is hidden from others, and so how long it
   *     takes to come again if this process is killed
   */
  public record Settings(String queue, String place, int consumers, Duration visibility) {
    public Settings {
      if (consumers < 1 || visibility.toSeconds() < 1) {
        throw new IllegalArgumentException("consumers and visibility must be positive");
      }
    }

    /** One of several of a group could overtake another, so then each call brings one. */
    int perCall() {
      return queue.endsWith(".fifo") ? 1 : MOST_PER_CALL;
    }

    int calls() {
      return (consumers + perCall() - 1) / perCall();
    }

    int extendingCalls() {
      return (consumers + MOST_PER_CALL - 1) / MOST_PER_CALL;
    }
  }

  private final Settings settings;
  private final SqsClient polling;
  private final SqsClient client;
  private final BooleanSupplier stopping;
  private final QueueUrl url;
  private final InFlight inFlight;
  private final Receiving receiving;
  private final Deleting deleting;
  private final Trouble trouble;
  private final ThreadPoolExecutor extending;
  private final Thread watch;
  private final CountDownLatch closed = new CountDownLatch(1);
  private long stoppingSince;
  private boolean isBrokenOff;

  /**
   * Calls nobody yet.
   *
   * @param polling for long polls and the queue's URL; closed to break them off
   * @param client for everything else
   * @param stopping whether no more messages should be received
   */
  public SharedQueue(
      Settings settings, SqsClient polling, SqsClient client, BooleanSupplier stopping) {
    this.settings = settings;
    this.polling = polling;
    this.client = client;
    this.stopping = stopping;
    this.url = new QueueUrl(settings.queue(), polling);
    this.trouble = new Trouble(settings.queue() + " " + settings.place());
    this.extending = extending(settings.extendingCalls());
    this.inFlight = new InFlight(client, url, settings.visibility(), trouble, extending);
    this.receiving =
        new Receiving(settings.perCall(), settings.calls(), this::receiveSome, stopping);
    this.deleting = new Deleting(client, url, settings.calls());
    this.watch = daemon(this::watch, "sqs-visibility");
    watch.start();
  }

  /** A thread for each call that may be needed at a time, so that none waits for one that hangs. */
  private static ThreadPoolExecutor extending(int threads) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_THREADS_LIVE.toSeconds(),
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "sqs-visibility-call"));
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private void watch() {
    long between = settings.visibility().toNanos() / EXTENSIONS;
    long extendAt = System.nanoTime() + between;
    try {
      while (!closed.await(TICK.toMillis(), TimeUnit.MILLISECONDS)) {
        if (System.nanoTime() - extendAt >= 0) {
          extendAt = System.nanoTime() + between;
          goOnAfterFailure("keep its messages invisible to others", inFlight::extend);
        }
        goOnAfterFailure("be left in peace", this::breakOffWhenStopping);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Without this thread all that is in flight would come again, so nothing ends it. */
  private void goOnAfterFailure(String what, Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      trouble.cannot(what, e);
    }
  }

  /**
   * One message, or none if the queue was empty for as long as the request waits, cannot be
   * reached, or no more is to be received. Never throws: a queue that is not there is looked for
   * each second, until this client is closed.
   *
   * @param request of which queue, number and visibility are not regarded
   */
  @Override
  public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
    Optional<Message> next = Optional.empty();
    try {
      next = receiving.next(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ReceiveMessageResponse.builder()
        .messages(next.map(List::of).orElseGet(List::of))
        .build();
  }

  private List<Message> receiveSome(ReceiveMessageRequest request, int count)
      throws InterruptedException {
    try {
      ReceiveMessageRequest some =
          request.toBuilder()
              .queueUrl(url.get())
              .maxNumberOfMessages(count)
              .visibilityTimeout((int) settings.visibility().toSeconds())
              .build();
      List<Message> messages = polling.receiveMessage(some).messages();
      messages.forEach(inFlight::add);
      trouble.isOver();
      return messages;
    } catch (RuntimeException e) {
      if (!stopping.getAsBoolean()) {
        trouble.cannot("be received from", e);
        boolean unused = closed.await(PAUSE_AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
      }
      return List.of();
    }
  }

  /**
   * Deletes a message that this client has received.
   *
   * @throws SdkException if it could not be deleted: it will come again
   */
  @Override
  public DeleteMessageResponse deleteMessage(DeleteMessageRequest request) {
    inFlight.isBeingDeleted(request.receiptHandle());
    try {
      deleting.delete(request.receiptHandle());
    } finally {
      inFlight.remove(request.receiptHandle());
    }
    return DeleteMessageResponse.builder().build();
  }

  /** Lets others see a message at once. If that cannot be done, they will see it later anyway. */
  public void giveBack(String receiptHandle) {
    inFlight.giveBack(List.of(receiptHandle));
  }

  /** A long poll may go on for 20 seconds, for which nobody wants to wait. */
  private void breakOffWhenStopping() {
    if (isBrokenOff || !stopping.getAsBoolean()) {
      return;
    }
    long now = System.nanoTime();
    if (stoppingSince == 0) {
      stoppingSince = now;
    } else if (now - stoppingSince > STOPS_WITHIN.toNanos()) {
      isBrokenOff = true;
      polling.close();
    }
  }

  @Override
  public String serviceName() {
    return SqsClient.SERVICE_NAME;
  }

  /** Gives back what is neither deleted nor given back; nobody may be working on it any more. */
  @Override
  public void close() {
    closed.countDown();
    awaitWatch();
    extending.shutdown();
    int left = inFlight.giveBackAll();
    if (left > 0) {
      LOG.info("{}: {} messages were given back", settings.queue(), left);
    }
    polling.close();
    client.close();
  }

  /** What it extends would be invisible again after it was given back. */
  private void awaitWatch() {
    try {
      watch.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
