package org.audienceactivation.localkinesis;

/** What becomes of the bytes of a record after it was acknowledged. */
public enum Storage {
  /** They are appended to the log of their shard and can be read back. */
  DISK,
  /**
   * They are counted and dropped: a null sink for benchmarks. Routing, limits, shard ids and
   * sequence numbers are as with {@link #DISK}; reading gives no records.
   */
  NONE
}
