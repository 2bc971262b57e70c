/**
 * The {@code aws2-kinesis} producer done right, for any Camel user: a key for each record, full
 * calls within the limits, only failed records sent again, a result for each record.
 *
 * <p>This room is the Camel shell around {@link org.audienceactivation.kinesis.sender}, which does
 * the work. It knows Camel and the AWS SDK, and nothing of profiles, audiences or destinations.
 */
package org.audienceactivation.kinesis;
