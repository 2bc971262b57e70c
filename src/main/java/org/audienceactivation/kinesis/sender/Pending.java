package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.List;

/**
 * A sender's hold on a record that is on its way: what it has gone through, and who waits for it.
 *
 * <p>The history is guarded by the sender's lock, the list of those who wait by this object.
 */
final class Pending {

  private final StreamRecord record;
  private final int bytes;
  private final List<Submission> waiting = new ArrayList<>(1);
  private boolean settled;

  private int attempts;
  private int failures;
  private int surprises;
  private long waitingSince;
  private boolean timed;
  private long timedFrom;

  Pending(StreamRecord record, int bytes) {
    this.record = record;
    this.bytes = bytes;
  }

  StreamRecord record() {
    return record;
  }

  /** Key in UTF-8 plus data: what counts against the limits of a call. */
  int bytes() {
    return bytes;
  }

  /** How many calls contained the record. */
  int attempts() {
    return attempts;
  }

  /** How many calls failed for the record in a way that another call may mend. */
  int failures() {
    return failures;
  }

  /** How many times in all something that nobody foresaw ended a call with this record. */
  int surprises() {
    return surprises;
  }

  void admittedAt(long nanos) {
    waitingSince = nanos;
  }

  void attempted() {
    attempts++;
  }

  void failed(long now) {
    failures++;
    startClock(now);
  }

  void surprised(long now) {
    surprises++;
    failed(now);
  }

  /** An outage in which the record waits has lasted since then. */
  void heldUpSince(long outage) {
    startClock(outage - waitingSince > 0 ? outage : waitingSince);
  }

  /** How long the record has been failing or held up; 0 if neither. */
  long troubledFor(long now) {
    return timed ? now - timedFrom : 0;
  }

  private void startClock(long from) {
    if (!timed) {
      timed = true;
      timedFrom = from;
    }
  }

  /** False if the record has been settled meanwhile, so that nobody would tell the submission. */
  synchronized boolean tell(Submission submission) {
    if (settled) {
      return false;
    }
    waiting.add(submission);
    return true;
  }

  /** Gives the record its result and tells those who wait; does nothing if it has one. */
  void settle(DeliveryResult result) {
    if (!record.settle(this, result)) {
      return;
    }
    List<Submission> told;
    synchronized (this) {
      settled = true;
      told = List.copyOf(waiting);
    }
    told.forEach(Submission::settledOne);
  }
}
