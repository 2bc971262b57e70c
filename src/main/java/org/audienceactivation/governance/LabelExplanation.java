package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.governance.Explanation.Result;
import org.audienceactivation.profile.Profile;

/**
 * What labels and the policies for them do to one profile: a node for C12, if anything carries it,
 * and one for every policy, also for those that leave everything as it is.
 */
final class LabelExplanation {

  private final Verdict verdict;
  private final List<Withheld> enforced;
  private final List<Withheld> watched;
  private final List<Withheld> found = new ArrayList<>();
  private final Optional<Finding> excludes;
  private final Optional<Finding> wouldExclude;

  private LabelExplanation(
      Verdict verdict, Restrictions enforced, Restrictions watched, Profile profile) {
    this.verdict = verdict;
    this.enforced = enforced.parts();
    this.watched = watched.parts();
    Restrictions.Remainder remainder = enforced.of(profile);
    this.found.addAll(remainder.withheld());
    this.excludes = remainder.leavesNothing();
    Restrictions.Remainder would = watched.of(remainder.profile());
    this.wouldExclude = excludes.isPresent() ? Optional.empty() : would.leavesNothing();
    if (excludes.isEmpty()) {
      this.found.addAll(would.withheld());
    }
  }

  /**
   * The nodes, in the order of the policies.
   *
   * @param profile what consents have left of it
   */
  static List<Explanation> of(
      Verdict verdict, Restrictions enforced, Restrictions watched, Profile profile) {
    return new LabelExplanation(verdict, enforced, watched, profile).nodes();
  }

  private List<Explanation> nodes() {
    List<Explanation> nodes = new ArrayList<>();
    if (!verdict.neverLeaving().isEmpty()) {
      String id = CoreLabel.C12.label();
      nodes.add(node("label " + id, id, "leaves no destination", Optional.empty()));
    }
    for (Violation violation : verdict.violations()) {
      Policy policy = violation.policy();
      nodes.add(
          node(
              title(policy),
              policy.id(),
              violation.prohibition(),
              Optional.of(Explanation.Rule.of(policy))));
    }
    verdict.unbroken().forEach(one -> nodes.add(explain(one)));
    return nodes;
  }

  private static String title(Policy policy) {
    return "policy " + policy.id() + ", version " + policy.version();
  }

  /** A rule that something of the destination breaks, and what it comes to for the profile. */
  private Explanation node(String what, String id, String says, Optional<Explanation.Rule> rule) {
    List<Explanation> parts = parts(id);
    String because = says + consequence(id);
    return new Explanation(what, result(id), because, parts, rule, List.of());
  }

  private List<Explanation> parts(String id) {
    List<Explanation> parts = new ArrayList<>();
    for (Withheld cut : ofPolicy(enforced, id)) {
      parts.add(explain(cut, Result.WITHHOLDS_A_PART, "is left out"));
    }
    for (Withheld cut : ofPolicy(watched, id)) {
      parts.add(explain(cut, Result.DOES_NOT_APPLY, "would be left out, and is only audited"));
    }
    return parts;
  }

  private Result result(String id) {
    if (isOf(id, excludes)) {
      return Result.WITHHOLDS;
    }
    if (finds(enforced, id)) {
      return Result.WITHHOLDS_A_PART;
    }
    return finds(watched, id) ? Result.DOES_NOT_APPLY : Result.PASSES;
  }

  private String consequence(String id) {
    if (isOf(id, excludes)) {
      return "; no identity, or no audience of the destination, is left";
    }
    if (finds(enforced, id)) {
      return "";
    }
    if (isOf(id, wouldExclude)) {
      return "; it is only audited, and would exclude the profile, "
          + wouldExclude.orElseThrow().reason().label();
    }
    return finds(watched, id) ? "; it is only audited" : "; there is nothing to leave out";
  }

  private static boolean isOf(String id, Optional<Finding> why) {
    return why.filter(finding -> finding.policy().id().equals(id)).isPresent();
  }

  private boolean finds(List<Withheld> parts, String id) {
    return ofPolicy(parts, id).stream().anyMatch(found::contains);
  }

  private static List<Withheld> ofPolicy(List<Withheld> parts, String id) {
    return parts.stream().filter(one -> one.policy().id().equals(id)).toList();
  }

  private Explanation explain(Withheld cut, Result result, String what) {
    boolean isThere = found.contains(cut);
    String because = isThere ? what : "the profile has none, or it is gone with another part";
    return new Explanation(
        cut.part().toString(),
        isThere ? result : Result.PASSES,
        because + "; " + cut.because(),
        List.of(),
        Optional.empty(),
        cut.evidence());
  }

  private static Explanation explain(Verdict.Unbroken unbroken) {
    Policy policy = unbroken.policy();
    Explanation.Rule rule = Explanation.Rule.of(policy);
    String actions = String.join(", ", rule.marketingActions());
    String says =
        switch (unbroken.why()) {
          case HOLDS ->
              "holds: nothing that is sent carries " + policy.deny() + ", and it is for " + actions;
          case OTHER_ACTIONS -> "is for " + actions + ", which the destination does not name";
          case NOT_ENABLED -> "its status is " + policy.status();
        };
    return new Explanation(
        title(policy),
        unbroken.why() == Verdict.Why.HOLDS ? Result.PASSES : Result.DOES_NOT_APPLY,
        says + " (" + policy.place() + ")",
        List.of(),
        Optional.of(rule),
        List.of());
  }
}
