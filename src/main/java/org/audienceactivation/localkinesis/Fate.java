package org.audienceactivation.localkinesis;

import java.util.Optional;
import java.util.SplittableRandom;

/** What befalls one call. Used by one thread at a time. */
final class Fate {

  /** Nothing does. */
  static final Fate NONE = new Fate(0, Optional.empty(), Optional.empty(), Optional.empty());

  /** The draws for the records of one call. */
  record RecordDraws(FaultDice dice, SplittableRandom random, Tally tally) {
    Optional<Fault> next() {
      Optional<Fault> fault = dice.draw(random);
      fault.ifPresent(tally::count);
      return fault;
    }
  }

  private final long delayMillis;
  private final Optional<ApiException> refusal;
  private final Optional<Fault> drop;
  private final Optional<RecordDraws> ofRecords;

  Fate(
      long delayMillis,
      Optional<ApiException> refusal,
      Optional<Fault> drop,
      Optional<RecordDraws> ofRecords) {
    this.delayMillis = delayMillis;
    this.refusal = refusal;
    this.drop = drop;
    this.ofRecords = ofRecords;
  }

  static Fate refused(ApiException refusal) {
    return new Fate(0, Optional.of(refusal), Optional.empty(), Optional.empty());
  }

  /** How long the call waits before it is carried out. */
  long delayMillis() {
    return delayMillis;
  }

  boolean isDroppedBefore() {
    return drop.isPresent() && drop.get() == Fault.DROP;
  }

  boolean isDroppedAfter() {
    return drop.isPresent() && drop.get() == Fault.DROP_AFTER;
  }

  /**
   * Lets the call pass if it may.
   *
   * @throws ApiException the answer if it may not
   */
  void passOrRefuse() {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
  }

  boolean touchesRecords() {
    return ofRecords.isPresent();
  }

  /** What befalls the next record of the call. */
  Optional<Fault> ofNextRecord() {
    return ofRecords.orElseThrow().next();
  }
}
