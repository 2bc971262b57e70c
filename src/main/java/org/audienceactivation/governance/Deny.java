package org.audienceactivation.governance;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which labels together a policy forbids. There is no "not": more labels never make an expression
 * that matched match no longer.
 */
public sealed interface Deny {

  /** Data that carries this label. */
  record Label(String name) implements Deny {
    @Override
    public String toString() {
      return name;
    }
  }

  /** Data for which each of these holds; at least one. */
  record AllOf(List<Deny> operands) implements Deny {
    public AllOf {
      operands = required(operands);
    }

    @Override
    public String toString() {
      return joined(operands, " AND ");
    }
  }

  /** Data for which one of these holds; at least one. */
  record AnyOf(List<Deny> operands) implements Deny {
    public AnyOf {
      operands = required(operands);
    }

    @Override
    public String toString() {
      return joined(operands, " OR ");
    }
  }

  /** Whether data that carries exactly these labels is forbidden. */
  default boolean matches(Set<String> present) {
    if (this instanceof Label label) {
      return present.contains(label.name);
    }
    if (this instanceof AllOf all) {
      return all.operands.stream().allMatch(operand -> operand.matches(present));
    }
    return ((AnyOf) this).operands.stream().anyMatch(operand -> operand.matches(present));
  }

  /** Every label that the expression speaks of. */
  default Set<String> labels() {
    Set<String> labels = new LinkedHashSet<>();
    if (this instanceof Label label) {
      labels.add(label.name);
    } else {
      operands().forEach(operand -> labels.addAll(operand.labels()));
    }
    return labels;
  }

  /** Those of the labels because of which the expression matches; none if it does not. */
  default Set<String> causes(Set<String> present) {
    Set<String> causes = new LinkedHashSet<>();
    if (!matches(present)) {
      return causes;
    }
    if (this instanceof Label label) {
      causes.add(label.name);
    } else {
      operands().forEach(operand -> causes.addAll(operand.causes(present)));
    }
    return causes;
  }

  private List<Deny> operands() {
    if (this instanceof AllOf all) {
      return all.operands;
    }
    return this instanceof AnyOf any ? any.operands : List.of();
  }

  private static List<Deny> required(List<Deny> operands) {
    if (operands.isEmpty()) {
      throw new IllegalArgumentException("an operator needs operands");
    }
    return List.copyOf(operands);
  }

  private static String joined(List<Deny> operands, String operator) {
    return operands.stream()
        .map(operand -> operand instanceof Label ? operand.toString() : "(" + operand + ")")
        .collect(Collectors.joining(operator));
  }
}
