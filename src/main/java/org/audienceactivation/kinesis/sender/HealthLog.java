package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** Tells the operator in the log: what is held up, where, why, and what waits or mends it. */
final class HealthLog implements OperatorLog {

  private static final Logger LOG = LoggerFactory.getLogger(KinesisSender.class);

  private final String stream;
  private final String region;

  HealthLog(String stream, KinesisClient client) {
    this.stream = stream;
    this.region = region(client);
  }

  @Override
  public void blocked(Failure cause, long downNanos, int waitingRecords) {
    LOG.warn(
        "Kinesis stream {} in {} takes nothing{}: {} ({}). {} records wait and are sent when it does",
        stream,
        region,
        since(downNanos),
        cause.code(),
        cause.message(),
        waitingRecords);
  }

  private static String since(long nanos) {
    long seconds = Duration.ofNanos(nanos).toSeconds();
    return seconds == 0 ? "" : ", for %d s now".formatted(seconds);
  }

  @Override
  public void recovered(long downNanos, int waitingRecords) {
    LOG.info(
        "Kinesis stream {} in {} takes records again, after {} s. {} records wait",
        stream,
        region,
        Duration.ofNanos(downNanos).toSeconds(),
        waitingRecords);
  }

  @Override
  public void skewed(Bottleneck bottleneck) {
    LOG.warn(
        "Kinesis stream {} in {} is held back by {}", stream, region, bottleneck.description());
  }

  private static String region(KinesisClient client) {
    try {
      return client.serviceClientConfiguration().region().id();
    } catch (UnsupportedOperationException | NullPointerException decorated) {
      return "a region that its client does not tell";
    }
  }
}
