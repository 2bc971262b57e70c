package org.audienceactivation.destination;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.audience.AudienceReferences;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.ConfigSchema;
import org.audienceactivation.config.Problem;
import org.audienceactivation.governance.Consent;
import org.audienceactivation.governance.ConsentRules;
import org.audienceactivation.governance.Enforcement;
import org.audienceactivation.governance.MissingConsent;
import org.audienceactivation.governance.NamesInConsents;
import org.audienceactivation.governance.Rulebook;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.LenientTime;
import org.audienceactivation.profile.XdmPath;

/** Makes a {@link Destination} of a tree that the schema accepts, and checks what no schema can. */
final class DestinationBinding {

  private static final ConfigSchema SCHEMA = ConfigSchema.named("destination");
  private static final List<String> DEFAULT_PARTITION_NAMESPACES =
      List.of("ecid", "email_lc_sha256");

  /** What every event shows anyway; as mapped attributes they would stand there twice. */
  private static final Set<String> ALWAYS_EXPORTED =
      Set.of("segmentMembership", "segments", "identityMap", "identities");

  /** Nobody waits longer, and every unit of time can count it. */
  private static final Duration LONGEST_DURATION = Duration.ofDays(366);

  private final AudienceReferences audienceReferences;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<AudienceRef, Destination.MappingTimes> mappedAt = new HashMap<>();

  private DestinationBinding(AudienceCatalogue catalogue) {
    this.audienceReferences = new AudienceReferences(catalogue, problems::add);
  }

  static Checked<Destination> read(
      String file,
      String yaml,
      UnaryOperator<String> placeholders,
      AudienceCatalogue catalogue,
      Optional<Rulebook> rules) {
    return SCHEMA
        .read(file, yaml, placeholders)
        .flatMap(root -> new DestinationBinding(catalogue).bind(root, rules));
  }

  private Checked<Destination> bind(ConfigNode root, Optional<Rulebook> rules) {
    Destination destination =
        new Destination(
            baseName(root),
            root.text("description").orElse(""),
            stream(root.get("stream").orElseThrow()),
            root.get("credentials")
                .map(DestinationBinding::credentials)
                .orElseGet(Credentials.Default::new),
            audiences(root.get("audiences").orElseThrow()),
            mappedAt,
            attributes(root.list("attributes")),
            contents(root),
            root.get("activation").map(this::activation).orElse(ActivationRules.DEFAULT),
            root.get("consent").map(DestinationBinding::consent).orElse(ConsentRules.DEFAULT),
            texts(root, "marketingActions", List.of()),
            Enforcement.valueOf(root.text("enforcement").orElse("block").toUpperCase(Locale.ROOT)),
            partitionNamespaces(root),
            new ProfileNaming(
                root.get("profileKey")
                    .map(key -> texts(key, "from", List.of()))
                    .orElseGet(() -> partitionNamespaces(root))),
            root.get("delivery").map(this::delivery).orElse(Delivery.DEFAULT));
    if (rules.isPresent() && problems.isEmpty()) {
      problems.addAll(new PolicyProblems(rules.get(), root).of(destination));
    }
    return Checked.of(destination, problems);
  }

  private static List<String> partitionNamespaces(ConfigNode root) {
    return root.get("partitionKey")
        .map(key -> texts(key, "namespaces", DEFAULT_PARTITION_NAMESPACES))
        .orElse(DEFAULT_PARTITION_NAMESPACES);
  }

  private static Destination.Contents contents(ConfigNode root) {
    return new Destination.Contents(
        root.text("memberships").orElse("mapped").equals("all"),
        root.isOn("audienceNames"),
        root.isOn("audienceTimestamps"),
        switch (root.text("statuses").orElse("asGiven")) {
          case "current" -> Statuses.CURRENT;
          case "legacy" -> Statuses.LEGACY;
          default -> Statuses.AS_GIVEN;
        },
        root.text("dates").orElse("asGiven").equals("utc") ? Dates.UTC : Dates.AS_GIVEN,
        root.isOn("envelope"));
  }

