package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.audience.AudienceReferences;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.ConfigSchema;
import org.audienceactivation.config.Problem;
import org.audienceactivation.governance.Labels.Labelled;
import org.audienceactivation.governance.Labels.LabelledAudience;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.NamespaceCodes;

/**
 * Makes one {@link Rulebook} of all governance files, and checks what no schema can: that labels,
 * marketing actions and core policies exist, and that ids are unique. One object reads once.
 */
final class RulebookReader {

  private static final ConfigSchema SCHEMA = ConfigSchema.named("governance");
  private static final ConfigSchema POLICY_API = ConfigSchema.named("policy-api");
  private static final String EVERY = "*";
  private static final Map<String, Policy> CORE = core();

  /** What stands in the place of a policy's id where no policy decided. */
  private static final Set<String> RESERVED =
      Set.of(CoreLabel.C12.label(), PolicyRef.CONSENT_BLOCK);

  private final UnaryOperator<String> placeholders;
  private final AudienceReferences audienceReferences;
  private final List<Problem> problems = new ArrayList<>();

  private final Set<String> labels = new LinkedHashSet<>(CoreLabel.labels());
  private final Set<String> actions = new LinkedHashSet<>(CoreMarketingAction.actions());
  private final List<Policy> policies = new ArrayList<>();
  private final Map<String, Policy> byId = new LinkedHashMap<>();

  private final List<Labelled<LabelPath>> fields = new ArrayList<>();
  private final List<LabelledAudience> audiences = new ArrayList<>();
  private final List<Labelled<String>> namespaces = new ArrayList<>();
  private final List<Labelled<Part>> everything = new ArrayList<>();
  private final List<Labelled<String>> datasets = new ArrayList<>();

  RulebookReader(UnaryOperator<String> placeholders, AudienceCatalogue catalogue) {
    this.placeholders = placeholders;
    this.audienceReferences = new AudienceReferences(catalogue, problems::add);
  }

  private static Map<String, Policy> core() {
    Map<String, Policy> core = new LinkedHashMap<>();
    CorePolicies.ALL.forEach(policy -> core.put(policy.id(), policy));
    return core;
  }

  Checked<Rulebook> read(List<Rulebook.Source> sources) {
    List<ConfigNode> ours = new ArrayList<>();
    List<ConfigNode> theirs = new ArrayList<>();
    for (Rulebook.Source source : sources) {
      parsed(source).ifPresent((source.isJson() ? theirs : ours)::add);
    }
    List<PolicyApi> imported = theirs.stream().map(root -> new PolicyApi(root, problems)).toList();
    ours.forEach(this::define);
    imported.forEach(this::define);
    ours.forEach(this::readLabels);
    imported.forEach(this::readDatasets);
    ours.forEach(root -> root.list("enabledCorePolicies").forEach(this::enableCore));
    ours.forEach(this::readPolicies);
    addImported(imported);
    Labels read = new Labels(fields, audiences, namespaces, everything, datasets);
    return Checked.of(new Rulebook(read, labels, actions, policies), problems);
  }

  private Optional<ConfigNode> parsed(Rulebook.Source source) {
    Checked<ConfigNode> parsed =
        source.isJson()
            ? POLICY_API.read(
                source.name(), PolicyApi.withoutTabs(source.text()), UnaryOperator.identity())
            : SCHEMA.read(source.name(), source.text(), placeholders);
    problems.addAll(parsed.problems());
    return parsed.toOptional();
  }

  private void define(ConfigNode root) {
    root.get("customLabels").ifPresent(node -> define(node, labels, CoreLabel.labels()));
    root.get("customMarketingActions")
        .ifPresent(node -> define(node, actions, CoreMarketingAction.actions()));
  }

  private void define(ConfigNode definitions, Set<String> known, List<String> core) {
    for (String name : definitions.keys()) {
      if (!known.add(name)) {
        String why = core.contains(name) ? "is built in already" : "is defined a second time";
        problems.add(definitions.get(name).orElse(definitions).problem(why));
      }
    }
  }

  /** What the vendor's files speak of exists there, so it needs no definition here. */
  private void define(PolicyApi file) {
    labels.addAll(file.labels());
    actions.addAll(file.actions());
  }

  private void readDatasets(PolicyApi file) {
    for (PolicyApi.Dataset dataset : file.datasets()) {
      ConfigNode node = dataset.labelled();
      datasets.add(
          new Labelled<>(
              dataset.name(), labelsOf(node.get("labels").orElseThrow()), Place.of(node)));
      dataset.fields().forEach(field -> readField(field.path(), field.labels()));
    }
  }

