package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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

  /**
   * Runs the task after the delay, also if closed meanwhile, on a thread that all such tasks share:
   * they must not block.
   */
  void after(long delayNanos, Runnable task);

  RandomGenerator random();

  /** Where calls are made: at least as many threads as calls in flight. */
  Executor calls();

  /** Where what depends on results runs. It may block there as long as it likes. */
  Executor completions();

  /** Interrupts calls that still run; completions that were handed over still run. */
  @Override
  void close();

  /**
   * The real ones. Idle threads end after half a minute, but for the one that keeps the time, which
   * is there until closed; none keeps the JVM alive.
   */
  static Surroundings real(String stream, int callsInFlight) {
    return new Real(stream, callsInFlight);
  }

  /** Daemon pools and the system's clock. */
  final class Real implements Surroundings {
    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration IDLE_WHEN_CLOSED = Duration.ofSeconds(1);

    private final RandomGenerator random = new Random();
    private final ScheduledThreadPoolExecutor timer;
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
      // no queue: a completion that waits for another must not wait for itself. How many threads
      // there may be is up to Completions
      this.completions =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              IDLE.toSeconds(),
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              named("kinesis-done-" + stream));
      // made now: when the JVM is out of threads, somebody must still be there to try again
      this.timer = new ScheduledThreadPoolExecutor(1, named("kinesis-time-" + stream));
      timer.setKeepAliveTime(IDLE_WHEN_CLOSED.toSeconds(), TimeUnit.SECONDS);
      timer.prestartCoreThread();
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public void after(long delayNanos, Runnable task) {
      Future<?> unused = timer.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
    }

    /** The timer would keep to itself what is thrown. */
    private static void run(Runnable task) {
      try {
        task.run();
      } catch (RuntimeException | Error bug) {
        Thread.currentThread()
            .getUncaughtExceptionHandler()
            .uncaughtException(Thread.currentThread(), bug);
      }
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
      // completions, and the time that they are given, are left to end by themselves when nothing
      // is due any more: one that blocks must not hold up those behind it
      timer.allowCoreThreadTimeOut(true);
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