  private ActivationRules activation(ConfigNode node) {
    ActivationRules usual = ActivationRules.DEFAULT;
    Set<Trigger> triggers =
        node.get("triggers")
            .map(
                list ->
                    list.items().stream()
                        .map(item -> Trigger.labelled(item.asText()).orElseThrow())
                        .collect(Collectors.toSet()))
            .orElse(usual.triggers());
    ActivationRules rules =
        new ActivationRules(
            isOn(node, "changesOnly", usual.changesOnly()),
            triggers,
            node.text("attributes").orElse("onChange").equals("onWrite"),
            isOn(node, "onlyMembers", usual.onlyMembers()),
            node.get("exits").map(this::exits).orElse(usual.exits()),
            node.get("exits")
                .filter(exits -> exits.get("visibleFor").isPresent())
                .map(exits -> duration(exits, "visibleFor", Duration.ZERO)));
    boolean tellsExits =
        rules.exits().denied() || rules.exits().unmapped() || rules.exits().missingProfiles();
    if (tellsExits && !triggers.contains(Trigger.SEGMENTATION)) {
      problems.add(
          node.get("exits")
              .orElse(node)
              .problem("an exit is a change of segmentation, and that trigger is off"));
    }
    return rules;
  }

  private ActivationRules.Exits exits(ConfigNode node) {
    return new ActivationRules.Exits(
        node.isOn("denied"),
        node.isOn("unmapped"),
        node.isOn("missingProfiles"),
        node.integer("missingAtMostPercent")
            .orElse(ActivationRules.Exits.DEFAULT.missingAtMostPercent()));
  }

  private static boolean isOn(ConfigNode node, String key, boolean otherwise) {
    return node.get(key).isPresent() ? node.isOn(key) : otherwise;
  }

