package org.audienceactivation.governance;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A node of the tree that says why. It shows what the profile answers to questions of consent, and
 * of every other value only its type.
 *
 * @param what the question, rule or step
 * @param result what it comes to
 * @param because where the answer stands, and what it is
 * @param rule the policy for labels that the node is about
 * @param labels why the part that the node is about is left out
 */
public record Explanation(
    String what,
    Result result,
    String because,
    List<Explanation> parts,
    Optional<Rule> rule,
    List<Evidence> labels) {

  /**
   * What a policy for labels says.
   *
   * @param place where it is written
   * @param deny the labels, joined by AND and OR
   */
  public record Rule(PolicyRef policy, Place place, List<String> marketingActions, String deny) {

    public Rule {
      marketingActions = List.copyOf(marketingActions);
    }

    static Rule of(Policy policy) {
      return new Rule(
          new PolicyRef(policy.id(), policy.version()),
          policy.place(),
          policy.marketingActions().stream().sorted().toList(),
          policy.deny().toString());
    }
  }

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
    labels = List.copyOf(labels);
  }

  public Explanation(String what, Result result, String because, List<Explanation> parts) {
    this(what, result, because, parts, Optional.empty(), List.of());
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
