package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.Problem;

/**
 * Policies as the vendor's policy API takes and gives them: one object, or a list under {@code
 * children}. Members that mean nothing here are passed over, so that files drop in unchanged.
 */
final class PolicyApi {

  private final List<Problem> problems;
  private final List<Policy> policies = new ArrayList<>();

  PolicyApi(ConfigNode root, List<Problem> problems) {
    this.problems = problems;
    if (root.get("children").isPresent()) {
      root.list("children").forEach(this::read);
    } else {
      read(root);
    }
  }

  /** JSON may indent with tabs, YAML may not; within texts JSON does not allow them either. */
  static String withoutTabs(String json) {
    return json.replace('\t', ' ');
  }

  List<Policy> policies() {
    return List.copyOf(policies);
  }

  private void read(ConfigNode node) {
    Set<String> actions = new LinkedHashSet<>();
    node.list("marketingActionRefs").forEach(item -> actions.add(actionName(item.asText())));
    Optional<Deny> deny = deny(node.get("deny").orElseThrow());
    if (deny.isEmpty()) {
      return;
    }
    String name = node.requiredText("name");
    policies.add(
        new Policy(
            node.text("id").orElseGet(() -> idOf(name)),
            name,
            node.text("updated").orElseGet(() -> Policy.versionOf(actions, deny.get())),
            PolicyStatus.valueOf(node.requiredText("status")),
            actions,
            deny.get(),
            Place.of(node)));
  }

  /** The last part of {@code …/marketingActions/core/exportToThirdParty}, or a name as it is. */
  static String actionName(String reference) {
    String path = reference.replaceFirst("[?#].*$", "").replaceFirst("/+$", "");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static String idOf(String name) {
    return name.toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}]+", "-")
        .replaceAll("^-|-$", "");
  }

  /**
   * An expression with both a label and operands is against the API's own rules, but it exists; it
   * denies what either of the two denies.
   */
  private Optional<Deny> deny(ConfigNode node) {
    List<Deny> either = new ArrayList<>();
    node.text("label").ifPresent(label -> either.add(new Deny.Label(label)));
    List<ConfigNode> operands = node.list("operands");
    if (!operands.isEmpty()) {
      List<Deny> read = operands.stream().flatMap(item -> deny(item).stream()).toList();
      Optional<String> operator = node.text("operator");
      if (operator.isEmpty()) {
        problems.add(node.problem("operands need an operator; allowed: AND, OR"));
        return Optional.empty();
      }
      if (read.size() < operands.size()) {
        return Optional.empty();
      }
      either.add(operator.get().equals("AND") ? new Deny.AllOf(read) : new Deny.AnyOf(read));
    }
    if (either.isEmpty()) {
      problems.add(node.problem("needs a label, or an operator with operands"));
      return Optional.empty();
    }
    return Optional.of(either.size() == 1 ? either.get(0) : new Deny.AnyOf(either));
  }
}
