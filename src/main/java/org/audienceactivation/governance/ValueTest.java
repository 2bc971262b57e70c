package org.audienceactivation.governance;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.audienceactivation.profile.JsonValue;

/**
 * What a condition asks of one value. A value that is there but has another type than the condition
 * compares with satisfies nothing, {@code notEquals} neither: it fails closed. A missing value
 * satisfies {@code notEquals}, as it does where these rules come from: who has not said no to
 * something that is on unless refused has consented implicitly.
 */
sealed interface ValueTest {

  /** Of {@code 2026-01-31}; what is longer must be a moment. */
  int LENGTH_OF_DAY = 10;

  boolean accepts(JsonValue value);

  /** The value is there, or is not. */
  record Exists(boolean wanted) implements ValueTest {
    @Override
    public boolean accepts(JsonValue value) {
      return wanted == (value != JsonValue.Null.NULL);
    }

    @Override
    public String toString() {
      return wanted ? "exists" : "does not exist";
    }
  }

  /** The value is this one. */
  record Equals(Operand operand) implements ValueTest {
    @Override
    public boolean accepts(JsonValue value) {
      return operand.likenessOf(value) == Likeness.EQUAL;
    }

    @Override
    public String toString() {
      return "= " + operand;
    }
  }

  /** The value is not this one, or missing. */
  record NotEquals(Operand operand) implements ValueTest {
    @Override
    public boolean accepts(JsonValue value) {
      return value == JsonValue.Null.NULL || operand.likenessOf(value) == Likeness.OTHER;
    }

    @Override
    public String toString() {
      return "\u2260 " + operand;
    }
  }

  /** The value is a larger number. */
  record GreaterThan(BigDecimal limit) implements ValueTest {
    @Override
    public boolean accepts(JsonValue value) {
      return numberOf(value).filter(number -> number.compareTo(limit) > 0).isPresent();
    }

    @Override
    public String toString() {
      return "> " + limit;
    }
  }

  /** The value is a smaller number. */
  record LessThan(BigDecimal limit) implements ValueTest {
    @Override
    public boolean accepts(JsonValue value) {
      return numberOf(value).filter(number -> number.compareTo(limit) < 0).isPresent();
    }

    @Override
    public String toString() {
      return "< " + limit;
    }
  }

  /** The value is an array with this in it. */
  record Contains(Operand operand) implements ValueTest {
    @Override
    public boolean accepts(JsonValue value) {
      if (!(value instanceof JsonValue.Arr array)) {
        return false;
      }
      for (JsonValue item : array.items()) {
        if (operand.likenessOf(item) == Likeness.EQUAL) {
          return true;
        }
      }
      return false;
    }

    @Override
    public String toString() {
      return "contains " + operand;
    }
  }

  /** How a value compares with an operand. */
  enum Likeness {
    EQUAL,
    OTHER,
    /** It is of another type. */
    INCOMPARABLE;

    static Likeness of(boolean isEqual) {
      return isEqual ? EQUAL : OTHER;
    }

    /** Of what could be read as the operand's type, or not. */
    static <T> Likeness of(Optional<T> read, T wanted) {
      return read.isPresent() ? of(read.get().equals(wanted)) : INCOMPARABLE;
    }
  }

  /** What a value is compared with. */
  sealed interface Operand {

    Likeness likenessOf(JsonValue value);

    /** A text; upper and lower case differ. */
    record Text(String text) implements Operand {
      @Override
      public Likeness likenessOf(JsonValue value) {
        return value instanceof JsonValue.Text other
            ? Likeness.of(other.value().equals(text))
            : Likeness.INCOMPARABLE;
      }

      @Override
      public String toString() {
        return '"' + text + '"';
      }
    }

    /** A number, however it is spelled. */
    record Numeral(BigDecimal number) implements Operand {
      @Override
      public Likeness likenessOf(JsonValue value) {
        Optional<BigDecimal> other = numberOf(value);
        return other.isPresent()
            ? Likeness.of(other.get().compareTo(number) == 0)
            : Likeness.INCOMPARABLE;
      }

      @Override
      public String toString() {
        return number.toString();
      }
    }

    /** True or false. */
    record Truth(boolean truth) implements Operand {
      @Override
      public Likeness likenessOf(JsonValue value) {
        return value instanceof JsonValue.Bool bool
            ? Likeness.of((bool == JsonValue.Bool.TRUE) == truth)
            : Likeness.INCOMPARABLE;
      }

      @Override
      public String toString() {
        return Boolean.toString(truth);
      }
    }

    /** A day; of a moment that which its own offset makes it. */
    record Day(LocalDate day) implements Operand {
      @Override
      public Likeness likenessOf(JsonValue value) {
        return value instanceof JsonValue.Text text
            ? Likeness.of(dayOf(text.value()), day)
            : Likeness.INCOMPARABLE;
      }

      @Override
      public String toString() {
        return day.toString();
      }
    }

    /** A moment; a day is none. */
    record Moment(Instant moment) implements Operand {
      @Override
      public Likeness likenessOf(JsonValue value) {
        return value instanceof JsonValue.Text text
            ? Likeness.of(momentOf(text.value()).map(OffsetDateTime::toInstant), moment)
            : Likeness.INCOMPARABLE;
      }

      @Override
      public String toString() {
        return moment.toString();
      }
    }

    /** The operand of a date as somebody wrote it; empty if it is none. */
    static Optional<Operand> date(String text) {
      Optional<OffsetDateTime> moment = momentOf(text);
      return moment.isPresent()
          ? Optional.of(new Moment(moment.get().toInstant()))
          : dayOf(text).map(Day::new);
    }
  }

  /** Empty also for a number with an exponent that no computer can hold. */
  private static Optional<BigDecimal> numberOf(JsonValue value) {
    try {
      return value instanceof JsonValue.Num number
          ? Optional.of(new BigDecimal(number.source()))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<LocalDate> dayOf(String text) {
    if (text.length() > LENGTH_OF_DAY) {
      return momentOf(text).map(OffsetDateTime::toLocalDate);
    }
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<OffsetDateTime> momentOf(String text) {
    if (text.length() <= LENGTH_OF_DAY) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(withColon(text)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Offsets come with and without their colon: {@code +0100}. */
  private static String withColon(String text) {
    int sign = text.length() - 5;
    boolean isWithout = text.charAt(sign) == '+' || text.charAt(sign) == '-';
    int minutes = text.length() - 2;
    return isWithout ? text.substring(0, minutes) + ":" + text.substring(minutes) : text;
  }
}
