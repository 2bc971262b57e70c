package org.audienceactivation.destination;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.Problem;
import org.audienceactivation.governance.Enforcement;
import org.audienceactivation.governance.Evidence;
import org.audienceactivation.governance.Part;
import org.audienceactivation.governance.Policy;
import org.audienceactivation.governance.Rulebook;
import org.audienceactivation.governance.Violation;

/**
 * What the rules have against a destination file: marketing actions that nobody knows, and, where
 * policies block, each policy that it breaks, with the way from labels to use and what would mend
 * it.
 */
final class PolicyProblems {

  private static final int MOST_NAMED = 10;

  private final Rulebook rules;
  private final ConfigNode root;

  PolicyProblems(Rulebook rules, ConfigNode root) {
    this.rules = rules;
    this.root = root;
  }

  List<Problem> of(Destination destination) {
    List<Problem> problems = new ArrayList<>();
    Set<String> known = rules.marketingActions();
    for (ConfigNode action : root.list("marketingActions")) {
      if (!known.contains(action.asText())) {
        problems.add(
            action.problem(
                "unknown marketing action \"%s\"; allowed: %s; define others in governance/, under customMarketingActions"
                    .formatted(action.asText(), rules.marketingActionNames())));
      }
    }
    if (destination.enforcement() == Enforcement.BLOCK) {
      rules.judge(destination.outgoing()).violations().forEach(one -> problems.add(problem(one)));
    }
    return problems;
  }

  private Problem problem(Violation violation) {
    String first = violation.marketingActions().get(0);
    ConfigNode where =
        root.list("marketingActions").stream()
            .filter(node -> node.asText().equals(first))
            .findFirst()
            .orElse(root);
    Policy policy = violation.policy();
    return where.problem(
        "policy %s (\"%s\", version %s, %s) forbids %s of what carries %s: %s; remedies: %s"
            .formatted(
                policy.id(),
                policy.name(),
                policy.version(),
                policy.place(),
                String.join(" and ", violation.marketingActions()),
                policy.deny(),
                few(violation.lineage().stream().map(Evidence::toString).toList()),
                remedies(violation)));
  }

  private static String remedies(Violation violation) {
    String parts = few(violation.leftOut().stream().map(Part::toString).toList());
    return "leave out "
        + parts
        + ", which enforcement: strip does; or take away the marketing action; or change the labels"
        + " or the policy";
  }

  private static String few(List<String> texts) {
    String first = texts.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
    int more = texts.size() - MOST_NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
