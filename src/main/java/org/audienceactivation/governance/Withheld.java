package org.audienceactivation.governance;

/**
 * That a part of a profile was left out for a policy, or, where policies are only watched, would
 * have been. It names configuration alone, nothing of the profile.
 */
public final class Withheld {

  private final String policy;
  private final String version;
  private final Part part;
  private final String label;

  private Withheld(String policy, String version, Part part) {
    this.policy = policy;
    this.version = version;
    this.part = part;
    this.label = policy + ":" + part;
  }

  static Withheld forPolicy(Policy policy, Part part) {
    return new Withheld(policy.id(), policy.version(), part);
  }

  /** For the label that no policy is needed for. */
  static Withheld forC12(Part part) {
    return new Withheld(CoreLabel.C12.label(), "", part);
  }

  /** The policy's id, or C12. */
  public String policy() {
    return policy;
  }

  /** The policy's version; empty for C12. */
  public String version() {
    return version;
  }

  /** The policy with its version as people read it, or the label that needs none. */
  String rule() {
    return version.isEmpty() ? "label " + policy : "policy " + policy + ", version " + version;
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