  private void readLabels(ConfigNode root) {
    Optional<ConfigNode> all = root.get("labels");
    if (all.isEmpty()) {
      return;
    }
    all.get().get("fields").ifPresent(node -> each(node, this::readField));
    all.get().get("namespaces").ifPresent(node -> each(node, this::readNamespace));
    all.get()
        .get("datasets")
        .ifPresent(
            node ->
                each(
                    node,
                    (name, item) ->
                        datasets.add(new Labelled<>(name, labelsOf(item), Place.of(item)))));
    all.get().list("audiences").forEach(this::readAudience);
  }

  private interface Entry {
    void read(String key, ConfigNode value);
  }

  private static void each(ConfigNode mapping, Entry entry) {
    mapping.keys().forEach(key -> entry.read(key, mapping.get(key).orElseThrow()));
  }

  private void readField(String written, ConfigNode node) {
    Optional<LabelPath> path = path(written, node);
    if (path.isEmpty()) {
      return;
    }
    Set<String> carried = labelsOf(node);
    if (MapPaths.isOfIdentities(path.get())) {
      readIdentities(MapPaths.namespaces(path.get()), carried, node);
    } else if (MapPaths.isOfAudiences(path.get())) {
      readMemberships(MapPaths.audiences(path.get()), carried, node);
    } else if (path.get().segments().get(0).equals(EVERY)) {
      problems.add(
          node.problem(
              "* stands for no first key, since identities and audiences are labelled for"
                  + " themselves; name the keys, and put labels on identityMap and segmentMembership"
                  + " beside them"));
    } else {
      fields.add(new Labelled<>(path.get(), carried, Place.of(node)));
    }
  }

  private void readIdentities(Optional<Set<String>> codes, Set<String> carried, ConfigNode node) {
    if (codes.isEmpty()) {
      everything.add(new Labelled<>(new Part.AllIdentities(), carried, Place.of(node)));
    }
    for (String code : codes.orElse(Set.of())) {
      namespaces.add(new Labelled<>(code, carried, Place.of(node)));
    }
  }

  private void readMemberships(
      Optional<Set<AudienceRef>> refs, Set<String> carried, ConfigNode node) {
    if (refs.isEmpty()) {
      everything.add(new Labelled<>(new Part.OtherAudiences(), carried, Place.of(node)));
    }
    for (AudienceRef ref : refs.orElse(Set.of())) {
      audiences.add(new LabelledAudience(ref, carried, List.of(), Place.of(node)));
    }
  }

  private void readNamespace(String written, ConfigNode node) {
    String code = NamespaceCodes.codeOf(written);
    if (NamespaceCodes.isUnknownId(code)) {
      problems.add(
          node.problem(
              "no code is known for the id of this namespace; name the namespace by its code, or"
                  + " put the labels on '*', which is all of them"));
      return;
    }
    boolean isEvery = written.equals(EVERY);
    if (!isEvery && written.contains(EVERY)) {
      problems.add(node.problem("* stands for all namespaces, and for no part of a name"));
      return;
    }
    readIdentities(isEvery ? Optional.empty() : Optional.of(Set.of(code)), labelsOf(node), node);
  }

  private void readAudience(ConfigNode node) {
    List<LabelPath> builtOn =
        node.list("builtOn").stream().flatMap(item -> path(item.asText(), item).stream()).toList();
    Set<String> carried = node.get("labels").map(this::labelsOf).orElse(Set.of());
    audienceReferences
        .read(node)
        .ifPresent(
            ref -> audiences.add(new LabelledAudience(ref, carried, builtOn, Place.of(node))));
  }

  private Optional<LabelPath> path(String written, ConfigNode node) {
    try {
      return Optional.of(LabelPath.of(written));
    } catch (IllegalArgumentException e) {
      problems.add(
          node.problem(
              "is no path; must be keys joined by dots, where * stands for any whole key, such as"
                  + " _acme.devices.*.serial"));
      return Optional.empty();
    }
  }

  private Set<String> labelsOf(ConfigNode list) {
    Set<String> found = new LinkedHashSet<>();
    for (ConfigNode item : list.items()) {
      requireKnown(item, labels, "label", "customLabels");
      found.add(item.asText());
    }
    return found;
  }

