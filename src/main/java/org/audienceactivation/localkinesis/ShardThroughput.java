package org.audienceactivation.localkinesis;

/** What one shard may still take under its {@link ShardLimits}. Thread-safe. */
final class ShardThroughput {

  private static final double MILLIS_PER_SECOND = 1_000;

  private final ShardLimits limits;
  private double records;
  private double bytes;
  private long refilledMillis;

  ShardThroughput(ShardLimits limits, long nowMillis) {
    this.limits = limits;
    this.records = limits.recordsPerSecond();
    this.bytes = limits.bytesPerSecond();
    this.refilledMillis = nowMillis;
  }

  /** Whether a record is within the limits; one that is counts against those after it. */
  synchronized boolean take(int recordBytes, long nowMillis) {
    refill(nowMillis);
    // no bucket holds a record that is larger than it: a full one must do
    if (records < 1 || bytes < Math.min(recordBytes, limits.bytesPerSecond())) {
      return false;
    }
    records -= 1;
    bytes -= recordBytes;
    return true;
  }

  private void refill(long nowMillis) {
    if (nowMillis <= refilledMillis) {
      return;
    }
    double seconds = (nowMillis - refilledMillis) / MILLIS_PER_SECOND;
    records = Math.min(limits.recordsPerSecond(), records + seconds * limits.recordsPerSecond());
    bytes = Math.min(limits.bytesPerSecond(), bytes + seconds * limits.bytesPerSecond());
    refilledMillis = nowMillis;
  }
}
