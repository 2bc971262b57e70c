package org.audienceactivation.governance;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * That a destination would break a policy.
 *
 * @param marketingActions those of the destination that the policy speaks of, in its order
 * @param lineage which parts carry the labels that break it
 * @param leftOut the smallest set of parts without which it would hold
 */
public record Violation(
    Policy policy, List<String> marketingActions, List<Evidence> lineage, List<Part> leftOut) {

  public Violation {
    marketingActions = List.copyOf(marketingActions);
    lineage = List.copyOf(lineage);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Why a part is left out: the labels on it, and, where these alone are not forbidden, those
   * beside which it would go out.
   */
  List<Evidence> evidenceOf(Part part) {
    List<Evidence> own = lineage.stream().filter(one -> one.part().liesWithin(part)).toList();
    Set<String> carried = own.stream().map(Evidence::label).collect(Collectors.toSet());
    if (policy.deny().matches(carried)) {
      return own;
    }
    Stream<Evidence> beside =
        lineage.stream()
            .filter(one -> !carried.contains(one.label()))
            .filter(one -> !(part.isOfAudiences() && one.part().isOfAudiences()))
            // what is forbidden alone needs no company
            .filter(one -> own.isEmpty() || !policy.deny().matches(Set.of(one.label())));
    return Stream.concat(own.stream(), beside).toList();
  }

  /** What the policy says, and where: which uses it forbids of which labels. */
  String prohibition() {
    return "forbids "
        + String.join(" and ", marketingActions)
        + " of what carries "
        + policy.deny()
        + " ("
        + policy.place()
        + ")";
  }
}
