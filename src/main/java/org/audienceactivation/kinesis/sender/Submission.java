package org.audienceactivation.kinesis.sender;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/** What one caller waits for: a number of records, of which the last to be settled completes it. */
final class Submission {

  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Executor completions;
  // one more than there are records, so that it cannot complete before all of them are counted
  private final AtomicInteger open = new AtomicInteger(1);

  Submission(Executor completions) {
    this.completions = completions;
  }

  void expectOne() {
    open.incrementAndGet();
  }

  void settledOne() {
    if (open.decrementAndGet() == 0) {
      complete();
    }
  }

  /** No more records will be added. */
  CompletionStage<Void> allCounted() {
    if (open.decrementAndGet() == 0) {
      done.complete(null);
    }
    return done.minimalCompletionStage();
  }

  private void complete() {
    try {
      completions.execute(() -> done.complete(null));
    } catch (RejectedExecutionException closed) {
      // only after the sender closed; on this thread rather than never
      done.complete(null);
    }
  }
}
