package org.audienceactivation.governance;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.ConfigSchema;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.XdmPath;

/** Makes a {@link ConsentPolicy} of a file, and checks what its schema cannot. */
final class ConsentPolicyBinding {

  private static final ConfigSchema SCHEMA = ConfigSchema.named("consent-policy");

  /** What a profile holds beside its attributes, where conditions do not look. */
  private static final Set<String> NO_ATTRIBUTES =
      Set.of("segmentMembership", "segments", "identityMap", "identities");

  private static final List<String> TESTS =
      List.of("equals", "notEquals", "exists", "greaterThan", "lessThan", "contains");
  private static final int DEEPEST = 20;

  private final List<Problem> problems = new ArrayList<>();
  private final Optional<Rulebook> rules;
  private int comparisons;

  private ConsentPolicyBinding(Optional<Rulebook> rules) {
    this.rules = rules;
  }

  static Checked<ConsentPolicy> read(
      String file, String yaml, UnaryOperator<String> placeholders, Optional<Rulebook> rules) {
    return SCHEMA
        .read(file, yaml, placeholders)
        .flatMap(root -> new ConsentPolicyBinding(rules).bind(root));
  }

  private Checked<ConsentPolicy> bind(ConfigNode root) {
    String id = id(root);
    Applicability applicability =
        root.get("if").map(node -> applicability(node, 1)).orElseGet(Applicability::everywhere);
    Optional<Condition.Written> condition = condition(root.get("then").orElseThrow(), 1);
    if (!problems.isEmpty() || condition.isEmpty()) {
      return new Checked.Invalid<>(problems);
    }
    try {
      return new Checked.Valid<>(
          new ConsentPolicy(
              PolicyRef.of(id, root.content()),
              PolicyStatus.valueOf(root.requiredText("status")),
              applicability,
              condition.get()));
    } catch (IllegalArgumentException e) {
      return new Checked.Invalid<>(List.of(root.get("then").orElseThrow().problem(e.getMessage())));
    }
  }

  private String id(ConfigNode root) {
    String file = root.file().substring(root.file().replace('\\', '/').lastIndexOf('/') + 1);
    String id = file.replaceFirst("\\.ya?ml$", "");
    boolean isFit = id.matches("[A-Za-z0-9][A-Za-z0-9._-]*") && !id.equals(PolicyRef.CONSENT_BLOCK);
    if (!isFit) {
      problems.add(
          root.problem(
              "the file's name is the policy's id: letters, digits, dots, underscores or hyphens,"
                  + " then .yaml; not consent.yaml"));
    }
    return id;
  }

  private Applicability applicability(ConfigNode node, int depth) {
    List<String> forms = present(node, List.of("marketingAction", "label", "operands"));
    if (forms.size() != 1 || isWronglyJoined(node, depth)) {
      problems.add(
          node.problem("needs either marketingAction, or label, or operator with operands"));
      return Applicability.everywhere();
    }
    return switch (forms.get(0)) {
      case "marketingAction" -> marketingAction(node.get("marketingAction").orElseThrow());
      case "label" -> label(node.get("label").orElseThrow());
      default -> {
        List<Applicability> operands =
            node.list("operands").stream().map(one -> applicability(one, depth + 1)).toList();
        yield node.requiredText("operator").equals("AND")
            ? new Applicability.AllOf(operands)
            : new Applicability.AnyOf(operands);
      }
    };
  }

  private Applicability marketingAction(ConfigNode node) {
    String name = PolicyApi.actionName(node.asText());
    rules.ifPresent(
        all ->
            requireKnown(
                node, name, all.marketingActions(), "marketing action", "customMarketingActions"));
    return new Applicability.MarketingAction(name);
  }

  private Applicability label(ConfigNode node) {
    String name = node.asText();
    rules.ifPresent(all -> requireKnown(node, name, all.labelNames(), "label", "customLabels"));
    return new Applicability.Label(name);
  }

  /** A policy for what does not exist would protect nobody, and nobody would notice. */
  private void requireKnown(
      ConfigNode node, String name, Set<String> known, String what, String definitions) {
    if (!known.contains(name)) {
      problems.add(
          node.problem(
              "unknown %s \"%s\"; allowed: %s; define others in governance/, under %s"
                  .formatted(what, name, String.join(", ", known), definitions)));
    }
  }

