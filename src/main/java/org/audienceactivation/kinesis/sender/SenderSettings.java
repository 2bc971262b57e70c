package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.Objects;

/**
 * The limits of a {@link KinesisSender}. Two senders with equal settings behave alike, so equality
 * decides who may share one.
 *
 * @param maxRecordsPerCall 1–500, the most that PutRecords takes
 * @param maxBytesPerCall keys (in UTF-8) and data of one call; at most 10 MiB. A larger record goes
 *     alone
 * @param maxRecordBytes key (in UTF-8) and data of one record; at most 10 MiB. 0: what the stream
 *     takes, which is asked of it when a record exceeds 1 MiB, and is 1 MiB if it may not be asked
 * @param callsInFlight how many calls may be under way at once
 * @param retryFor how long a record is sent again after its first failure, or after the beginning
 *     of an outage in which it waits; zero: as long as it takes
 * @param maxAttempts how many calls may fail for one record; 0: any number. Calls that are only
 *     repeated to find a refused record among its neighbours do not count
 * @param backoffMin upper bound of the wait after the first failure; it doubles with each further
 *     one. The wait is drawn evenly between zero and the bound
 * @param backoffMax the bound beyond which the wait does not grow
 * @param order what is kept in order
 * @param maxBufferedBytes how much may wait in the sender, keys and data and some 256 bytes a
 *     record; whoever gives more is blocked until there is room. Records given at once are let in
 *     together, so one call of {@code send} may exceed it
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
    DeliveryOrder order,
    int maxBufferedBytes,
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
  public static final int STREAM_RECORD_BYTES = MIB;

  /** Ask the stream. */
  public static final int DEFAULT_MAX_RECORD_BYTES = 0;

  public static final int DEFAULT_CALLS_IN_FLIGHT = 8;
  public static final Duration DEFAULT_RETRY_FOR = Duration.ZERO;
  public static final int DEFAULT_MAX_ATTEMPTS = 0;
  public static final Duration DEFAULT_BACKOFF_MIN = Duration.ofMillis(100);
  public static final Duration DEFAULT_BACKOFF_MAX = Duration.ofSeconds(20);
  public static final DeliveryOrder DEFAULT_ORDER = DeliveryOrder.PER_KEY;

  /** More than enough for all calls in flight; a destination that stands still costs no more. */
  public static final int DEFAULT_MAX_BUFFERED_BYTES = 32 * MIB;

  public static final Duration DEFAULT_CLOSE_WITHIN = Duration.ofSeconds(10);

  private static final int CALLS_IN_FLIGHT_LIMIT = 1000;
  private static final Duration LONGEST = Duration.ofDays(365);

  /**
   * @throws IllegalArgumentException naming the setting, its value and what is allowed
   */
  public SenderSettings {
    requireBetween("maxRecordsPerCall", maxRecordsPerCall, 1, RECORDS_PER_CALL_LIMIT);
    requireBetween("maxRecordBytes", maxRecordBytes, 0, BYTES_LIMIT);
    requireBetween("maxBytesPerCall", maxBytesPerCall, 1, BYTES_LIMIT);
    requireBetween("callsInFlight", callsInFlight, 1, CALLS_IN_FLIGHT_LIMIT);
    requireBetween("maxAttempts", maxAttempts, 0, Integer.MAX_VALUE);
    requireBetween("retryFor", retryFor, Duration.ZERO);
    requireBetween("backoffMin", backoffMin, Duration.ofMillis(1));
    requireBetween("backoffMax", backoffMax, Duration.ofMillis(1));
    if (backoffMax.compareTo(backoffMin) < 0) {
      throw new IllegalArgumentException(
          "backoffMax is %s, less than backoffMin %s"
              .formatted(ReadableTime.of(backoffMax), ReadableTime.of(backoffMin)));
    }
    Objects.requireNonNull(order, "order");
    requireBetween("maxBufferedBytes", maxBufferedBytes, 1, Integer.MAX_VALUE);
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
          "%s is %s; allowed is %s to %s"
              .formatted(
                  name, ReadableTime.of(value), ReadableTime.of(min), ReadableTime.of(LONGEST)));
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
    private DeliveryOrder order = DEFAULT_ORDER;
    private int maxBufferedBytes = DEFAULT_MAX_BUFFERED_BYTES;
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

    public Builder order(DeliveryOrder kept) {
      this.order = kept;
      return this;
    }

    public Builder maxBufferedBytes(int bytes) {
      this.maxBufferedBytes = bytes;
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
          order,
          maxBufferedBytes,
          closeWithin);
    }
  }
}
