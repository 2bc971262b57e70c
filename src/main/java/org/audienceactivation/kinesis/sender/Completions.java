package org.audienceactivation.kinesis.sender;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Runs what depends on results, away from the threads that send. A call may settle hundreds of
 * submissions of one record; one thread runs them all, since a thread for each costs more than the
 * call. As any of them may block for long, there is always a second thread that takes over what the
 * first does not get to in time. While the JVM has no thread left, it is tried again and again.
 * Thread-safe.
 */
final class Completions {

  /** What takes longer than this is left to itself, and another thread goes on with the rest. */
  private static final long PATIENCE = 1_000_000L;

  /** Until a thread is asked for again, after there was none. */
  private static final long UNTIL_THERE_IS_A_THREAD = 20_000_000L;

  private final Surroundings surroundings;
  private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();

  Completions(Surroundings surroundings) {
    this.surroundings = surroundings;
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
      Runnable both =
          () -> {
            only.complete();
            then.run();
          };
      if (!execute(both)) {
        due.add(both);
        takeOverIn(UNTIL_THERE_IS_A_THREAD);
      }
      return;
    }
    submissions.forEach(submission -> due.add(submission::complete));
    due.add(then);
    takeOverIn(execute(this::drain) ? PATIENCE : UNTIL_THERE_IS_A_THREAD);
  }

  private void drain() {
    Runnable next = due.poll();
    while (next != null) {
      next.run();
      next = due.poll();
    }
  }

  private void takeOver() {
    if (!due.isEmpty()) {
      takeOverIn(execute(this::drain) ? PATIENCE : UNTIL_THERE_IS_A_THREAD);
    }
  }

  private void takeOverIn(long nanos) {
    try {
      surroundings.after(nanos, this::takeOver);
    } catch (Throwable noTimer) { // not even that: on this thread rather than never
      drain();
    }
  }

  /** False if there is no thread for it at present. */
  private boolean execute(Runnable task) {
    try {
      surroundings.completions().execute(task);
      return true;
    } catch (Throwable noThread) { // the JVM may be out of threads: an Error, and one that passes
      return false;
    }
  }
}
