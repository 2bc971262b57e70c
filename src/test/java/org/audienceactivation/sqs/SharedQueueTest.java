package org.audienceactivation.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequest;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/** What is in flight stays invisible to others, whatever becomes of single calls. */
@Timeout(60)
class SharedQueueTest {
  private static final String URL = "http://localhost/1/profiles";
  private static final Duration VISIBILITY = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Queue queue = new Queue();
  private SharedQueue shared;

  /** Hands out messages, and treats calls that name the message 0 as it is told. */
  private static final class Queue implements SqsClient {
    private final Deque<Message> messages = new ArrayDeque<>();
    private final List<ChangeMessageVisibilityBatchRequestEntry> changes =
        new CopyOnWriteArrayList<>();
    private final CountDownLatch called = new CountDownLatch(1);
    private volatile Runnable withTheFirst = () -> {};
    private volatile boolean isClosed;

    Queue fill(int count) {
      IntStream.range(0, count)
          .mapToObj(i -> Message.builder().messageId("m" + i).receiptHandle("r" + i).build())
          .forEach(messages::add);
      return this;
    }

    @Override
    public synchronized ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
      List<Message> some = new ArrayList<>();
      while (some.size() < request.maxNumberOfMessages() && !messages.isEmpty()) {
        some.add(messages.poll());
      }
      return ReceiveMessageResponse.builder().messages(some).build();
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(
        ChangeMessageVisibilityBatchRequest request) {
      boolean isExtension = request.entries().get(0).visibilityTimeout() > 0;
      if (isExtension
          && request.entries().stream().anyMatch(entry -> entry.receiptHandle().equals("r0"))) {
        called.countDown();
        withTheFirst.run();
      }
      changes.addAll(request.entries());
      return ChangeMessageVisibilityBatchResponse.builder().failed(List.of()).build();
    }

    Set<String> extended() {
      Set<String> extended = ConcurrentHashMap.newKeySet();
      changes.stream()
          .filter(change -> change.visibilityTimeout() > 0)
          .forEach(change -> extended.add(change.receiptHandle()));
      return extended;
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  private void start(SqsClient polling, int messages) {
    queue.fill(messages);
    shared =
        new SharedQueue(
            new SharedQueue.Settings(URL, "(sqs.queue)", 50, VISIBILITY),
            polling,
            queue,
            stopping::get);
    for (int i = 0; i < messages; i++) {
      assertThat(shared.receiveMessage(ReceiveMessageRequest.builder().build()).messages())
          .hasSize(1);
    }
  }

  @AfterEach
  void stop() {
    shared.close();
  }

  private static void pass(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_call_that_fails_keeps_no_other_messages_from_being_extended() {
    queue.withTheFirst =
        () -> {
          throw SdkClientException.create("refused");
        };

    start(queue, 25);
    await().atMost(PATIENCE).until(() -> queue.extended().size() == 15);
  }

  @Test
  void a_call_that_hangs_keeps_no_other_messages_from_being_extended() {
    CountDownLatch goesOn = new CountDownLatch(1);
    queue.withTheFirst = () -> pass(goesOn);

    start(queue, 25);
    await().atMost(PATIENCE).until(() -> queue.extended().size() == 15);
    goesOn.countDown();
  }

  @Test
  void messages_are_extended_again_after_a_call_that_failed_badly() {
    AtomicBoolean hasFailed = new AtomicBoolean();
    queue.withTheFirst =
        () -> {
          if (!hasFailed.getAndSet(true)) {
            throw new LinkageError("once");
          }
        };

    start(queue, 1);
    await().atMost(PATIENCE).until(() -> queue.extended().contains("r0"));
  }

  @Test
  void messages_are_extended_in_a_stop_whose_long_poll_cannot_be_broken_off() {
    AtomicBoolean isBrokenOff = new AtomicBoolean();
    SqsClient polling =
        new SqsClient() {
          @Override
          public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
            return queue.receiveMessage(request);
          }

          @Override
          public String serviceName() {
            return SERVICE_NAME;
          }

          @Override
          public void close() {
            if (!isBrokenOff.getAndSet(true)) {
              throw new IllegalStateException("cannot be closed");
            }
          }
        };

    start(polling, 1);
    stopping.set(true);
    await().atMost(PATIENCE).untilTrue(isBrokenOff);
    int before = queue.changes.size();
    await().atMost(PATIENCE).until(() -> queue.changes.size() > before + 1);
  }

  @Test
  void what_is_given_back_while_it_is_being_extended_is_visible_in_the_end() throws Exception {
    CountDownLatch goesOn = new CountDownLatch(1);
    queue.withTheFirst = () -> pass(goesOn);

    start(queue, 1);
    try (SharedQueue givesBackAndCloses = shared) {
      pass(queue.called);
      Thread givesBack = new Thread(() -> givesBackAndCloses.giveBack("r0"));
      givesBack.start();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  givesBack.getState() == Thread.State.WAITING
                      || givesBack.getState() == Thread.State.TERMINATED);
      goesOn.countDown();
      givesBack.join();
    }

    assertThat(queue.changes)
        .last()
        .extracting(ChangeMessageVisibilityBatchRequestEntry::visibilityTimeout)
        .isEqualTo(0);
  }

  @Test
  void a_close_gives_back_what_is_left_and_hides_nothing_afterwards() {
    start(queue, 12);
    shared.close();

    assertThat(queue.isClosed).isTrue();
    assertThat(queue.changes.subList(queue.changes.size() - 12, queue.changes.size()))
        .extracting(ChangeMessageVisibilityBatchRequestEntry::visibilityTimeout)
        .containsOnly(0);
  }
}
