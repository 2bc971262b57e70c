package org.audienceactivation.sample;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Points in time, in every spelling that exports are seen to have. */
final class Moments {
  private static final long START_OF_2023 = 1_672_531_200L;
  private static final int THREE_YEARS_OF_SECONDS = 3 * 365 * 86_400;

  private Moments() {}

  static String draw(Dice dice) {
    LocalDateTime moment =
        LocalDateTime.ofEpochSecond(
            START_OF_2023 + dice.below(THREE_YEARS_OF_SECONDS), 0, ZoneOffset.UTC);
    return switch (dice.below(10)) {
      case 0 -> spell(moment, 'T', "+0000");
      case 1 -> spell(moment, 'T', ".000+0000");
      case 2 -> spell(moment, 'T', "+00:00");
      case 3 -> spell(moment, ' ', "");
      default -> spell(moment, 'T', "Z");
    };
  }

  private static String spell(LocalDateTime moment, char separator, String zone) {
    StringBuilder text = new StringBuilder(28).append(moment.getYear());
    twoDigits(text.append('-'), moment.getMonthValue());
    twoDigits(text.append('-'), moment.getDayOfMonth());
    twoDigits(text.append(separator), moment.getHour());
    twoDigits(text.append(':'), moment.getMinute());
    twoDigits(text.append(':'), moment.getSecond());
    return text.append(zone).toString();
  }

  /** A day of birth, as XDM wants it. */
  static String birthDate(Dice dice) {
    StringBuilder text = new StringBuilder(10).append(1940 + dice.below(67));
    twoDigits(text.append('-'), 1 + dice.below(12));
    twoDigits(text.append('-'), 1 + dice.below(28));
    return text.toString();
  }

  private static void twoDigits(StringBuilder text, int number) {
    text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
  }
}