  private void requireKnown(ConfigNode item, Set<String> known, String what, String definitions) {
    if (!known.contains(item.asText())) {
      problems.add(
          item.problem(
              "unknown %s \"%s\"; allowed: %s; define others under %s"
                  .formatted(what, item.asText(), String.join(", ", known), definitions)));
    }
  }

  private void enableCore(ConfigNode item) {
    Policy policy = CORE.get(item.asText());
    if (byId.putIfAbsent(policy.id(), policy) == null) {
      policies.add(policy);
    }
  }

  /** A list of enabled core policies decides for all of them, whatever their own status says. */
  private void addImported(List<PolicyApi> imported) {
    Set<String> theirs = new LinkedHashSet<>();
    imported.forEach(file -> theirs.addAll(file.coreIds()));
    Set<String> enabled = new LinkedHashSet<>();
    for (PolicyApi file : imported) {
      for (ConfigNode item : file.enabledCoreIds()) {
        enabled.add(item.asText());
        if (CORE.containsKey(item.asText())) {
          enableCore(item);
        } else if (!theirs.contains(item.asText())) {
          problems.add(unknownCore(item));
        }
      }
    }
    boolean isDecided = imported.stream().anyMatch(PolicyApi::saysWhichCoreIsEnabled);
    for (PolicyApi file : imported) {
      for (Policy policy : file.policies()) {
        boolean isOn = enabled.contains(policy.id());
        PolicyStatus decided = isOn ? PolicyStatus.ENABLED : PolicyStatus.DISABLED;
        boolean isCore = isDecided && theirs.contains(policy.id());
        add(isCore ? policy.withStatus(decided) : policy);
      }
    }
  }

  private static Problem unknownCore(ConfigNode item) {
    return item.problem(
        ("no core policy is called \"%s\"; put the vendor's list of core policies into a file beside"
                + " this one, or name shipped ones: %s")
            .formatted(item.asText(), String.join(", ", CORE.keySet())));
  }

  private void readPolicies(ConfigNode root) {
    for (ConfigNode node : root.list("policies")) {
      Optional<Deny> deny = deny(node.get("deny").orElseThrow());
      Set<String> named = new LinkedHashSet<>();
      for (ConfigNode item : node.list("marketingActions")) {
        requireKnown(item, actions, "marketing action", "customMarketingActions");
        named.add(item.asText());
      }
      String id = node.requiredText("id");
      if (deny.isPresent()) {
        add(
            new Policy(
                id,
                node.text("name").orElse(id),
                node.text("version").orElse(Policy.versionOf(named, deny.get())),
                PolicyStatus.valueOf(node.requiredText("status")),
                named,
                deny.get(),
                Place.of(node)));
      }
    }
  }

  private Optional<Deny> deny(ConfigNode node) {
    Optional<ConfigNode> label = node.get("label");
    Optional<String> operator = node.text("operator");
    List<ConfigNode> operands = node.list("operands");
    if (label.isPresent() == (operator.isPresent() || !operands.isEmpty())) {
      problems.add(node.problem("needs either label, or operator with operands"));
      return Optional.empty();
    }
    if (label.isPresent()) {
      requireKnown(label.get(), labels, "label", "customLabels");
      return Optional.of(new Deny.Label(label.get().asText()));
    }
    if (operator.isEmpty() || operands.isEmpty()) {
      problems.add(node.problem("operator and operands go together"));
      return Optional.empty();
    }
    List<Deny> read = operands.stream().flatMap(item -> deny(item).stream()).toList();
    if (read.size() < operands.size()) {
      return Optional.empty();
    }
    return Optional.of(operator.get().equals("AND") ? new Deny.AllOf(read) : new Deny.AnyOf(read));
  }

  private void add(Policy policy) {
    Policy earlier = byId.putIfAbsent(policy.id(), policy);
    if (CORE.containsKey(policy.id())) {
      problems.add(problem(policy, "is the id of a core policy"));
    } else if (RESERVED.contains(policy.id())) {
      problems.add(problem(policy, "is no id, since reports and logs use it for something else"));
    } else if (earlier != null) {
      problems.add(problem(policy, "is the id of the policy in " + earlier.place() + " already"));
    } else {
      policies.add(policy);
    }
  }

  private static Problem problem(Policy policy, String message) {
    return new Problem(
        policy.place().file(), policy.place().line(), "policy " + policy.id() + ": " + message);
  }
}
