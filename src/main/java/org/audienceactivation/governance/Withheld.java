package org.audienceactivation.governance;

/**
 * That a part of a profile was left out for a policy, or, where policies are only watched, would
 * have been. It names configuration alone, nothing of the profile.
 */
public final class Withheld {

  private final String policy;
  private final Part part;
  private final String label;

  Withheld(String policy, Part part) {
    this.policy = policy;
    this.part = part;
    this.label = policy + ":" + part;
  }

  /** The policy's id, or C12. */
  public String policy() {
    return policy;
  }

  public Part part() {
    return part;
  }

  /** The key in reports: {@code policy:part}. */
  public String label() {
    return label;
  }

  @Override
  public String toString() {
    return label;
  }
}
