/**
 * Sends records to a Kinesis stream and says of each what became of it: queue → calls → outcomes.
 *
 * <p>This room knows the JDK and the AWS SDK, nothing of Camel and nothing of what is in a record.
 * One direction, one class a stage: {@code RecordLimits} (may it be sent at all), {@code
 * WaitingRoom} (what goes into the next call), {@code StreamCaller} (one call and its answer),
 * {@code FailureClassifier} (what a failure means), {@code Aftermath} (what is done about it), and
 * {@code KinesisSender}, which leads records from one to the next until each has its result.
 */
package org.audienceactivation.kinesis.sender;
