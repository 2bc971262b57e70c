package org.audienceactivation.accounting;

import java.util.LinkedHashMap;
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
 * @param audited the same for what was sent nevertheless, since policies are only watched; also how
 *     many records would have been excluded, by the reason's label
 */
public record Totals(
    long received,
    Map<Outcome, Long> outcomes,
    SortedMap<String, Long> reasons,
    SortedMap<String, Long> withheld,
    SortedMap<String, Long> audited) {

  /** The reasons that records with this outcome have. */
  public Map<String, Long> reasonsOf(Outcome outcome) {
    Map<String, Long> found = new LinkedHashMap<>();
    reasons.forEach(
        (label, count) -> {
          if (Reason.codeOf(label).outcome() == outcome) {
            found.put(label, count);
          }
        });
    return found;
  }

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
