package org.audienceactivation.accounting;

/**
 * The one final answer that every record gets for every destination it was received for.
 *
 * <p>For each destination, received = the sum over all outcomes; a run for which that does not hold
 * has failed, whatever else it did.
 */
public enum Outcome {
  /** Kinesis acknowledged the record: its shard and sequence number are known. */
  DELIVERED("delivered"),
  /** Nothing that the destination exports has changed since the last delivery. */
  UNCHANGED("unchanged"),
  /** A newer event of the same profile took its place before it was sent. */
  SUPERSEDED("superseded"),
  /** Consent or governance forbids it, it is in no mapped audience, or a user's step dropped it. */
  EXCLUDED("excluded"),
  /** The input is not a usable profile; the raw record is kept in the dead letter. */
  REJECTED("rejected"),
  /** A usable profile that Kinesis refuses for good, or whose retry limit ran out; replayable. */
  DEAD_LETTERED("deadLettered"),
  /**
   * The source still has it: it was not settled before the program, or the caller's time, ended.
   */
  RETURNED("returned");

  private final String label;

  Outcome(String label) {
    this.label = label;
  }

  /** The name in reports, dead letters and metrics; part of the published interface. */
  public String label() {
    return label;
  }
}
