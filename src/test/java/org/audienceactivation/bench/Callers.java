package org.audienceactivation.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Many who call at once, each with one call at a time. They call as fast as they get answers, or at
 * a constant rate whatever the answers take: then a call counts from the moment at which it was
 * due, so who answers late makes the calls late that wait for it.
 */
final class Callers implements AutoCloseable {

  /** Fewer than REST takes at once as shipped. */
  static final int COUNT = 128;

  private final Call call;
  private final ExecutorService threads = Executors.newFixedThreadPool(COUNT);

  /** A call that carries one record. */
  interface Call {
    /**
     * Calls and waits for the answer.
     *
     * @throws IllegalStateException if the record was not delivered
     */
    void withRecord(int number) throws Exception;
  }

  Callers(Call call) {
    this.call = call;
  }

  /**
   * Makes so many calls.
   *
   * @param perSecond 0 for as fast as they are answered
   */
  Latencies call(int calls, int perSecond) throws Exception {
    AtomicInteger next = new AtomicInteger();
    long[] nanos = new long[calls];
    long start = System.nanoTime();
    List<Callable<Void>> loops = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      loops.add(
          () -> {
            for (int n = next.getAndIncrement(); n < calls; n = next.getAndIncrement()) {
              long due =
                  perSecond == 0 ? System.nanoTime() : start + n * 1_000_000_000L / perSecond;
              waitUntil(due);
              call.withRecord(n);
              nanos[n] = System.nanoTime() - due;
            }
            return null;
          });
    }
    for (Future<Void> loop : threads.invokeAll(loops)) {
      loop.get();
    }
    return Latencies.of(nanos);
  }

  private static void waitUntil(long due) {
    for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
