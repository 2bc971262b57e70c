package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.Problem;

/**
 * What the vendor's policy API takes and gives: policies, labels, marketing actions, the enabled
 * core policies and the labels of datasets; one object, or a list under {@code children}. Members
 * that mean nothing here are passed over, so that files drop in unchanged.
 */
final class PolicyApi {

  private static final Pattern STEP =
      Pattern.compile("/properties/([^/]+)|/items|/additionalProperties");
  private static final String DATASET = "AEP:dataset:";

  private final List<Problem> problems;
  private final List<Policy> policies = new ArrayList<>();
  private final Set<String> coreIds = new LinkedHashSet<>();
  private final Set<String> labels = new LinkedHashSet<>();
  private final Set<String> actions = new LinkedHashSet<>();
  private final List<ConfigNode> enabledCoreIds = new ArrayList<>();
  private final List<Dataset> datasets = new ArrayList<>();
  private boolean saysWhichCoreIsEnabled;

  /**
   * The labels of a dataset and of its fields.
   *
   * @param labelled its {@code labels} are a list
   */
  record Dataset(String name, ConfigNode labelled) {

    /** Labels on single fields. */
    List<Field> fields() {
      return labelled.list("optionalLabels").stream().map(Field::of).toList();
    }
  }

  /** The labels of a field, whose path is as our files write it. */
  record Field(String path, ConfigNode labels) {

    private static Field of(ConfigNode node) {
      String pointer = node.get("option").orElseThrow().requiredText("schemaPath");
      return new Field(dotted(pointer), node.get("labels").orElseThrow());
    }

    /** {@code /properties/a/properties/b} is {@code a.b}; the items of a list need no key. */
    private static String dotted(String schemaPath) {
      List<String> keys = new ArrayList<>();
      Matcher steps = STEP.matcher(schemaPath);
      while (steps.find()) {
        if (steps.group(1) != null) {
          keys.add(steps.group(1));
        } else if (!steps.group().equals("/items")) {
          keys.add(LabelPath.ANY);
        }
      }
      return String.join(".", keys);
    }
  }

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

  /** The ids of those policies that are not custom ones. */
  Set<String> coreIds() {
    return coreIds;
  }

  /** Every label that it speaks of. */
  Set<String> labels() {
    return labels;
  }

  /** Every marketing action that it speaks of. */
  Set<String> actions() {
    return actions;
  }

  /** Which core policies it says are in force. */
  List<ConfigNode> enabledCoreIds() {
    return List.copyOf(enabledCoreIds);
  }

  /** Whether it says so at all: then the others are off. */
  boolean saysWhichCoreIsEnabled() {
    return saysWhichCoreIsEnabled;
  }

  List<Dataset> datasets() {
    return List.copyOf(datasets);
  }

  /** The schema tells the forms apart in the same way. */
  private void read(ConfigNode node) {
    if (Stream.of("deny", "status", "marketingActionRefs").anyMatch(key -> has(node, key))) {
      readPolicy(node);
    } else if (has(node, "policyIds")) {
      saysWhichCoreIsEnabled = true;
      enabledCoreIds.addAll(node.list("policyIds"));
    } else if (has(node, "entityId")) {
      readDataset(node.get("entityId").orElseThrow().requiredText("id"), node);
    } else if (node.keys().get(0).startsWith(DATASET)) {
      for (String key : node.keys()) {
        readDataset(key.substring(DATASET.length()), node.get(key).orElseThrow());
      }
    } else {
      boolean isLabel = has(node, "category") || has(node, "friendlyName");
      (isLabel ? labels : actions).add(node.requiredText("name"));
    }
  }

  private static boolean has(ConfigNode node, String key) {
    return node.get(key).isPresent();
  }

  private void readDataset(String name, ConfigNode node) {
    Dataset dataset = new Dataset(name, node);
    datasets.add(dataset);
    node.list("labels").forEach(label -> labels.add(label.asText()));
    for (Field field : dataset.fields()) {
      field.labels().items().forEach(label -> labels.add(label.asText()));
    }
  }

  private void readPolicy(ConfigNode node) {
    Set<String> named = new LinkedHashSet<>();
    node.list("marketingActionRefs").forEach(item -> named.add(actionName(item.asText())));
    Optional<Deny> deny = deny(node.get("deny").orElseThrow());
    if (deny.isEmpty()) {
      return;
    }
    String name = node.requiredText("name");
    Policy policy =
        new Policy(
            node.text("id").orElseGet(() -> idOf(name)),
            name,
            node.text("updated").orElseGet(() -> Policy.versionOf(named, deny.get())),
            PolicyStatus.valueOf(node.requiredText("status")),
            named,
            deny.get(),
            Place.of(node));
    policies.add(policy);
    labels.addAll(policy.deny().labels());
    actions.addAll(named);
    if (isCore(policy.id(), node)) {
      coreIds.add(policy.id());
    }
  }

  private static boolean isCore(String id, ConfigNode node) {
    Optional<String> self =
        node.get("_links").flatMap(links -> links.get("self")).flatMap(link -> link.text("href"));
    return id.startsWith("corepolicy_") || self.filter(href -> href.contains("/core/")).isPresent();
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
