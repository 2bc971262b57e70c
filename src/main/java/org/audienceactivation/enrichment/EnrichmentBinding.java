package org.audienceactivation.enrichment;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.ConfigSchema;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.LenientTime;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Sha256;
import org.audienceactivation.profile.XdmPath;

/** Makes rules of a tree that the schema accepts, and checks what no schema can. */
final class EnrichmentBinding {
  private static final ConfigSchema SCHEMA = ConfigSchema.named("enrichment");

  /** Who is who, who is in what, and what was consented to is no rule's business. */
  private static final Set<String> UNTOUCHABLE = untouchable();

  private static final String NAME = "[A-Za-z_][A-Za-z0-9_]*";
  private static final int CACHE_ENTRIES = 100_000;
  private static final Duration CACHED_FOR = Duration.ofMinutes(10);

  private final Path home;
  private final List<Problem> problems = new ArrayList<>();
  private final List<JdbcTable> tables = new ArrayList<>();

  private EnrichmentBinding(Path home) {
    this.home = home;
  }

  private static Set<String> untouchable() {
    Set<String> keys =
        new LinkedHashSet<>(
            List.of("segmentMembership", "segments", "identityMap", "identities", "consents"));
    keys.addAll(Profile.CONSENT_RESULTS);
    return keys;
  }

  static Checked<EnrichmentRules> read(
      String file, String yaml, UnaryOperator<String> placeholders, Path home) {
    return SCHEMA
        .read(file, yaml, placeholders)
        .flatMap(root -> new EnrichmentBinding(home).bind(root));
  }

  private Checked<EnrichmentRules> bind(ConfigNode root) {
    List<Rule> rules = new ArrayList<>();
    for (ConfigNode node : root.list("rules")) {
      rule(node).ifPresent(rules::add);
    }
    if (!problems.isEmpty()) {
      tables.forEach(JdbcTable::close);
    }
    return Checked.of(new EnrichmentRules(rules, tables), problems);
  }

  private Optional<Rule> rule(ConfigNode node) {
    return switch (node.requiredText("do")) {
      case "concatenate" -> concatenation(node);
      case "lower" -> derivation(node, text -> text.toLowerCase(Locale.ROOT));
      case "upper" -> derivation(node, text -> text.toUpperCase(Locale.ROOT));
      case "trim" -> derivation(node, String::strip);
      case "sha256" -> elsewhere(node, text -> Optional.of(Sha256.hex(text)));
      case "date" -> date(node);
      case "rename" -> both(node).map(paths -> new Move(paths.get(0), paths.get(1)));
      case "default" -> defaultValue(node);
      case "remove" -> path(node, "from").map(Removal::new);
      default -> lookup(node);
    };
  }

  private Optional<XdmPath> path(ConfigNode node, String key) {
    Optional<ConfigNode> found = node.get(key);
    if (found.isEmpty() || !found.get().isText()) {
      problems.add(node.problem(node.requiredText("do") + " needs " + key + ": an attribute path"));
      return Optional.empty();
    }
    return usable(found.get(), found.get().asText());
  }

  private Optional<XdmPath> usable(ConfigNode where, String text) {
    XdmPath path;
    try {
      path = XdmPath.of(text);
    } catch (IllegalArgumentException e) {
      problems.add(where.problem(text + ": keys joined by dots, such as person.name.firstName"));
      return Optional.empty();
    }
    if (UNTOUCHABLE.contains(path.segments().get(0))) {
      problems.add(
          where.problem(
              path
                  + ": rules make attributes of attributes; identities, memberships and consents"
                  + " are none"));
      return Optional.empty();
    }
    return Optional.of(path);
  }

