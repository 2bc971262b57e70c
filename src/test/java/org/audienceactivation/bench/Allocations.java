package org.audienceactivation.bench;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** How many bytes a piece of work allocates: a figure that depends on no machine and no load. */
final class Allocations {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** On a machine that is busy the compiler comes late; on others a few rounds are enough. */
  private static final int MOST_ROUNDS = 400;

  private Allocations() {}

  /**
   * The least that a round costs, once the compiler has seen what need not be allocated: rounds
   * that cost more are repeated, up to {@value #MOST_ROUNDS} times.
   *
   * @param bound no further round is made when one costs no more than this
   */
  static long leastOverRounds(long bound, LongSupplier round) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < MOST_ROUNDS && least > bound; i++) {
      least = Math.min(least, round.getAsLong());
    }
    return least;
  }

  /** On the calling thread. */
  static long ofThisThread(Runnable work) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    work.run();
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }

  /** On all threads; those that end meanwhile are missed. */
  static long ofAllThreads(Runnable work) {
    long before = all();
    work.run();
    return all() - before;
  }

  private static long all() {
    return Arrays.stream(THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds()))
        .filter(bytes -> bytes > 0)
        .sum();
  }
}
