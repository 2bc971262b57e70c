package org.audienceactivation.route;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** The names that somebody may have meant who wrote one that does not exist. */
final class Nearest {
  /** So many names are shown in full; of more, only those nearest to what was written. */
  private static final int SHOWN_IN_FULL = 12;

  private static final int SHOWN_OF_MANY = 5;

  private Nearest() {}

  /** What follows after "what is wrong" in a message: the allowed names, or the nearest of them. */
  static String allowed(String written, Collection<String> names) {
    List<String> sorted = names.stream().distinct().sorted().toList();
    if (sorted.isEmpty()) {
      return "there is none";
    }
    if (sorted.size() <= SHOWN_IN_FULL) {
      return "allowed: " + String.join(", ", sorted);
    }
    List<String> nearest =
        sorted.stream()
            .sorted(Comparator.comparingInt(name -> distance(written, name)))
            .limit(SHOWN_OF_MANY)
            .toList();
    return "nearest of " + sorted.size() + " allowed: " + String.join(", ", nearest);
  }

  /** Levenshtein's distance, without regard to case. */
  private static int distance(String one, String other) {
    String a = one.toLowerCase(Locale.ROOT);
    String b = other.toLowerCase(Locale.ROOT);
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
