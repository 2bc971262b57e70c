package org.audienceactivation.sqs;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;

/**
 * Makes calls of up to ten messages of the wishes of consumers that want one each. A call asks for
 * no more than there are consumers waiting, so nothing lies here and waits for one. Thread-safe;
 * the calls are made by the consumers' own threads.
 */
final class Receiving {

  /** Consumers whose messages were settled by one call come back at the same time. */
  private static final long LINGER_NANOS = Duration.ofMillis(5).toNanos();

  private static final long LOOKS_FOR_STOP_NANOS = Duration.ofMillis(100).toNanos();

  /** A call to the queue. */
  @FunctionalInterface
  interface Call {

    /** Up to so many messages; none if there are none, or none could be received. */
    List<Message> receive(ReceiveMessageRequest request, int count) throws InterruptedException;
  }

  private final int perCall;
  private final int mostCalls;
  private final Call call;
  private final BooleanSupplier stopping;
  private final Lock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Message> ready = new ArrayDeque<>();
  private int waiting;
  private int calls;

  /** How many messages the calls under way may bring. */
  private int asked;

  Receiving(int perCall, int mostCalls, Call call, BooleanSupplier stopping) {
    this.perCall = perCall;
    this.mostCalls = mostCalls;
    this.call = call;
    this.stopping = stopping;
  }

  /**
   * The next message; none if a call brought none. While stopping it waits for the calls under way,
   * as what they bring has already used up an attempt.
   */
  Optional<Message> next(ReceiveMessageRequest request) throws InterruptedException {
    lock.lockInterruptibly();
    waiting++;
    try {
      boolean isWorthWaiting = true;
      while (ready.isEmpty() && isWorthWaiting) {
        if (stopping.getAsBoolean() && asked == 0) {
          isWorthWaiting = false;
        } else if (!stopping.getAsBoolean() && calls < mostCalls && notAskedFor() > 0) {
          isWorthWaiting = ask(request);
        } else {
          // a stop does not signal
          long unused = changed.awaitNanos(LOOKS_FOR_STOP_NANOS);
        }
      }
      return Optional.ofNullable(ready.poll());
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  private int notAskedFor() {
    return waiting - asked - ready.size();
  }

  private boolean ask(ReceiveMessageRequest request) throws InterruptedException {
    calls++;
    try {
      linger();
      int count = Math.min(perCall, notAskedFor());
      return count <= 0 || ask(request, count);
    } finally {
      calls--;
      changed.signalAll();
    }
  }

  private void linger() throws InterruptedException {
    long left = LINGER_NANOS;
    while (notAskedFor() < perCall && left > 0) {
      left = changed.awaitNanos(left);
    }
  }

  private boolean ask(ReceiveMessageRequest request, int count) throws InterruptedException {
    asked += count;
    lock.unlock();
    List<Message> messages = List.of();
    try {
      messages = call.receive(request, count);
    } finally {
      lock.lock();
      asked -= count;
      ready.addAll(messages);
    }
    return !messages.isEmpty();
  }
}
