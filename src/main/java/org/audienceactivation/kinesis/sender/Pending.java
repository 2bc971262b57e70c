package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A sender's hold on a record that is on its way: where it waits, what it has gone through, and who
 * waits for it.
 *
 * <p>History and place are guarded by the sender's lock, the list of those who wait by this object.
 */
final class Pending {

  /** Where the record is. */
  enum Place {
    /** An older record of its key is not settled. */
    BEHIND_ITS_KEY,
    /** It may go into the next call. */
    READY,
    /** Its shard takes no more at present. */
    HELD,
    /** It failed, and is not to be sent before a time. */
    BACKED_OFF,
    /** It is in a call, or in a part of a refused one. */
    COMMITTED
  }

  private final StreamRecord record;
  private final int bytes;
  private Submission waiting;
  private List<Submission> alsoWaiting = List.of();
  private boolean settled;
  private boolean held;
  private volatile boolean withdrawn;

  private Place place = Place.READY;
  private int placeInLine;
  private Pending follower;

  /** What queues and elders hold for this place: the first record that stood there. */
  private Pending first = this;

  /** Of the first one: the newest. Those in between are not kept, however many come. */
  private Pending replacement;

  private long hash;
  private boolean hashed;

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

  /** {@link StreamHash} of the record, reckoned when it is first asked for. */
  long hash() {
    if (!hashed) {
      hash = StreamHash.of(record);
      hashed = true;
    }
    return hash;
  }

  Place place() {
    return place;
  }

  /** The record itself, and not one that it replaced, is what is held from now on. */
  void movedTo(Place next) {
    place = next;
    first = this;
  }

  boolean isCommitted() {
    return place == Place.COMMITTED;
  }

  /** How many of its key came since the last time that none of it was open. */
  int placeInLine() {
    return placeInLine;
  }

  void placedInLine(int number) {
    placeInLine = number;
  }

  /** The next record of the key waits for this one. */
  void followedBy(Pending next) {
    follower = next;
  }

  /** The next record of the key, if there is one. */
  Optional<Pending> follower() {
    return Optional.ofNullable(follower).map(Pending::current);
  }

  /** A newer record of the key has taken this one's place. */
  void replacedBy(Pending newer) {
    first.replacement = newer;
    newer.first = first;
    newer.place = place;
  }

  /** The record that stands in this one's place: itself, or the newest that replaced it. */
  Pending current() {
    return replacement == null ? this : replacement;
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

  /** From now on the record counts among what the sender holds. */
  void admittedAt(long nanos) {
    waitingSince = nanos;
    held = true;
  }

  /** The sender holds the record no more. False if it did not before. */
  boolean letGo() {
    boolean before = held;
    held = false;
    return before;
  }

  long waitingSince() {
    return waitingSince;
  }

  void attempted() {
    attempts++;
  }

  /** The call was not made after all. */
  void notAttempted() {
    attempts--;
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

  /** Whether this is the hold that the submission took, and not one that it found. */
  synchronized boolean isOf(Submission submission) {
    return waiting == submission;
  }

  /** Whoever gave the record wants it back as soon as no call has it. */
  void withdraw() {
    withdrawn = true;
  }

  boolean isWithdrawn() {
    return withdrawn;
  }

  /** False if the record has been settled meanwhile, so that nobody would tell the submission. */
  synchronized boolean tell(Submission submission) {
    if (settled) {
      return false;
    }
    if (waiting == null) {
      waiting = submission;
      return true;
    }
    if (alsoWaiting.isEmpty()) {
      alsoWaiting = new ArrayList<>(1);
    }
    alsoWaiting.add(submission);
    return true;
  }

  /**
   * Gives the record its result; those for whom it was the last are added to {@code done}. False,
   * and nothing done, if it has one.
   */
  boolean settle(DeliveryResult result, List<Submission> done) {
    if (!record.settle(this, result)) {
      return false;
    }
    synchronized (this) {
      settled = true;
    }
    // nobody is added after this
    if (waiting != null && waiting.settledOne()) {
      done.add(waiting);
    }
    for (Submission other : alsoWaiting) {
      if (other.settledOne()) {
        done.add(other);
      }
    }
    return true;
  }
}
