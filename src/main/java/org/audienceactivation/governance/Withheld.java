package org.audienceactivation.governance;

/**
 * That a part of a profile was left out for a policy, or, where policies are only watched, would
 * have been. It names configuration alone, nothing of the profile.
 */
public final class Withheld {

  private final PolicyRef policy;
  private final String reason;
  private final Part part;
  private final String label;

  private Withheld(PolicyRef policy, String reason, Part part) {
    this.policy = policy;
    this.reason = reason;
    this.part = part;
    this.label = policy.id() + ":" + part;
  }

  static Withheld forPolicy(Policy policy, Part part) {
    return new Withheld(new PolicyRef(policy.id(), policy.version()), "label-policy", part);
  }

  /** For the label that no policy is needed for. */
  static Withheld forC12(Part part) {
    return new Withheld(new PolicyRef(CoreLabel.C12.label(), ""), "label-c12", part);
  }

  /** Which policy decided; C12 without a version, if it was that label. */
  public PolicyRef policy() {
    return policy;
  }

  /** The code in the audit log; part of the published interface. */
  public String reason() {
    return reason;
  }

  /** The policy with its version as people read it, or the label that needs none. */
  String rule() {
    return policy.version().isEmpty()
        ? "label " + policy.id()
        : "policy " + policy.id() + ", version " + policy.version();
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
