package org.audienceactivation.governance;

import java.util.List;
import java.util.stream.Stream;

/**
 * A node of the tree that says why. It shows what the profile answers to questions of consent, and
 * of every other value only its type.
 *
 * @param what the question, rule or step
 * @param result what it comes to
 * @param because where the answer stands, and what it is
 */
public record Explanation(String what, Result result, String because, List<Explanation> parts) {

  /** What a node comes to. */
  public enum Result {
    /** Nothing is against it. */
    PASSES("passes"),
    /** It must not be sent. */
    WITHHOLDS("withholds"),
    /** A part of it must not be sent. */
    WITHHOLDS_A_PART("withholds a part"),
    /** The rule is not for this destination, or not enforced. */
    DOES_NOT_APPLY("does not apply");

    private final String word;

    Result(String word) {
      this.word = word;
    }

    /** For people, and in the JSON form. */
    public String word() {
      return word;
    }
  }

  public Explanation {
    parts = List.copyOf(parts);
  }

  public static Explanation of(String what, Result result, String because) {
    return new Explanation(what, result, because, List.of());
  }

  static Explanation of(String what, Finding finding, String seen) {
    return of(
        what,
        finding.refuses() ? Result.WITHHOLDS : Result.PASSES,
        finding.path() + ": " + (seen.isEmpty() ? finding.answer() : seen));
  }

  /** This node and all below it. */
  public Stream<Explanation> flattened() {
    return Stream.concat(Stream.of(this), parts.stream().flatMap(Explanation::flattened));
  }
}
