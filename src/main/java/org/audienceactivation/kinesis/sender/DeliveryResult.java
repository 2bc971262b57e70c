package org.audienceactivation.kinesis.sender;

import java.util.Objects;

/**
 * What became of one record. Every record that a {@link KinesisSender} takes gets exactly one.
 *
 * <p>{@code attempts} is everywhere the number of calls that contained the record; 0 means that it
 * never left this process.
 */
public sealed interface DeliveryResult {

  /** The number of calls that contained the record. */
  int attempts();

  /** Kinesis acknowledged the record; it is stored. */
  record Delivered(String shardId, String sequenceNumber, int attempts) implements DeliveryResult {
    public Delivered {
      Objects.requireNonNull(shardId, "shardId");
      Objects.requireNonNull(sequenceNumber, "sequenceNumber");
    }
  }

  /**
   * The record will not be sent again: sending it once more cannot help, or the limit that an
   * operator set on sending it again has been reached.
   *
   * <p>{@code errorCode} is the code of AWS where AWS gave one, else the cause in AWS's style
   * ({@code RecordTooLarge}, {@code InvalidPartitionKey}, {@code InvalidExplicitHashKey}). {@code
   * message} may be shown and logged: it quotes neither the key nor the data.
   */
  record Refused(Cause cause, String errorCode, String message, int attempts)
      implements DeliveryResult {
    public Refused {
      Objects.requireNonNull(cause, "cause");
      Objects.requireNonNull(errorCode, "errorCode");
      Objects.requireNonNull(message, "message");
    }
  }

  /**
   * The sender let go of the record without knowing that it was stored: it closed, it was asked to,
   * or its own code failed. Whoever gave the record still has it and may send it again; if {@code
   * attempts} is above 0 it may have been stored already.
   */
  record Returned(ReturnCause cause, String why, int attempts) implements DeliveryResult {
    public Returned {
      Objects.requireNonNull(cause, "cause");
      Objects.requireNonNull(why, "why");
    }
  }

  /**
   * A newer record of the same partition key took the place of this one while it waited ({@link
   * DeliveryOrder#LATEST_WINS}). If {@code attempts} is above 0 it may have been stored already.
   */
  record Superseded(int attempts) implements DeliveryResult {}

  /** Why the sender let go of a record. */
  enum ReturnCause {
    /** The sender was closed, or the caller was told to stop waiting. */
    CLOSED,
    /** Whoever gave the record has asked for it back ({@link KinesisSender#withdraw}). */
    WITHDRAWN,
    /** The sender's own code, or the client's, failed in a way that nobody foresaw. */
    FAULT
  }

  /** Why a record is refused. */
  enum Cause {
    /** Key and data together are larger than the stream takes; found before any call. */
    TOO_LARGE,
    /** The partition key or the explicit hash key is not one; found before any call. */
    INVALID_KEY,
    /** Kinesis refuses this record and would refuse it again. */
    REFUSED_BY_KINESIS,
    /** It could still succeed, but the attempts or the time that were set for it are used up. */
    RETRY_LIMIT
  }
}
