package org.audienceactivation.profile;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the spellings of a moment that exports have for {@code lastQualificationTime} (domain.md
 * §4.3): with {@code Z}, {@code +00:00}, {@code +0000} or no offset, which is UTC; with {@code T}
 * or a space; with or without fractions of a second.
 */
public final class LenientTime {

  private static final DateTimeFormatter LENIENT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  /** An offset behind the seconds, whose minutes have no colon or are not there. */
  private static final Pattern SHORT_OFFSET = Pattern.compile("([+-]\\d\\d)(\\d\\d)?$");

  /** A date, T and hours with minutes. */
  private static final int SHORTEST = 16;

  private LenientTime() {}

  /** The moment, or empty for a text that is none; no text makes this throw. */
  public static Optional<Instant> parse(String text) {
    String stripped = text.strip();
    if (stripped.length() < SHORTEST) {
      return Optional.empty();
    }
    String time = withColon(stripped.substring(11));
    String joined = stripped.substring(0, 10) + stripped.substring(10, 11).replace(' ', 'T') + time;
    try {
      TemporalAccessor read = LENIENT.parseBest(joined, OffsetDateTime::from, LocalDateTime::from);
      return Optional.of(
          read instanceof OffsetDateTime withOffset
              ? withOffset.toInstant()
              : ((LocalDateTime) read).toInstant(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static String withColon(String time) {
    Matcher offset = SHORT_OFFSET.matcher(time);
    return offset.find()
        ? time.substring(0, offset.start(1))
            + offset.group(1)
            + ":"
            + Optional.ofNullable(offset.group(2)).orElse("00")
        : time;
  }
}
