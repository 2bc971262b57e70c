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
          .optionalStart()
          .appendOffset("+HHmm", "Z")
          .optionalEnd()
          .optionalStart()
          .appendOffset("+HH", "Z")
          .optionalEnd()
          .toFormatter(Locale.ROOT);

  private LenientTime() {}

  /** The moment, or empty for a text that is none; no text makes this throw. */
  public static Optional<Instant> parse(String text) {
    String stripped = text.strip();
    boolean hasSpace = stripped.length() > 10 && stripped.charAt(10) == ' ';
    String joined = hasSpace ? stripped.substring(0, 10) + 'T' + stripped.substring(11) : stripped;
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
}
