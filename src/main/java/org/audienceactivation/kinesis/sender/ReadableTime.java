package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A time as users write it in options: 1h30m, 5s, 100ms. */
final class ReadableTime {

  private ReadableTime() {}

  /** To the millisecond; never empty. */
  static String of(Duration time) {
    if (time.isNegative()) {
      return "-" + of(time.negated());
    }
    String parts =
        Stream.of(
                part(time.toDaysPart(), "d"),
                part(time.toHoursPart(), "h"),
                part(time.toMinutesPart(), "m"),
                part(time.toSecondsPart(), "s"),
                part(time.toMillisPart(), "ms"))
            .collect(Collectors.joining());
    return parts.isEmpty() ? "0" : parts;
  }

  private static String part(long value, String unit) {
    return value == 0 ? "" : value + unit;
  }
}
