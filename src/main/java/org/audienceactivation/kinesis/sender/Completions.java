package org.audienceactivation.kinesis.sender;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;

/**
 * Runs what depends on results, away from the threads that send. A call may settle hundreds of
 * submissions of one record; one thread runs them all, since a thread for each costs more than the
 * call. As any of them may block for long, there is always a second thread that takes over what the
 * first does not get to in time. Thread-safe.
 */
final class Completions {

  /** What takes longer than this is left to itself, and another thread goes on with the rest. */
  private static final long PATIENCE = 1_000_000L;

  private final Surroundings surroundings;
  private final Queue<Runnable> due = new ConcurrentLinkedQueue<>();

  Completions(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  void complete(List<Submission> submissions) {
    complete(submissions, () -> {});
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
      execute(
          () -> {
            only.complete();
            then.run();
          });
      return;
    }
    submissions.forEach(submission -> due.add(submission::complete));
    due.add(then);
    execute(this::drain);
    surroundings.after(PATIENCE, this::takeOver);
  }

  private void drain() {
    Runnable next = due.poll();
    while (next != null) {
      next.run();
      next = due.poll();
    }
  }

  private void takeOver() {
    if (due.isEmpty()) {
      return;
    }
    execute(this::drain);
    surroundings.after(PATIENCE, this::takeOver);
  }

  private void execute(Runnable task) {
    try {
      surroundings.completions().execute(task);
    } catch (RejectedExecutionException closed) {
      task.run(); // only after the sender closed; on this thread rather than never
    }
  }
}
