package org.audienceactivation.accounting;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The running count of one destination. Thread-safe; its memory is bounded by the number of
 * outcomes and reasons, which do not grow with the input.
 */
public final class Account {
  private final LongAdder received = new LongAdder();
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
  private final Map<String, LongAdder> reasons = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> withheld = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> audited = new ConcurrentHashMap<>();

  Account() {
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  public void received(int records) {
    received.add(records);
  }

  /** Counts records that Kinesis acknowledged. */
  public void delivered(int records) {
    outcomes.get(Outcome.DELIVERED).add(records);
  }

  /** Counts records under the outcome that belongs to the reason. */
  public void settled(Reason reason, int records) {
    outcomes.get(reason.outcome()).add(records);
    reasons.computeIfAbsent(reason.label(), label -> new LongAdder()).add(records);
  }

  /**
   * Counts an event from which a part was left out.
   *
   * @param label the policy and the part, as configuration names them
   */
  public void withheld(String label) {
    withheld.computeIfAbsent(label, key -> new LongAdder()).increment();
  }

  /** Counts an event from which a part would have been left out, if policies were enforced. */
  public void audited(String label) {
    audited.computeIfAbsent(label, key -> new LongAdder()).increment();
  }

  /** A copy of the counts; exact when nothing is in flight. */
  public Totals totals() {
    Map<Outcome, Long> counts = new EnumMap<>(Outcome.class);
    outcomes.forEach((outcome, count) -> counts.put(outcome, count.sum()));
    return new Totals(received.sum(), counts, sums(reasons), sums(withheld), sums(audited));
  }

  private static SortedMap<String, Long> sums(Map<String, LongAdder> counts) {
    SortedMap<String, Long> sums = new TreeMap<>();
    counts.forEach((label, count) -> sums.put(label, count.sum()));
    return sums;
  }
}
