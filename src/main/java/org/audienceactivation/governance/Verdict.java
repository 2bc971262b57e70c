package org.audienceactivation.governance;

import java.util.List;

/**
 * What labels and policies say of one destination. It depends on configuration alone.
 *
 * @param neverLeaving what carries C12, which is left out however policies are enforced
 * @param violations by policy; what carries C12 has no part in them
 */
public record Verdict(List<Evidence> neverLeaving, List<Violation> violations) {

  public Verdict {
    neverLeaving = List.copyOf(neverLeaving);
    violations = List.copyOf(violations);
  }
}
