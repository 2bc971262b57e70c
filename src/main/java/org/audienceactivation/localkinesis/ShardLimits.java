package org.audienceactivation.localkinesis;

/**
 * How much each shard takes. Beyond it a record fails with {@code
 * ProvisionedThroughputExceededException}, by itself in a PutRecords call.
 *
 * <p>The measure is a bucket that holds one second's worth, is full at first and refills
 * continuously. So an idle shard takes a burst of one second's worth at once, and never more than
 * twice that within any second. The service documents the rates and not their measure. A record
 * larger than the bucket is taken when the bucket is full, and those after it wait until its debt
 * is paid.
 *
 * @param recordsPerSecond at least 1; the service has 1,000
 * @param bytesPerSecond keys and data, at least 1; the service has 1 MiB
 */
public record ShardLimits(int recordsPerSecond, int bytesPerSecond) {

  /** Refuses limits under which nothing would ever be stored. */
  public ShardLimits {
    if (recordsPerSecond < 1 || bytesPerSecond < 1) {
      throw new IllegalArgumentException(
          "Local Kinesis: shard limits must be at least 1 record and 1 byte a second, are "
              + recordsPerSecond
              + " and "
              + bytesPerSecond);
    }
  }

  /** What the service gives a shard: 1,000 records and 1 MiB a second. */
  public static ShardLimits ofTheService() {
    return new ShardLimits(1_000, 1 << 20);
  }
}
