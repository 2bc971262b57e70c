package org.audienceactivation.sample;

import java.util.SortedMap;
import java.util.TreeMap;

/** The counts of an export that is being written. */
final class Tally {
  private final SortedMap<String, Long> reasons = new TreeMap<>();
  private long delivered;
  private long excluded;
  private long rejected;

  void delivered() {
    delivered++;
  }

  void excluded(String reason) {
    excluded++;
    reasons.merge(reason, 1L, Long::sum);
  }

  void rejected(String reason) {
    rejected++;
    reasons.merge(reason, 1L, Long::sum);
  }

  SampleExpectation total() {
    return new SampleExpectation(
        delivered + excluded + rejected, delivered, excluded, rejected, reasons);
  }
}
