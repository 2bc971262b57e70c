package org.audienceactivation.governance;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.audienceactivation.config.Checked;
import org.audienceactivation.profile.XdmPath;

/**
 * A consent policy as {@code governance/consent/ID.yaml} writes it: if a destination does this or
 * sends that, then the profiles that go there must satisfy these conditions. Profiles that do not
 * are left out; the destination goes on.
 */
public final class ConsentPolicy {

  private final PolicyRef ref;
  private final PolicyStatus status;
  private final Applicability applicability;
  private final List<String> paths;
  private final Condition condition;

  ConsentPolicy(
      PolicyRef ref,
      PolicyStatus status,
      Applicability applicability,
      Condition.Written condition) {
    this.ref = ref;
    this.status = status;
    this.applicability = applicability;
    this.paths = Condition.leaves(condition).stream().map(Condition.Written.Leaf::path).toList();
    this.condition = Condition.of(condition);
  }

  /**
   * Reads one file.
   *
   * @param file its name as problems show it; its base name is the policy's id
   * @param placeholders resolves <code>{{…}}</code> in a text, or throws
   * @param rules tell which labels and marketing actions there are; empty where nobody knows, and
   *     then any will do
   */
  public static Checked<ConsentPolicy> read(
      String file, String yaml, UnaryOperator<String> placeholders, Optional<Rulebook> rules) {
    return ConsentPolicyBinding.read(file, yaml, placeholders, rules);
  }

  public PolicyRef ref() {
    return ref;
  }

  public PolicyStatus status() {
    return status;
  }

  Applicability applicability() {
    return applicability;
  }

  boolean isEnabled() {
    return status == PolicyStatus.ENABLED;
  }

  boolean appliesTo(Set<String> marketingActions, Set<String> labels) {
    return applicability.appliesTo(marketingActions, labels);
  }

  /** The path of each comparison, by its number. */
  List<String> paths() {
    return paths;
  }

  Condition condition() {
    return condition;
  }

  Set<XdmPath> needs() {
    return condition.needs();
  }
}