  private String baseName(ConfigNode root) {
    String file = root.file().substring(root.file().replace('\\', '/').lastIndexOf('/') + 1);
    String name = file.replaceFirst("\\.ya?ml$", "");
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      problems.add(
          root.problem(
              "the file's name is the destination's name: letters, digits, dots, underscores or"
                  + " hyphens, then .yaml"));
    }
    return name;
  }

  private static StreamTarget stream(ConfigNode node) {
    return new StreamTarget(
        node.requiredText("name"),
        node.requiredText("region"),
        node.text("endpoint").map(URI::create));
  }

  private static Credentials credentials(ConfigNode node) {
    return switch (node.requiredText("type")) {
      case "static" ->
          new Credentials.Static(
              node.requiredText("accessKeyId"),
              node.requiredText("secretAccessKey"),
              node.text("sessionToken"));
      case "profile" -> new Credentials.NamedProfile(node.requiredText("profile"));
      case "role" ->
          new Credentials.Role(
              node.requiredText("roleArn"),
              node.text("externalId"),
              node.text("sessionName"),
              node.get("base")
                  .map(DestinationBinding::credentials)
                  .orElseGet(Credentials.Default::new));
      default -> new Credentials.Default();
    };
  }

  private AudienceScope audiences(ConfigNode node) {
    if (node.isText()) {
      return AudienceScope.all();
    }
    Map<AudienceRef, ConfigNode> listed = new LinkedHashMap<>();
    for (ConfigNode item : node.items()) {
      audienceReferences
          .read(item)
          .ifPresent(
              ref -> {
                addOnce(listed, ref, item);
                mappedAt(item).ifPresent(times -> mappedAt.putIfAbsent(ref, times));
              });
    }
    return new AudienceScope.Listed(List.copyOf(listed.keySet()));
  }

  private Optional<Destination.MappingTimes> mappedAt(ConfigNode item) {
    Optional<Instant> created = time(item, "mappedAt");
    Optional<Instant> updated = time(item, "mappingUpdatedAt");
    if (created.isEmpty() && updated.isPresent()) {
      problems.add(item.problem("mappingUpdatedAt needs mappedAt"));
    }
    return created.map(at -> new Destination.MappingTimes(at, updated.orElse(at)));
  }

  private Optional<Instant> time(ConfigNode item, String key) {
    Optional<Instant> time = item.text(key).flatMap(LenientTime::parse);
    if (time.isEmpty() && item.get(key).isPresent()) {
      problems.add(
          item.get(key).get().problem("must be a date and time such as 2025-11-03T08:14:55Z"));
    }
    return time;
  }

  private <T> void addOnce(Map<T, ConfigNode> seen, T thing, ConfigNode node) {
    ConfigNode first = seen.putIfAbsent(thing, node);
    if (first != null) {
      problems.add(node.problem(thing + " stands in line " + first.line() + " already"));
    }
  }

  private List<XdmPath> attributes(List<ConfigNode> items) {
    Map<XdmPath, ConfigNode> paths = new LinkedHashMap<>();
    for (ConfigNode item : items) {
      XdmPath path = XdmPath.of(item.asText());
      if (path.segments().stream().anyMatch(DestinationBinding::isWildcard)) {
        problems.add(
            item.problem(
                path + ": a path names keys only; what it leads to is exported with all below"));
        continue;
      }
      if (ALWAYS_EXPORTED.contains(path.segments().get(0))) {
        problems.add(item.problem(path + ": " + path.segments().get(0) + " is always exported"));
        continue;
      }
      if (NamesInConsents.contain(path)) {
        problems.add(
            item.problem(
                path
                    + ": spells out identities, also those that refused; identities leave in"
                    + " identityMap alone, so take this path away"));
        continue;
      }
      reportOverlap(paths, path, item);
      addOnce(paths, path, item);
    }
    return List.copyOf(paths.keySet());
  }

  private static boolean isWildcard(String key) {
    return key.equals("*") || key.endsWith("]");
  }

  private void reportOverlap(Map<XdmPath, ConfigNode> earlier, XdmPath path, ConfigNode item) {
    for (Map.Entry<XdmPath, ConfigNode> other : earlier.entrySet()) {
      if (path.equals(other.getKey())) {
        continue;
      }
      String line = " (line " + other.getValue().line() + ")";
      if (other.getKey().contains(path)) {
        problems.add(item.problem(path + " lies within " + other.getKey() + line));
      } else if (path.contains(other.getKey())) {
        problems.add(item.problem(path + " contains " + other.getKey() + line));
      }
    }
  }

  private static ConsentRules consent(ConfigNode node) {
    List<Consent> require =
        node.get("require")
            .map(list -> list.items().stream().map(DestinationBinding::consentNamed).toList())
            .orElse(ConsentRules.DEFAULT.require());
    List<ConsentRules.Subscription> subscriptions =
        node.get("subscriptions").map(DestinationBinding::subscriptions).orElse(List.of());
    MissingConsent missing =
        node.text("missing").orElse("allow").equals("deny")
            ? MissingConsent.DENY
            : MissingConsent.ALLOW;
    return new ConsentRules(
        require,
        subscriptions,
        node.text("preferredChannel"),
        texts(node, "policyResults", List.of()),
        missing);
  }

  private static List<ConsentRules.Subscription> subscriptions(ConfigNode node) {
    List<ConsentRules.Subscription> subscriptions = new ArrayList<>();
    for (String key : node.keys()) {
      Consent channel = Consent.ofChannel(key).orElseThrow();
      node.list(key)
          .forEach(
              name -> subscriptions.add(new ConsentRules.Subscription(channel, name.asText())));
    }
    return subscriptions;
  }

  private static Consent consentNamed(ConfigNode node) {
    return Consent.named(node.asText()).orElseThrow();
  }

  private static List<String> texts(ConfigNode node, String key, List<String> otherwise) {
    return node.get(key)
        .map(list -> list.items().stream().map(ConfigNode::asText).toList())
        .orElse(otherwise);
  }

  private Delivery delivery(ConfigNode node) {
    Delivery usual = Delivery.DEFAULT;
    Delivery delivery =
        new Delivery(
            duration(node, "retryFor", usual.retryFor()),
            node.integer("maxAttempts").orElse(usual.maxAttempts()),
            duration(node, "backoffMin", usual.backoffMin()),
            duration(node, "backoffMax", usual.backoffMax()),
            node.integer("callsInFlight").orElse(usual.callsInFlight()),
            node.integer("maxRecordBytes").orElse(usual.maxRecordBytes()),
            node.text("order").orElse(usual.order()));
    if (delivery.backoffMin().compareTo(delivery.backoffMax()) > 0) {
      problems.add(
          node.get("backoffMin")
              .or(() -> node.get("backoffMax"))
              .orElse(node)
              .problem("backoffMin must not be longer than backoffMax"));
    }
    return delivery;
  }

  private Duration duration(ConfigNode node, String key, Duration otherwise) {
    Duration duration = node.text(key).map(DestinationBinding::duration).orElse(otherwise);
    if (duration.compareTo(LONGEST_DURATION) > 0) {
      problems.add(node.get(key).orElse(node).problem("must not be longer than 366d"));
    }
    return duration;
  }

  private static Duration duration(String text) {
    String unit = text.replaceFirst("^[0-9]+", "");
    long amount = Long.parseLong(text.substring(0, text.length() - unit.length()));
    return switch (unit) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> Duration.ZERO;
    };
  }
}