  private Optional<Condition.Written> condition(ConfigNode node, int depth) {
    List<String> forms = present(node, List.of("path", "operands"));
    if (forms.size() != 1 || isWronglyJoined(node, depth)) {
      problems.add(node.problem("needs either path, or operator with operands"));
      return Optional.empty();
    }
    if (forms.get(0).equals("path")) {
      return comparison(node);
    }
    List<Condition.Written> operands = new ArrayList<>();
    for (ConfigNode operand : node.list("operands")) {
      condition(operand, depth + 1).ifPresent(operands::add);
    }
    boolean isAnd = node.requiredText("operator").equals("AND");
    return operands.isEmpty()
        ? Optional.empty()
        : Optional.of(new Condition.Written.Group(isAnd, operands));
  }

  private boolean isWronglyJoined(ConfigNode node, int depth) {
    if (depth > DEEPEST) {
      problems.add(node.problem("is nested deeper than " + DEEPEST + " levels"));
      return true;
    }
    boolean hasOperator = node.get("operator").isPresent();
    boolean hasOperands = node.get("operands").isPresent();
    return hasOperator != hasOperands;
  }

  private Optional<Condition.Written> comparison(ConfigNode node) {
    List<String> tests = present(node, TESTS);
    if (tests.size() != 1) {
      problems.add(node.problem("needs exactly one of " + String.join(", ", TESTS)));
      return Optional.empty();
    }
    Optional<List<String>> keys = keys(node.get("path").orElseThrow());
    String name = tests.get(0);
    ConfigNode operand = node.get(name).orElseThrow();
    Optional<ValueTest> test = test(name, operand, node.text("type"));
    if (keys.isEmpty() || test.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Condition.Written.Leaf(
            comparisons++, node.requiredText("path"), keys.get(), test.get()));
  }

  private Optional<List<String>> keys(ConfigNode node) {
    List<String> keys = new ArrayList<>();
    try {
      for (String key : XdmPath.of(node.asText()).segments()) {
        boolean isList = key.endsWith(Condition.EACH_ELEMENT);
        String name = isList ? key.substring(0, key.length() - 2) : key;
        if (name.isEmpty() || name.contains("[")) {
          problems.add(node.problem("a list is followed by [], as in consentsGiven[].channel"));
          return Optional.empty();
        }
        keys.add(name);
        if (isList) {
          keys.add(Condition.EACH_ELEMENT);
        }
      }
    } catch (IllegalArgumentException e) {
      problems.add(node.problem(e.getMessage()));
      return Optional.empty();
    }
    if (NO_ATTRIBUTES.contains(keys.get(0)) || keys.get(0).equals(Condition.EACH_KEY)) {
      problems.add(node.problem("conditions ask attributes and consents; not " + keys.get(0)));
      return Optional.empty();
    }
    return Optional.of(keys);
  }

  private Optional<ValueTest> test(String name, ConfigNode operand, Optional<String> type) {
    return switch (name) {
      case "exists" -> exists(operand, type);
      case "greaterThan" -> number(operand, type).map(ValueTest.GreaterThan::new);
      case "lessThan" -> number(operand, type).map(ValueTest.LessThan::new);
      case "equals" -> operand(operand, type).map(ValueTest.Equals::new);
      case "notEquals" -> operand(operand, type).map(ValueTest.NotEquals::new);
      default -> operand(operand, type).map(ValueTest.Contains::new);
    };
  }

  private Optional<ValueTest> exists(ConfigNode operand, Optional<String> type) {
    if (type.isPresent()) {
      problems.add(operand.problem("has no type"));
    }
    return Optional.of(new ValueTest.Exists(operand.asText().equals("true")));
  }

  private Optional<BigDecimal> number(ConfigNode operand, Optional<String> type) {
    if (type.isPresent()) {
      problems.add(operand.problem("compares numbers; a date can be equal or not equal"));
      return Optional.empty();
    }
    return Optional.of(new BigDecimal(operand.asText()));
  }

  private Optional<ValueTest.Operand> operand(ConfigNode node, Optional<String> type) {
    if (type.isPresent()) {
      Optional<ValueTest.Operand> date = ValueTest.Operand.date(node.asText());
      if (date.isEmpty() || !node.isText()) {
        problems.add(
            node.problem("must be a date such as 2026-01-31 or 2026-01-31T10:00:00Z, in quotes"));
      }
      return date;
    }
    if (node.isText()) {
      return Optional.of(new ValueTest.Operand.Text(node.asText()));
    }
    return Optional.of(
        node.isNumber()
            ? new ValueTest.Operand.Numeral(new BigDecimal(node.asText()))
            : new ValueTest.Operand.Truth(node.asText().equals("true")));
  }

  private static List<String> present(ConfigNode node, List<String> keys) {
    return keys.stream().filter(key -> node.get(key).isPresent()).toList();
  }
}
