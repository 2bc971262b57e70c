package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of a {@link KinesisSender}. Two senders with equal settings behave alike, so equality
 * decides who may share one.
 *
 * @param maxRecordsPerCall 1–500, the most that PutRecords takes
 * @param maxBytesPerCall keys (in UTF-8) and data of one call; at most 10 MiB, at least {@code
 *     maxRecordBytes}
 * @param maxRecordBytes key (in UTF-8) and data of one record; at most 10 MiB. A stream takes 1 MiB
 *     unless its own setting was raised
 * @param callsInFlight how many calls may be under way at once
 * @param retryFor how long a record is sent again after its first failure, or after the beginning
 *     of an outage in which it waits; zero: as long as it takes
 * @param maxAttempts how many calls may fail for one record; 0: any number. Calls that are only
 *     repeated to find a refused record among its neighbours do not count
 * @param backoffMin upper bound of the wait after the first failure; it doubles with each further
 *     one. The wait is drawn evenly between zero and the bound
 * @param backoffMax the bound beyond which the wait does not grow
 * @param closeWithin how long {@link KinesisSender#close()} waits for calls under way
 */
public record SenderSettings(
    int maxRecordsPerCall,
    int maxBytesPerCall,
    int maxRecordBytes,
    int callsInFlight,
    Duration retryFor,
    int maxAttempts,
    Duration backoffMin,
    Duration backoffMax,
    Duration closeWithin) {

  private static final int MIB = 1024 * 1024;

  /** What PutRecords takes, whatever a stream's settings. */
  public static final int RECORDS_PER_CALL_LIMIT = 500;

  /** The service's present limit for a call and for a record of a stream that was raised to it. */
  public static final int BYTES_LIMIT = 10 * MIB;

  public static final int DEFAULT_MAX_RECORDS_PER_CALL = RECORDS_PER_CALL_LIMIT;

  /** Half of the present limit: older regions, emulators and proxies still have 5 MiB. */
  public static final int DEFAULT_MAX_BYTES_PER_CALL = 5 * MIB;

  /** What a stream takes unless its owner raised it. */
  public static final int DEFAULT_MAX_RECORD_BYTES = MIB;

  public static final int DEFAULT_CALLS_IN_FLIGHT = 8;
  public static final Duration DEFAULT_RETRY_FOR = Duration.ZERO;
  public static final int DEFAULT_MAX_ATTEMPTS = 0;
  public static final Duration DEFAULT_BACKOFF_MIN = Duration.ofMillis(100);
  public static final Duration DEFAULT_BACKOFF_MAX = Duration.ofSeconds(20);
  public static final Duration DEFAULT_CLOSE_WITHIN = Duration.ofSeconds(10);

  private static final int CALLS_IN_FLIGHT_LIMIT = 1000;
  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * @throws IllegalArgumentException naming the setting, its value and what is allowed
   */
  public SenderSettings {
    requireBetween("maxRecordsPerCall", maxRecordsPerCall, 1, RECORDS_PER_CALL_LIMIT);
    requireBetween("maxRecordBytes", maxRecordBytes, 1, BYTES_LIMIT);
    requireBetween("maxBytesPerCall", maxBytesPerCall, 1, BYTES_LIMIT);
    if (maxBytesPerCall < maxRecordBytes) {
      throw new IllegalArgumentException(
          "maxBytesPerCall is %d, less than maxRecordBytes %d: a record of that size would fit in no call; raise maxBytesPerCall or lower maxRecordBytes"
              .formatted(maxBytesPerCall, maxRecordBytes));
    }
    requireBetween("callsInFlight", callsInFlight, 1, CALLS_IN_FLIGHT_LIMIT);
    requireBetween("maxAttempts", maxAttempts, 0, Integer.MAX_VALUE);
    requireBetween("retryFor", retryFor, Duration.ZERO);
    requireBetween("backoffMin", backoffMin, Duration.ofMillis(1));
    requireBetween("backoffMax", backoffMax, Duration.ofMillis(1));
    if (backoffMax.compareTo(backoffMin) < 0) {
      throw new IllegalArgumentException(
          "backoffMax is %s, less than backoffMin %s".formatted(backoffMax, backoffMin));
    }
    requireBetween("closeWithin", closeWithin, Duration.ZERO);
  }

  /** Settings under which an outage blocks and loses nothing. */
  public static SenderSettings defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  boolean limitsTime() {
    return !retryFor.isZero();
  }

  boolean limitsAttempts() {
    return maxAttempts > 0;
  }

  private static void requireBetween(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "%s is %d; allowed is %d to %d".formatted(name, value, min, max));
    }
  }

  private static void requireBetween(String name, Duration value, Duration min) {
    Objects.requireNonNull(value, name);
    if (value.compareTo(min) < 0 || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s is %s; allowed is %s to %s".formatted(name, value, min, LONGEST));
    }
  }

  /** Starts from the defaults. Not thread-safe. */
  public static final class Builder {
    private int maxRecordsPerCall = DEFAULT_MAX_RECORDS_PER_CALL;
    private int maxBytesPerCall = DEFAULT_MAX_BYTES_PER_CALL;
    private int maxRecordBytes = DEFAULT_MAX_RECORD_BYTES;
    private int callsInFlight = DEFAULT_CALLS_IN_FLIGHT;
    private Duration retryFor = DEFAULT_RETRY_FOR;
    private int maxAttempts = DEFAULT_MAX_ATTEMPTS;
    private Duration backoffMin = DEFAULT_BACKOFF_MIN;
    private Duration backoffMax = DEFAULT_BACKOFF_MAX;
    private Duration closeWithin = DEFAULT_CLOSE_WITHIN;

    private Builder() {}

    public Builder maxRecordsPerCall(int records) {
      this.maxRecordsPerCall = records;
      return this;
    }

    public Builder maxBytesPerCall(int bytes) {
      this.maxBytesPerCall = bytes;
      return this;
    }

    public Builder maxRecordBytes(int bytes) {
      this.maxRecordBytes = bytes;
      return this;
    }

    public Builder callsInFlight(int calls) {
      this.callsInFlight = calls;
      return this;
    }

    public Builder retryFor(Duration time) {
      this.retryFor = time;
      return this;
    }

    public Builder maxAttempts(int attempts) {
      this.maxAttempts = attempts;
      return this;
    }

    public Builder backoffMin(Duration time) {
      this.backoffMin = time;
      return this;
    }

    public Builder backoffMax(Duration time) {
      this.backoffMax = time;
      return this;
    }

    public Builder closeWithin(Duration time) {
      this.closeWithin = time;
      return this;
    }

    /**
     * The settings.
     *
     * @throws IllegalArgumentException naming the setting, its value and what is allowed
     */
    public SenderSettings build() {
      return new SenderSettings(
          maxRecordsPerCall,
          maxBytesPerCall,
          maxRecordBytes,
          callsInFlight,
          retryFor,
          maxAttempts,
          backoffMin,
          backoffMax,
          closeWithin);
    }
  }
}
