package org.audienceactivation.kinesis.sender;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** What one caller waits for: a number of records, of which the last to be settled completes it. */
final class Submission {

  private final CompletableFuture<Void> done = new CompletableFuture<>();
  // one more than there are records, so that it cannot complete before all of them are counted
  private final AtomicInteger open = new AtomicInteger(1);

  private long bytes;

  void expectOne() {
    open.incrementAndGet();
  }

  /** Of the thread that gives the records, before the last of them is counted. */
  void weighs(long more) {
    bytes += more;
  }

  /** What it kept in the sender; 0 for records that another brought. */
  long bytes() {
    return bytes;
  }

  /** True for the last record: the submission is to be completed. */
  boolean settledOne() {
    return open.decrementAndGet() == 0;
  }

  /** No more records will be added. */
  CompletionStage<Void> allCounted() {
    if (open.decrementAndGet() == 0) {
      done.complete(null);
    }
    return done.minimalCompletionStage();
  }

  /** What depends on the submission runs, on this thread. */
  void complete() {
    done.complete(null);
  }
}
