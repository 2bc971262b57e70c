package org.audienceactivation.governance;

import java.util.List;

/**
 * What labels and policies say of one destination. It depends on configuration alone.
 *
 * @param neverLeaving what carries C12, which is left out however policies are enforced
 * @param violations by policy; what carries C12 has no part in them
 * @param unbroken the other policies, and why each of them forbids nothing here
 */
public record Verdict(
    List<Evidence> neverLeaving, List<Violation> violations, List<Unbroken> unbroken) {

  /** Nothing is labelled, and there is no policy. */
  static final Verdict NOTHING = new Verdict(List.of(), List.of(), List.of());

  /** A policy that forbids nothing of what the destination sends. */
  public record Unbroken(Policy policy, Why why) {}

  /** Why a policy forbids nothing. */
  public enum Why {
    /** Nothing that is sent carries what it denies. */
    HOLDS,
    /** The destination has none of its marketing actions. */
    OTHER_ACTIONS,
    /** It is a draft, or switched off. */
    NOT_ENABLED
  }

  public Verdict {
    neverLeaving = List.copyOf(neverLeaving);
    violations = List.copyOf(violations);
    unbroken = List.copyOf(unbroken);
  }
}
