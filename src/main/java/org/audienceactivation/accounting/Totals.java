package org.audienceactivation.accounting;

import java.util.Map;
import java.util.SortedMap;

/**
 * What one destination received and what became of it, at one moment.
 *
 * @param received records that were handed to the destination, the undecodable ones included
 * @param outcomes every outcome with its count, zero included
 * @param reasons counts by {@link Reason#label()}, in alphabetical order, for everything that was
 *     not delivered
 * @param withheld from how many events policies left out which part, by {@code policy:part}
 * @param audited the same for what was sent nevertheless, since policies are only watched
 */
public record Totals(
    long received,
    Map<Outcome, Long> outcomes,
    SortedMap<String, Long> reasons,
    SortedMap<String, Long> withheld,
    SortedMap<String, Long> audited) {

  public long of(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  /** Whether every received record has exactly one outcome. False while records are in flight. */
  public boolean addUp() {
    return received == settled();
  }

  /** The number of records that have an outcome. */
  public long settled() {
    return outcomes.values().stream().mapToLong(Long::longValue).sum();
  }
}
