package org.audienceactivation.governance;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * That a part of what leaves carries a label, and why.
 *
 * @param inherited from where the label comes, if it does not stand on the part itself; else empty
 * @param place where somebody put it
 */
public record Evidence(Part part, String label, String inherited, Place place) {

  private static final int MOST_NAMED = 10;

  /** Several in words; only the first, if there are many. */
  public static String inWords(List<Evidence> all) {
    return inWords(all, Optional.empty());
  }

  /** Several as a sentence about one part, which is called "it". */
  static String inWords(List<Evidence> all, Part it) {
    return inWords(all, Optional.of(it));
  }

  private static String inWords(List<Evidence> all, Optional<Part> it) {
    String first =
        all.stream()
            .limit(MOST_NAMED)
            .map(one -> (it.equals(Optional.of(one.part)) ? "it" : one.part) + one.carries())
            .collect(Collectors.joining(", "));
    int more = all.size() - MOST_NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }

  @Override
  public String toString() {
    return part + carries();
  }

  private String carries() {
    String from = inherited.isEmpty() ? "" : "inherited from " + inherited + ", ";
    return " carries " + label + " (" + from + place + ")";
  }
}
