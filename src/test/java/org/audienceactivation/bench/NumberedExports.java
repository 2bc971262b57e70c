package org.audienceactivation.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Exports whose profiles are numbered in the order of the files, so that the events tell what
 * arrived and when. Keys come again: what one key's events say of the order is their numbers.
 *
 * @param profiles how many there are, numbered from 0
 * @param broken lines between them that are no JSON, numbered from 0 as well
 * @param perKey how often a key comes on average
 */
record NumberedExports(int profiles, int broken, int perKey) {

  private static final int NUMBER_DIGITS = 9;
  private static final String BROKEN_LINE = "{\"broken\":";

  private static final String PROFILE =
      """
      {"person":{"email":"%1$s"},"identityMap":{"ecid":[{"id":"%2$s"}]},\
      "segmentMembership":{"ups":{"7841ba61-23c1-4bb3-a495-00d3g5fe1e93":\
      {"status":"realized","lastQualificationTime":"2026-01-02T03:04:05Z"}}},\
      "consents":{"share":{"val":"y"}},"padding":"%3$s"}
      """;

  private static final String EVENT =
      """
      {"person":{"email":"%1$s"},"segmentMembership":{"ups":\
      {"7841ba61-23c1-4bb3-a495-00d3g5fe1e93":\
      {"lastQualificationTime":"2026-01-02T03:04:05Z","status":"realized"}}},\
      "identityMap":{"ecid":[{"id":"%2$s"}]}}""";

  private static final String PADDING = "-".repeat(280);

  /** Writes them into so many files, whose names are in the order of the numbers. */
  void write(Path folder, int files) throws IOException {
    Files.createDirectories(folder);
    for (int file = 0; file < files; file++) {
      try (BufferedWriter out =
          Files.newBufferedWriter(folder.resolve("export-%03d.ndjson".formatted(file)))) {
        for (int i = part(profiles, file, files); i < part(profiles, file + 1, files); i++) {
          out.write(PROFILE.formatted(email(i), key(i), PADDING));
        }
        for (int i = part(broken, file, files); i < part(broken, file + 1, files); i++) {
          out.write(BROKEN_LINE + i + "\n");
        }
      }
    }
  }

  private static int part(int all, int number, int parts) {
    return (int) ((long) all * number / parts);
  }

  int keys() {
    return Math.max(1, profiles / perKey);
  }

  /** Which of the keys the profile has. Spread without a pattern, and the same every time. */
  int keyOf(int number) {
    long mixed = number * 0x9E3779B97F4A7C15L;
    return (int) ((mixed ^ (mixed >>> 32)) & Integer.MAX_VALUE) % keys();
  }

  private String key(int number) {
    return "key-" + keyOf(number);
  }

  private static String email(int number) {
    return "%09d@example.com".formatted(number);
  }

  /**
   * The number of the profile whose event these bytes are; −1 if they are the event of none.
   *
   * @param partitionKey must be that of the profile, too
   */
  int numberOf(String partitionKey, byte[] data) {
    String event = new String(data, StandardCharsets.UTF_8);
    int start = event.indexOf("\"email\":\"") + "\"email\":\"".length();
    if (start + NUMBER_DIGITS > event.length()) {
      return -1;
    }
    String digits = event.substring(start, start + NUMBER_DIGITS);
    int number = digits.chars().allMatch(Character::isDigit) ? Integer.parseInt(digits) : -1;
    boolean isOurs =
        number >= 0
            && number < profiles
            && partitionKey.equals(key(number))
            && event.equals(EVENT.formatted(email(number), key(number)));
    return isOurs ? number : -1;
  }

  /** The number of the broken line that this is; −1 if it is none. */
  int brokenNumberOf(String line) {
    return line.matches("\\{\"broken\":\\d{1,9}")
        ? Integer.parseInt(line.substring(BROKEN_LINE.length()))
        : -1;
  }
}
