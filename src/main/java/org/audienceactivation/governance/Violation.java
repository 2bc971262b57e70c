package org.audienceactivation.governance;

import java.util.List;

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
}
