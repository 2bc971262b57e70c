package org.audienceactivation.localkinesis;

import java.time.Instant;

/**
 * A record as it lies in a shard.
 *
 * @param sequenceNumber decimal; within a shard, records are in its order
 * @param arrival when the server stored it, in milliseconds; never decreasing within a shard
 * @param data the record's bytes; the array belongs to the receiver
 */
// An array as a component: equality of records is not asked of it, and a copy per record is not
// free.
@SuppressWarnings("ArrayRecordComponent")
public record StoredRecord(
    String region,
    String stream,
    String shardId,
    String sequenceNumber,
    String partitionKey,
    Instant arrival,
    byte[] data) {}
