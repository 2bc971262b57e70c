/**
 * An SQS queue that many consumers of one process share, behind the SDK's own client interface, so
 * that Camel's stock {@code aws2-sqs} consumer can be given it.
 *
 * <p>This room knows the JDK and the AWS SDK, nothing of Camel and nothing of what is in a message.
 * {@code Receiving} makes few calls of many consumers' wishes, {@code Deleting} few calls of what
 * they are done with, {@code InFlight} keeps what they work on invisible to others, and {@code
 * SharedQueue} joins the three.
 */
package org.audienceactivation.sqs;
