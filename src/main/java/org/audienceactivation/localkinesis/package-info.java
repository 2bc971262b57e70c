/**
 * An embedded server that speaks the wire protocol of Amazon Kinesis Data Streams: for the demo,
 * for tests and benchmarks, and for anyone who wants a stream without an account.
 *
 * <p>It holds to the service's documented rules (limits, routing by MD5, error types, iterators)
 * and keeps what was put on disk, so that its heap does not grow with the number of records.
 *
 * <p>Its parts, in the order in which a call passes through them: {@code HttpFront} (sockets,
 * bounded bodies), {@code CallHandler} and {@code FaultInjector} (what befalls a call, if it is to
 * misbehave), {@code Api} (one place that every call passes), {@code StreamActions}, {@code
 * ShardListing}, {@code ReshardActions}, {@code PutActions} and {@code ReadActions} (what a call
 * means), {@code Stream}, {@code Shards} and {@code Shard} (where a record belongs), {@code
 * RecordLog} (where it lies). Beside it stands {@code Console}, by which tests in other processes
 * inject faults and read what was counted.
 *
 * <p>This room knows nothing of the others, nor of the AWS SDK.
 */
package org.audienceactivation.localkinesis;