  /** From and to, which must not be the same. */
  private Optional<List<XdmPath>> both(ConfigNode node) {
    Optional<XdmPath> from = path(node, "from");
    Optional<XdmPath> to = path(node, "to");
    if (from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    if (from.get().contains(to.get()) || to.get().contains(from.get())) {
      problems.add(
          node.problem(
              "from and to must not lie within each other: what comes again would be made twice"));
      return Optional.empty();
    }
    return Optional.of(List.of(from.get(), to.get()));
  }

  /** One that may stand in the place of what it is made of: made again it is the same. */
  private Optional<Rule> derivation(ConfigNode node, UnaryOperator<String> making) {
    Optional<XdmPath> from = path(node, "from");
    Optional<XdmPath> to = node.get("to").isPresent() ? path(node, "to") : from;
    return from.isEmpty() || to.isEmpty()
        ? Optional.empty()
        : Optional.of(Derivation.of(from.get(), to.get(), text -> Optional.of(making.apply(text))));
  }

  private Optional<Rule> elsewhere(ConfigNode node, Function<String, Optional<String>> making) {
    return both(node).map(paths -> Derivation.of(paths.get(0), paths.get(1), making));
  }

  private Optional<Rule> concatenation(ConfigNode node) {
    Optional<ConfigNode> parts = node.get("from").filter(ConfigNode::isList);
    Optional<XdmPath> to = path(node, "to");
    if (parts.isEmpty()) {
      problems.add(node.problem("concatenate needs from: a list of attribute paths"));
      return Optional.empty();
    }
    List<XdmPath> paths = new ArrayList<>();
    parts.get().items().forEach(item -> usable(item, item.asText()).ifPresent(paths::add));
    boolean isWithin =
        to.isPresent()
            && paths.stream().anyMatch(one -> one.contains(to.get()) || to.get().contains(one));
    if (isWithin) {
      problems.add(
          node.problem("to must not be one of from: what comes again would be made twice"));
    }
    if (to.isEmpty() || isWithin || paths.size() < parts.get().items().size()) {
      return Optional.empty();
    }
    String separator = node.text("separator").orElse(" ");
    return Optional.of(
        new Derivation(
            Set.copyOf(paths), to.get(), attributes -> joined(attributes, paths, separator)));
  }

  /** Of those that are there. */
  private static Optional<String> joined(
      JsonValue.Obj attributes, List<XdmPath> paths, String separator) {
    String joined =
        paths.stream()
            .flatMap(path -> Texts.at(path, attributes).stream())
            .collect(Collectors.joining(separator));
    return joined.isEmpty() ? Optional.empty() : Optional.of(joined);
  }

  private Optional<Rule> date(ConfigNode node) {
    Optional<DateTimeFormatter> output = formatter(node, "pattern");
    Optional<DateTimeFormatter> input = formatter(node, "inputPattern");
    Optional<ZoneId> zone = zone(node);
    if (node.get("pattern").isEmpty()) {
      problems.add(node.problem("date needs pattern: how it is written, such as yyyy-MM-dd"));
    }
    if (output.isEmpty() || zone.isEmpty()) {
      return Optional.empty();
    }
    return elsewhere(node, text -> date(text, input, output.get(), zone.get()));
  }

  private Optional<DateTimeFormatter> formatter(ConfigNode node, String key) {
    Optional<ConfigNode> pattern = node.get(key);
    try {
      return pattern.map(one -> DateTimeFormatter.ofPattern(one.asText(), Locale.ROOT));
    } catch (IllegalArgumentException e) {
      problems.add(pattern.orElseThrow().problem("no pattern of a date, such as yyyy-MM-dd"));
      return Optional.empty();
    }
  }

  private Optional<ZoneId> zone(ConfigNode node) {
    Optional<ConfigNode> zone = node.get("timeZone");
    try {
      return Optional.of(zone.map(one -> ZoneId.of(one.asText())).orElse(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      problems.add(zone.orElseThrow().problem("no time zone, such as Europe/Paris"));
      return Optional.empty();
    }
  }

  private static Optional<String> date(
      String text, Optional<DateTimeFormatter> input, DateTimeFormatter output, ZoneId zone) {
    try {
      return input.isPresent()
          ? Optional.of(output.format(parsed(text, input.get(), zone)))
          : LenientTime.parse(text)
              .map(at -> output.format(at.atZone(zone)))
              .or(() -> day(text, output, zone));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static ZonedDateTime parsed(String text, DateTimeFormatter input, ZoneId zone) {
    TemporalAccessor read =
        input.parseBest(text, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
    if (read instanceof OffsetDateTime withOffset) {
      return withOffset.atZoneSameInstant(zone);
    }
    return read instanceof LocalDateTime local
        ? local.atZone(zone)
        : ((LocalDate) read).atStartOfDay(zone);
  }

  /** A day alone, or milliseconds since 1970. */
  private static Optional<String> day(String text, DateTimeFormatter output, ZoneId zone) {
    if (text.matches("-?\\d{9,15}")) {
      return Optional.of(output.format(Instant.ofEpochMilli(Long.parseLong(text)).atZone(zone)));
    }
    return Optional.of(output.format(LocalDate.parse(text).atStartOfDay(zone)));
  }

  private Optional<Rule> defaultValue(ConfigNode node) {
    Optional<ConfigNode> value = node.get("value");
    if (value.isEmpty()) {
      problems.add(node.problem("default needs value"));
    }
    return value.isEmpty()
        ? Optional.empty()
        : path(node, "to").map(to -> new Default(to, new JsonValue.Text(value.get().asText())));
  }

  private Optional<Rule> lookup(ConfigNode node) {
    Optional<XdmPath> key = path(node, "from");
    Map<String, XdmPath> columns = new LinkedHashMap<>();
    Optional<ConfigNode> listed = node.get("columns");
    if (listed.isEmpty() || listed.get().keys().isEmpty()) {
      problems.add(node.problem("lookup needs columns: where the value of each column goes"));
      return Optional.empty();
    }
    for (String column : listed.get().keys()) {
      ConfigNode to = listed.get().get(column).orElseThrow();
      usable(to, to.asText()).ifPresent(path -> columns.put(column, path));
    }
    boolean writesItsKey =
        key.isPresent() && columns.values().stream().anyMatch(to -> to.contains(key.get()));
    if (writesItsKey) {
      problems.add(node.problem("a column must not take the place of from, by which it is found"));
    }
    Optional<Lookup.Table> table = table(node, columns.keySet());
    return key.isPresent() && table.isPresent()
        ? Optional.of(new Lookup(key.get(), table.get(), Map.copyOf(columns)))
        : Optional.empty();
  }

  private Optional<Lookup.Table> table(ConfigNode node, Set<String> columns) {
    Optional<ConfigNode> file = node.get("file");
    Optional<ConfigNode> jdbc = node.get("jdbc");
    if (file.isPresent() == jdbc.isPresent()) {
      problems.add(node.problem("lookup needs either file or jdbc"));
      return Optional.empty();
    }
    String key = node.text("key").orElse("id");
    return file.isPresent() ? csv(file.get(), key, columns) : jdbc(node, jdbc.get(), key, columns);
  }

  private Optional<Lookup.Table> csv(ConfigNode file, String key, Set<String> columns) {
    try {
      Checked<Lookup.Table> read =
          CsvTable.read(file.asText(), home.resolve(file.asText()), key, columns);
      problems.addAll(read.problems());
      return read.toOptional();
    } catch (InvalidPathException e) {
      problems.add(file.problem("no name of a file"));
      return Optional.empty();
    }
  }

  private Optional<Lookup.Table> jdbc(
      ConfigNode node, ConfigNode jdbc, String key, Set<String> columns) {
    String table = jdbc.requiredText("table");
    List<String> names = new ArrayList<>(columns);
    names.add(key);
    boolean areNames =
        names.stream().allMatch(name -> name.matches(NAME))
            && table.matches(NAME + "(\\." + NAME + ")?");
    if (!areNames) {
      problems.add(
          jdbc.problem("table, key and columns must be names: letters, digits and underscores"));
      return Optional.empty();
    }
    if (!jdbc.requiredText("url").startsWith("jdbc:")) {
      problems.add(jdbc.problem("url must be of the form jdbc:postgresql://HOST/DATABASE"));
      return Optional.empty();
    }
    JdbcTable made =
        new JdbcTable(
            jdbc.requiredText("url"),
            jdbc.text("user").orElse(""),
            jdbc.text("password").orElse(""),
            table,
            key,
            columns,
            node.integer("cacheEntries").orElse(CACHE_ENTRIES),
            node.integer("cacheSeconds").map(Duration::ofSeconds).orElse(CACHED_FOR));
    tables.add(made);
    return Optional.of(made);
  }
}
