package org.audienceactivation.accounting;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * The running count of one destination. Thread-safe; its memory is bounded by the number of
 * outcomes and reasons, which do not grow with the input.
 */
public final class Account {
  private final String destination;
  private final LedgerWatch watch;
  private final LongAdder received = new LongAdder();
  private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
  private final Map<String, LongAdder> reasons = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> withheld = new ConcurrentHashMap<>();
  private final Map<String, LongAdder> audited = new ConcurrentHashMap<>();

  Account(String destination, LedgerWatch watch) {
    this.destination = destination;
    this.watch = watch;
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, new LongAdder());
    }
  }

  public void received(int records) {
    received.add(records);
    watch.received(destination, records);
  }

  /** Counts records that Kinesis acknowledged. */
  public void delivered(int records) {
    outcomes.get(Outcome.DELIVERED).add(records);
    watch.settled(destination, Outcome.DELIVERED, Optional.empty(), records);
  }

  /** Counts records under the outcome that belongs to the reason. */
  public void settled(Reason reason, int records) {
    outcomes.get(reason.outcome()).add(records);
    reasons.computeIfAbsent(reason.label(), label -> new LongAdder()).add(records);
    watch.settled(destination, reason.outcome(), Optional.of(reason), records);
  }

  /** Counts an event from which a part was left out. */
  public void withheld(LeftOut part) {
    withheld.computeIfAbsent(part.key(), key -> new LongAdder()).increment();
    watch.withheld(destination, part);
  }

  /** Counts an event from which a part would have been left out, if policies were enforced. */
  public void audited(LeftOut part) {
    audited.computeIfAbsent(part.key(), key -> new LongAdder()).increment();
    watch.audited(destination, part);
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
