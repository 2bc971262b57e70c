package org.audienceactivation.localkinesis;

import java.util.Map;

/**
 * What a {@link LocalKinesis} has counted since its start. The sums are taken one after another:
 * they agree with each other only while nobody calls.
 *
 * @param calls complete calls by action, whatever became of them; actions that were not called are
 *     missing
 * @param putRecords records of all puts within the limits of a call, each as often as it was sent
 * @param putBytes keys and data of these records
 * @param storedRecords records in the streams that exist
 * @param beyondLimits records that failed because of {@link ShardLimits}
 * @param unanswered records that were stored by calls of which {@link Fault#DROP_AFTER} dropped the
 *     answer: whoever sent them sends them again, which explains as many duplicates
 * @param faults how often each injected fault struck, by its name; those that never did are missing
 */
public record Stats(
    Map<String, Long> calls,
    long putRecords,
    long putBytes,
    long storedRecords,
    long beyondLimits,
    long unanswered,
    Map<String, Long> faults) {

  /** Keeps copies. */
  public Stats {
    calls = Map.copyOf(calls);
    faults = Map.copyOf(faults);
  }
}
