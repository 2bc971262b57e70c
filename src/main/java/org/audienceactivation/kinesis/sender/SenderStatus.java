package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.Optional;

/**
 * How a sender stands at one moment.
 *
 * @param waitingRecords those that are in no call, whatever they wait for
 * @param bufferedBytes of all open records, as {@link SenderSettings#maxBufferedBytes()} counts
 * @param callsInFlight calls under way
 * @param pacedShards shards that throttle and are given less
 * @param downFor how long calls have been failing; empty while they succeed
 */
public record SenderStatus(
    int openRecords,
    int waitingRecords,
    long bufferedBytes,
    int callsInFlight,
    int pacedShards,
    Optional<Duration> downFor) {

  /** Whether records are held, and calls have been failing for so long. */
  public boolean waitsInVain(Duration howLong) {
    return openRecords > 0 && downFor.filter(down -> down.compareTo(howLong) >= 0).isPresent();
  }
}
