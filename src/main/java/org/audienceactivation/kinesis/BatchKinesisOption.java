package org.audienceactivation.kinesis;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.component.PropertyConfigurerSupport;
import org.apache.camel.util.TimeUtils;
import org.audienceactivation.kinesis.sender.DeliveryOrder;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;

/**
 * The options that we have beside those of {@code aws2-kinesis}, declared once for the component's
 * and the endpoint's configurer and for the URI factory.
 *
 * <p>Camel's own binding takes {@code 10s} for a plain number and makes 10000 of it, and {@code 5
 * bananas} for no time at all; here a value that is not what the option asks for is an error.
 */
record BatchKinesisOption<T>(
    String name,
    Class<T> type,
    Function<BatchKinesisConfiguration, T> getter,
    BiConsumer<BatchKinesisConfiguration, T> setter) {

  private static final Pattern CAMEL_DURATION =
      Pattern.compile("(?i)\\d+|(\\d+d)?\\s*(\\d+h)?\\s*(\\d+m)?\\s*(\\d+s)?\\s*(\\d+ms)?");

  static final List<BatchKinesisOption<?>> ALL =
      List.of(
          duration(
              "retryFor",
              BatchKinesisConfiguration::getRetryFor,
              BatchKinesisConfiguration::setRetryFor),
          number(
              "maxAttempts",
              BatchKinesisConfiguration::getMaxAttempts,
              BatchKinesisConfiguration::setMaxAttempts),
          duration(
              "backoffMin",
              BatchKinesisConfiguration::getBackoffMin,
              BatchKinesisConfiguration::setBackoffMin),
          duration(
              "backoffMax",
              BatchKinesisConfiguration::getBackoffMax,
              BatchKinesisConfiguration::setBackoffMax),
          number(
              "callsInFlight",
              BatchKinesisConfiguration::getCallsInFlight,
              BatchKinesisConfiguration::setCallsInFlight),
          number(
              "maxRecordBytes",
              BatchKinesisConfiguration::getMaxRecordBytes,
              BatchKinesisConfiguration::setMaxRecordBytes),
          number(
              "maxCallBytes",
              BatchKinesisConfiguration::getMaxCallBytes,
              BatchKinesisConfiguration::setMaxCallBytes),
          number(
              "maxRecordsPerCall",
              BatchKinesisConfiguration::getMaxRecordsPerCall,
              BatchKinesisConfiguration::setMaxRecordsPerCall),
          new BatchKinesisOption<>(
              "order",
              DeliveryOrder.class,
              BatchKinesisConfiguration::getOrder,
              BatchKinesisConfiguration::setOrder),
          number(
              "maxBufferedBytes",
              BatchKinesisConfiguration::getMaxBufferedBytes,
              BatchKinesisConfiguration::setMaxBufferedBytes),
          duration(
              "closeWithin",
              BatchKinesisConfiguration::getCloseWithin,
              BatchKinesisConfiguration::setCloseWithin),
          text(
              "roleArn",
              BatchKinesisConfiguration::getRoleArn,
              BatchKinesisConfiguration::setRoleArn),
          text(
              "roleExternalId",
              BatchKinesisConfiguration::getRoleExternalId,
              BatchKinesisConfiguration::setRoleExternalId),
          text(
              "roleSessionName",
              BatchKinesisConfiguration::getRoleSessionName,
              BatchKinesisConfiguration::setRoleSessionName),
          new BatchKinesisOption<>(
              "fipsEndpoint",
              Boolean.class,
              BatchKinesisConfiguration::isFipsEndpoint,
              BatchKinesisConfiguration::setFipsEndpoint),
          new BatchKinesisOption<>(
              "dualStackEndpoint",
              Boolean.class,
              BatchKinesisConfiguration::isDualStackEndpoint,
              BatchKinesisConfiguration::setDualStackEndpoint),
          duration(
              "callTimeout",
              BatchKinesisConfiguration::getCallTimeout,
              BatchKinesisConfiguration::setCallTimeout),
          new BatchKinesisOption<>(
              "clientSettings",
              KinesisClientSettings.class,
              BatchKinesisConfiguration::getClientSettings,
              BatchKinesisConfiguration::setClientSettings));

  /** The option of this name, in any spelling that Camel takes: retryFor, retryfor, retry-for. */
  static Optional<BatchKinesisOption<?>> named(String name) {
    return ALL.stream().filter(option -> plain(option.name).equals(plain(name))).findFirst();
  }

  static String plain(String name) {
    return name.replace("-", "").toLowerCase(Locale.ROOT);
  }

  /**
   * Converts and sets the value.
   *
   * @throws IllegalArgumentException naming the option, the value and what is expected
   */
  void set(CamelContext context, BatchKinesisConfiguration configuration, Object value) {
    setter.accept(configuration, type.cast(converted(context, value)));
  }

  Object get(BatchKinesisConfiguration configuration) {
    return getter.apply(configuration);
  }

  private Object converted(CamelContext context, Object value) {
    if (value instanceof String text && type == Duration.class) {
      return duration(text.trim());
    }
    if (value instanceof String text && type == Integer.class) {
      return integer(text.trim());
    }
    if (value instanceof String text && type == DeliveryOrder.class) {
      return order(text.trim());
    }
    if (value instanceof String text
        && type == KinesisClientSettings.class
        && !text.startsWith("#")) {
      throw new IllegalArgumentException(
          "%s is '%s'; expected is a reference to a KinesisClientSettings bean, such as #myClient"
              .formatted(name, text));
    }
    return PropertyConfigurerSupport.property(context, type, value);
  }

  /**
   * Checks an option of Camel's own whose values Camel would refuse without saying what is allowed.
   */
  static void requireKnown(String name, Object value) {
    if (plain(name).equals("proxyprotocol")
        && value instanceof String text
        && !text.equalsIgnoreCase("http")
        && !text.equalsIgnoreCase("https")) {
      throw new IllegalArgumentException(
          "%s is '%s'; expected is HTTP or HTTPS".formatted(name, text));
    }
  }

  private static DeliveryOrder order(String text) {
    return switch (plain(text)) {
      case "perkey" -> DeliveryOrder.PER_KEY;
      case "latestwins" -> DeliveryOrder.LATEST_WINS;
      case "none" -> DeliveryOrder.NONE;
      default ->
          throw new IllegalArgumentException(
              "order is '%s'; expected is perKey, latestWins or none".formatted(text));
    };
  }

  private Duration duration(String text) {
    try {
      if (text.startsWith("P")) {
        return Duration.parse(text);
      }
      if (!text.isEmpty() && CAMEL_DURATION.matcher(text).matches()) {
        return Duration.ofMillis(TimeUtils.toMilliSeconds(text));
      }
    } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
      throw notATime(text, e);
    }
    throw notATime(text, null);
  }

  private IllegalArgumentException notATime(String text, RuntimeException cause) {
    return new IllegalArgumentException(
        "%s is '%s'; expected is a time such as 100ms, 5s or 1h30m".formatted(name, text), cause);
  }

  private Integer integer(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "%s is '%s'; expected is a whole number".formatted(name, text), e);
    }
  }

  private static BatchKinesisOption<Duration> duration(
      String name,
      Function<BatchKinesisConfiguration, Duration> getter,
      BiConsumer<BatchKinesisConfiguration, Duration> setter) {
    return new BatchKinesisOption<>(name, Duration.class, getter, setter);
  }

  private static BatchKinesisOption<Integer> number(
      String name,
      Function<BatchKinesisConfiguration, Integer> getter,
      BiConsumer<BatchKinesisConfiguration, Integer> setter) {
    return new BatchKinesisOption<>(name, Integer.class, getter, setter);
  }

  private static BatchKinesisOption<String> text(
      String name,
      Function<BatchKinesisConfiguration, String> getter,
      BiConsumer<BatchKinesisConfiguration, String> setter) {
    return new BatchKinesisOption<>(name, String.class, getter, setter);
  }
}
