package org.audienceactivation.governance;

import java.util.List;
import java.util.Optional;
import org.audienceactivation.accounting.LeftOut;

/**
 * That a part of a profile was left out for a policy, or, where policies are only watched, would
 * have been. It names configuration alone, nothing of the profile.
 */
public final class Withheld {

  private final PolicyRef policy;
  private final Part part;
  private final List<Evidence> evidence;
  private final Optional<Violation> violation;
  private final List<String> labels;
  private final LeftOut counted;

  private Withheld(
      PolicyRef policy,
      String reason,
      Part part,
      List<Evidence> evidence,
      Optional<Violation> violation) {
    this.policy = policy;
    this.part = part;
    this.evidence = List.copyOf(evidence);
    this.violation = violation;
    this.labels = evidence.stream().map(Evidence::label).distinct().toList();
    this.counted = new LeftOut(policy.id() + ":" + part, reason, policy.id(), part.toString());
  }

  static Withheld forPolicy(Violation violation, Part part) {
    Policy policy = violation.policy();
    return new Withheld(
        new PolicyRef(policy.id(), policy.version()),
        "label-policy",
        part,
        violation.evidenceOf(part),
        Optional.of(violation));
  }

  /** For the label that no policy is needed for. */
  static Withheld forC12(Part part, List<Evidence> evidence) {
    return new Withheld(
        new PolicyRef(CoreLabel.C12.label(), ""), "label-c12", part, evidence, Optional.empty());
  }

  /** Which policy decided; C12 without a version, if it was that label. */
  public PolicyRef policy() {
    return policy;
  }

  /** The code in the audit log; part of the published interface. */
  public String reason() {
    return counted.reason();
  }

  public Part part() {
    return part;
  }

  /** Which labels the policy found, each once. */
  public List<String> labels() {
    return labels;
  }

  /** Where these labels stand. */
  List<Evidence> evidence() {
    return evidence;
  }

  /** The way from the labels to the use that is forbidden, in words. */
  public String lineage() {
    String rule =
        violation
            .map(
                broken ->
                    "policy "
                        + policy.id()
                        + ", version "
                        + policy.version()
                        + ", "
                        + broken.prohibition())
            .orElse("C12 leaves no destination");
    return because() + "; " + rule;
  }

  /** What carries the labels, in words. */
  String because() {
    return Evidence.inWords(evidence, part);
  }

  /** The key in reports: {@code policy:part}. */
  public String label() {
    return counted.key();
  }

  /** As what it is counted. */
  public LeftOut counted() {
    return counted;
  }

  @Override
  public String toString() {
    return label();
  }
}
