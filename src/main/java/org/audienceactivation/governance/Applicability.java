package org.audienceactivation.governance;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** To which destinations a consent policy applies: by what they do, and by what they send. */
sealed interface Applicability {

  /** The destination does this. */
  record MarketingAction(String name) implements Applicability {
    @Override
    public String toString() {
      return "marketing action " + name;
    }
  }

  /** Something that the destination sends carries this label. */
  record Label(String name) implements Applicability {
    @Override
    public String toString() {
      return "label " + name;
    }
  }

  /** All of these; none at all is every destination. */
  record AllOf(List<Applicability> operands) implements Applicability {
    public AllOf {
      operands = List.copyOf(operands);
    }

    @Override
    public String toString() {
      return operands.isEmpty() ? "every destination" : joined(operands, " AND ");
    }
  }

  /** One of these. */
  record AnyOf(List<Applicability> operands) implements Applicability {
    public AnyOf {
      operands = List.copyOf(operands);
    }

    @Override
    public String toString() {
      return joined(operands, " OR ");
    }
  }

  /** Of a policy that names neither. */
  static Applicability everywhere() {
    return new AllOf(List.of());
  }

  /** Whether the policy is for a destination with these marketing actions and labels. */
  default boolean appliesTo(Set<String> marketingActions, Set<String> labels) {
    if (this instanceof MarketingAction action) {
      return marketingActions.contains(action.name);
    }
    if (this instanceof Label label) {
      return labels.contains(label.name);
    }
    if (this instanceof AllOf all) {
      return all.operands.stream().allMatch(one -> one.appliesTo(marketingActions, labels));
    }
    return ((AnyOf) this)
        .operands.stream().anyMatch(one -> one.appliesTo(marketingActions, labels));
  }

  private static String joined(List<Applicability> operands, String operator) {
    return operands.stream().map(Object::toString).collect(Collectors.joining(operator, "(", ")"));
  }
}
