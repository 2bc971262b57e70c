package org.audienceactivation.localkinesis;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of requests and answers that the server holds at one time. Who would exceed it is
 * turned away: better one caller that tries again than a server that dies of all. Thread-safe.
 */
final class MemoryBudget {

  private final long limit;
  private final AtomicLong used = new AtomicLong();

  MemoryBudget(long limit) {
    this.limit = limit;
  }

  /** A quarter of the heap, and never less than one large call with its answer needs. */
  static MemoryBudget ofHeap(long heapBytes) {
    return new MemoryBudget(Math.max(32 << 20, heapBytes / 4));
  }

  /** Takes a share, to be given back by {@link #release}; false if there is not so much left. */
  boolean take(long bytes) {
    if (used.addAndGet(bytes) <= limit) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  void release(long bytes) {
    used.addAndGet(-bytes);
  }
}
