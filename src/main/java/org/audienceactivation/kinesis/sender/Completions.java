package org.audienceactivation.kinesis.sender;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs what depends on results, away from the threads that send. A call may settle hundreds of
 * submissions of one record; one thread runs them all, since a thread for each costs more than the
 * call. As any of them may block for long, there is always a second thread that takes over what the
 * first does not get to in time, up to {@value #MOST_THREADS}. Beyond, one more comes in each
 * second in which nobody could be told, since those that block may wait for one that is not told
 * yet; but never more than {@value #MOST_THREADS_IF_STUCK}. While the JVM has no thread left, it is
 * tried again and again. Thread-safe.
 */
final class Completions {

  /** What takes longer than this is left to itself, and another thread goes on with the rest. */
  private static final long PATIENCE = 1_000_000L;

  /** Until a thread is asked for again, after there was none. */
  private static final long UNTIL_THERE_IS_A_THREAD = 20_000_000L;

  static final int MOST_THREADS = 64;
  static final int MOST_THREADS_IF_STUCK = 1024;
  private static final long STUCK_AFTER = 1_000_000_000L;

  private static final ThreadLocal<Completions> TOLD_BY = new ThreadLocal<>();

  private final Surroundings surroundings;
  private final Runnable lessUntold;
  private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();
  private final AtomicLong untoldBytes = new AtomicLong();
  private final AtomicLong told = new AtomicLong();
  private final AtomicInteger threads = new AtomicInteger();
  private final AtomicBoolean takeOverComes = new AtomicBoolean();
  private volatile int mostThreads = MOST_THREADS;

  // only the one who takes over looks at these
  private volatile long toldAtLastChange;
  private volatile long lastChange;

  /**
   * Completions with these threads.
   *
   * @param lessUntold called, without a lock, when {@link #untoldBytes()} fell; must not block
   */
  Completions(Surroundings surroundings, Runnable lessUntold) {
    this.surroundings = surroundings;
    this.lessUntold = lessUntold;
  }

  /** What was settled and waits for a thread that tells it. */
  long untoldBytes() {
    return untoldBytes.get();
  }

  /** Whether this thread is telling somebody: others may wait for it. */
  boolean isTelling() {
    return TOLD_BY.get() == this;
  }

  /**
   * And then something else, which must not block: once everybody has been told, or is being told
   * and takes long.
   */
  void complete(List<Submission> submissions, Runnable then) {
    if (submissions.isEmpty()) {
      then.run();
      return;
    }
    if (submissions.size() == 1) {
      Submission only = submissions.get(0);
      boolean isBeingTold =
          execute(
              () -> {
                only.complete();
                then.run();
                drain();
              });
      if (isBeingTold) {
        return;
      }
    }
    long bytes = 0;
    for (Submission submission : submissions) {
      bytes += submission.bytes();
    }
    untoldBytes.addAndGet(bytes);
    submissions.forEach(submission -> due.add(() -> tell(submission)));
    due.add(then);
    takeOverIn(execute(this::drain) ? PATIENCE : UNTIL_THERE_IS_A_THREAD);
  }

  private void tell(Submission submission) {
    told.incrementAndGet();
    untoldBytes.addAndGet(-submission.bytes());
    lessUntold.run();
    submission.complete();
  }

  private void drain() {
    Runnable next = due.poll();
    while (next != null) {
      next.run();
      next = due.poll();
    }
  }

  private void takeOver() {
    takeOverComes.set(false);
    if (due.isEmpty()) {
      mostThreads = MOST_THREADS;
      return;
    }
    growIfStuck();
    takeOverIn(execute(this::drain) ? PATIENCE : UNTIL_THERE_IS_A_THREAD);
  }

  private void growIfStuck() {
    long now = surroundings.nanoTime();
    if (told.get() != toldAtLastChange || threads.get() < mostThreads) {
      toldAtLastChange = told.get();
      lastChange = now;
    } else if (now - lastChange >= STUCK_AFTER) {
      mostThreads = Math.min(MOST_THREADS_IF_STUCK, mostThreads + 1);
      lastChange = now;
    }
  }

  private void takeOverIn(long nanos) {
    if (!takeOverComes.compareAndSet(false, true)) {
      return;
    }
    try {
      surroundings.after(nanos, this::takeOver);
    } catch (Throwable noTimer) { // not even that: on this thread rather than never
      takeOverComes.set(false);
      drain();
    }
  }

  /** False if there is no thread for it at present. */
  private boolean execute(Runnable task) {
    if (threads.incrementAndGet() > mostThreads) {
      threads.decrementAndGet();
      return false;
    }
    try {
      surroundings.completions().execute(() -> run(task));
      return true;
    } catch (Throwable noThread) { // the JVM may be out of threads: an Error, and one that passes
      threads.decrementAndGet();
      return false;
    }
  }

  private void run(Runnable task) {
    TOLD_BY.set(this);
    try {
      task.run();
    } finally {
      TOLD_BY.remove();
      threads.decrementAndGet();
    }
  }
}
