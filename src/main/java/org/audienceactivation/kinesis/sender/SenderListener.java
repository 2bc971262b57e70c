package org.audienceactivation.kinesis.sender;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Told what a sender does, a call at a time: for metrics. Called by several threads at once: those
 * that make calls, those that give records or close the sender, and its timer; never under a lock
 * of the sender. It must return quickly. What it throws is logged and goes no further.
 */
public interface SenderListener {

  /** Nobody listens. */
  SenderListener NONE = new SenderListener() {};

  /** A call ended. */
  default void called(CallReport call) {}

  /** So many records got this kind of result, one that a call or the sender itself decided. */
  default void settled(ResultKind kind, int records) {}

  /** The kinds of {@link DeliveryResult}. */
  enum ResultKind {
    DELIVERED,
    REFUSED,
    SUPERSEDED,
    RETURNED
  }

  /**
   * What came of one PutRecords call.
   *
   * @param records how many it contained
   * @param bytes their keys and data
   * @param nanos how long it took
   * @param failure AWS's code or the exception's name if the call failed as a whole
   * @param notStored how many records it left unstored for which cause: AWS's code or the
   *     exception's name. They are sent again unless they are refused
   * @param shards as far as it is known which shards the records are for
   * @param oldestNanos how long the oldest of the delivered records had been with the sender; 0 if
   *     none was delivered
   */
  record CallReport(
      int records,
      long bytes,
      long nanos,
      Optional<String> failure,
      Map<String, Integer> notStored,
      List<ShardUse> shards,
      long oldestNanos) {}

  /**
   * What one call brought for one shard.
   *
   * @param stored how many records it stored
   * @param bytes their keys and data
   * @param throttled how many it sent back because it had too much
   */
  record ShardUse(String shardId, int stored, long bytes, int throttled) {}
}
