package org.audienceactivation.sample;

/**
 * Telephone numbers that belong to nobody: the ranges that numbering authorities keep for fiction
 * (the North American 555-01xx, and those of Ofcom, Arcep, Bundesnetzagentur and PTS).
 */
enum PhoneRange {
  NORTH_AMERICAN("+1 212 555 01##", "(212) 555-01##"),
  BRITISH("+44 7700 900###", "07700 900###"),
  FRENCH("+33 6 39 98 ## ##", "06 39 98 ## ##"),
  GERMAN("+49 171 39200##", "0171 39200##"),
  SWEDISH("+46 70 174 06 #5", "070-174 06 #5");

  private static final int PLACES = 4;

  private final String international;
  private final String national;

  PhoneRange(String international, String national) {
    this.international = international;
    this.national = national;
  }

  Phone draw(Dice dice) {
    String digits = dice.digits(PLACES);
    String printed = fill(international, digits);
    return new Phone(printed.replace(" ", ""), printed, fill(national, digits));
  }

  private static String fill(String pattern, String digits) {
    StringBuilder number = new StringBuilder(pattern);
    int used = 0;
    for (int i = pattern.indexOf('#'); i >= 0; i = pattern.indexOf('#', i + 1)) {
      number.setCharAt(i, digits.charAt(used++));
    }
    return number.toString();
  }

  /** One number in the ways in which people write it. */
  record Phone(String e164, String international, String national) {}
}
