package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Checked;
import org.audienceactivation.profile.Derived;
import org.audienceactivation.profile.XdmPath;

/**
 * The labels, marketing actions and policies of a home, and what they say of a destination. It is
 * made of the files in {@code governance/}. Immutable.
 */
public final class Rulebook {

  /**
   * One file of {@code governance/}: YAML in our form, or JSON in that of the vendor's policy API.
   *
   * @param name as problems show it; its ending tells the form
   */
  public record Source(String name, String text) {
    boolean isJson() {
      return name.endsWith(".json");
    }
  }

  private final Labels labels;
  private final Set<String> labelNames;
  private final Set<String> marketingActions;
  private final List<Policy> policies;

  /**
   * A rule book.
   *
   * @param labelNames custom ones; the core ones are always known
   * @param marketingActions likewise
   * @param policies also those that are not enabled
   */
  Rulebook(
      Labels labels, Set<String> labelNames, Set<String> marketingActions, List<Policy> policies) {
    this.labels = labels;
    this.labelNames = both(CoreLabel.labels(), labelNames);
    this.marketingActions = both(CoreMarketingAction.actions(), marketingActions);
    this.policies = List.copyOf(policies);
  }

  private static Set<String> both(List<String> core, Set<String> custom) {
    Set<String> all = new LinkedHashSet<>(core);
    all.addAll(custom);
    return Collections.unmodifiableSet(all);
  }

  /** No label, no policy: for homes without governance files. */
  public static Rulebook empty() {
    return new Rulebook(Labels.NONE, Set.of(), Set.of(), List.of());
  }

  /**
   * Reads all files as one: what one defines another may use.
   *
   * @param placeholders resolves <code>{{…}}</code> in a text of a YAML file, or throws
   * @param catalogue where audiences given by name are looked up
   */
  public static Checked<Rulebook> read(
      List<Source> sources, UnaryOperator<String> placeholders, AudienceCatalogue catalogue) {
    return new RulebookReader(placeholders, catalogue).read(sources);
  }

  /**
   * The same rules, for profiles of which attributes are derived: those carry the labels of all
   * that they are made of.
   *
   * @param derived in the order in which they are made
   */
  public Rulebook with(List<Derived> derived) {
    if (derived.isEmpty()) {
      return this;
    }
    List<Labels.Labelled<LabelPath>> fields = new ArrayList<>(labels.fields());
    for (Derived one : derived) {
      LabelPath made = LabelPath.of(one.path());
      for (XdmPath source : one.sources()) {
        for (Labels.Labelled<LabelPath> field : List.copyOf(fields)) {
          if (field.thing().overlaps(LabelPath.of(source))) {
            fields.add(new Labels.Labelled<>(made, field.labels(), field.place()));
          }
        }
      }
    }
    return new Rulebook(
        new Labels(
            fields,
            labels.audiences(),
            labels.namespaces(),
            labels.everyIdentityOrAudience(),
            labels.datasets()),
        labelNames,
        marketingActions,
        policies);
  }

  /** Every marketing action that a destination may name, the core ones first. */
  public Set<String> marketingActions() {
    return marketingActions;
  }

  /** The same in their order, for messages. */
  public String marketingActionNames() {
    return String.join(", ", marketingActions);
  }

  /** Every label that there is, the core ones first. */
  Set<String> labelNames() {
    return labelNames;
  }

  /** All policies, also those that are not enabled. */
  public List<Policy> policies() {
    return policies;
  }

  /**
   * Judges what a destination would send. Policies are judged per audience: labels of two audiences
   * do not combine, those of attributes, identities and datasets combine with each audience.
   */
  public Verdict judge(Outgoing outgoing) {
    Inventory all = Inventory.of(labels, outgoing);
    Inventory leaving = all.without(CoreLabel.C12.label());
    List<Violation> violations = new ArrayList<>();
    List<Verdict.Unbroken> unbroken = new ArrayList<>();
    for (Policy policy : policies) {
      Optional<Violation> violation =
          policy.isEnabled() ? violation(policy, leaving, outgoing) : Optional.empty();
      violation.ifPresentOrElse(
          violations::add, () -> unbroken.add(new Verdict.Unbroken(policy, why(policy, outgoing))));
    }
    return new Verdict(all.carriersOf(CoreLabel.C12.label()), violations, unbroken);
  }

  private static Verdict.Why why(Policy unbroken, Outgoing outgoing) {
    if (!unbroken.isEnabled()) {
      return Verdict.Why.NOT_ENABLED;
    }
    return actions(unbroken, outgoing).isEmpty() ? Verdict.Why.OTHER_ACTIONS : Verdict.Why.HOLDS;
  }

  /** Which policies with the status DRAFT a destination would break if they were enabled. */
  public List<Violation> judgeDrafts(Outgoing outgoing) {
    Inventory leaving = Inventory.of(labels, outgoing).without(CoreLabel.C12.label());
    return policies.stream()
        .filter(policy -> policy.status() == PolicyStatus.DRAFT)
        .flatMap(policy -> violation(policy, leaving, outgoing).stream())
        .toList();
  }

  /**
   * Every label that counts for what a destination maps, also of what is left out of its events: so
   * a consent policy for a label asks no less because another policy is enforced.
   */
  public Set<String> labelsOf(Outgoing outgoing) {
    Inventory all = Inventory.of(labels, outgoing);
    Set<String> found = all.labelsBeside(List.of());
    all.audiences().forEach(audience -> found.addAll(audience.labels()));
    return found;
  }

  private static Optional<Violation> violation(
      Policy policy, Inventory inventory, Outgoing outgoing) {
    List<String> actions = actions(policy, outgoing);
    if (actions.isEmpty()) {
      return Optional.empty();
    }
    List<Evidence> lineage = inventory.lineage(policy.deny());
    if (lineage.isEmpty()) {
      return Optional.empty();
    }
    List<Part> leftOut = new SmallestRemedy(inventory, policy.deny()).parts();
    return Optional.of(new Violation(policy, actions, lineage, leftOut));
  }

  private static List<String> actions(Policy policy, Outgoing outgoing) {
    return outgoing.marketingActions().stream()
        .filter(policy.marketingActions()::contains)
        .toList();
  }
}
