package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/** Time, chance and threads of a sender: what a test puts something else in the place of. */
interface Surroundings extends AutoCloseable {

  /** As {@link System#nanoTime()}. */
  long nanoTime();

  /** Runs the task after the delay, on any thread; may be dropped once closed. */
  void after(long delayNanos, Runnable task);

  RandomGenerator random();

  /** Where calls are made: at least as many threads as calls in flight. */
  Executor calls();

  /** Where what depends on results runs. It may block there as long as it likes. */
  Executor completions();

  /** Interrupts calls that still run; completions that were handed over still run. */
  @Override
  void close();

  /** The real ones. Idle threads end after half a minute; none keeps the JVM alive. */
  static Surroundings real(String stream, int callsInFlight) {
    return new Real(stream, callsInFlight);
  }

  /** Daemon pools and the system's clock. */
  final class Real implements Surroundings {
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final RandomGenerator random = new Random();
    private final ExecutorService calls;
    private final ExecutorService completions;

    private Real(String stream, int callsInFlight) {
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              callsInFlight,
              callsInFlight,
              IDLE.toSeconds(),
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              named("kinesis-call-" + stream));
      pool.allowCoreThreadTimeOut(true);
      this.calls = pool;
      // as many threads as callers have something to do at once, and no queue: a completion that
      // waits for another must not wait for itself
      this.completions =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              IDLE.toSeconds(),
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              named("kinesis-done-" + stream));
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void after(long delayNanos, Runnable task) {
      // not where calls are made: all those threads may be waiting for Kinesis
      CompletableFuture.delayedExecutor(delayNanos, TimeUnit.NANOSECONDS, completions)
          .execute(task);
    }

    @Override
    public RandomGenerator random() {
      return random;
    }

    @Override
    public Executor calls() {
      return calls;
    }

    @Override
    public Executor completions() {
      return completions;
    }

    @Override
    public void close() {
      calls.shutdownNow();
      // completions are left to end by themselves, when nothing is due any more: one that blocks
      // must not hold up those behind it
    }

    private static ThreadFactory named(String prefix) {
      AtomicInteger number = new AtomicInteger();
      return task -> {
        Thread thread = new Thread(task, prefix + "-" + number.incrementAndGet());
        thread.setDaemon(true);
        return thread;
      };
    }
  }
}
