package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;

class HealthLogTest {

  private final Lines lines = new Lines();

  @BeforeEach
  void attach() {
    lines.start();
    LoggerContext.getContext(false)
        .getConfiguration()
        .getRootLogger()
        .addAppender(lines, null, null);
  }

  @AfterEach
  void detach() {
    LoggerContext.getContext(false).getConfiguration().getRootLogger().removeAppender("lines");
    lines.stop();
  }

  @Test
  void a_skewed_stream_is_one_warning_with_stream_region_key_and_remedy() {
    try (KinesisClient client = KinesisClient.builder().region(Region.EU_WEST_1).build()) {
      new HealthLog("events", client).skewed(new LongLine("0123456789ab", 1_234, 0.2));
    }

    assertThat(lines.warnings)
        .containsExactly(
            "Kinesis stream events in eu-west-1 is held back by one partition key (SHA-256"
                + " 0123456789ab…) with 1,234 records in line: to stay in order they go one at a"
                + " time, less than one a second. Give the records keys of their own, or set order"
                + " to none");
  }

  private static final class Lines extends AbstractAppender {
    private final List<String> warnings = new CopyOnWriteArrayList<>();

    Lines() {
      super("lines", null, null, true, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      boolean isOurs = event.getLoggerName().equals(KinesisSender.class.getName());
      if (isOurs && event.getLevel().equals(Level.WARN)) {
        warnings.add(event.getMessage().getFormattedMessage());
      }
    }
  }
}
