package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.ConfigurationPropertiesValidationResult;
import org.apache.camel.tooling.model.JsonMapper;
import org.apache.camel.tooling.model.MainModel;
import org.apache.camel.util.StringHelper;
import org.audienceactivation.config.Problem;
import org.audienceactivation.kinesis.BatchKinesisUriFactory;

/**
 * The {@code camel.…} keys of application.properties against Camel's catalogue. Camel itself takes
 * {@code abc} for 0, {@code 30s} for 30000 seconds, and an unknown group for nothing at all.
 */
final class CamelProperties {
  private static final String PREFIX = "camel.";
  private static final String BATCH_COMPONENT = "camel.component.aws2-kinesis-batch.";
  private static final String COMPONENT = "camel.component.aws2-kinesis.";
  private static final Set<String> OUR_OPTIONS = new BatchKinesisUriFactory().propertyNames();
  private static final Pattern THREAD_POOL =
      Pattern.compile("camel\\.threadpool\\.config\\[[^]]+]\\.(.+)");

  /** Groups whose keys the user chooses, so that no catalogue knows them. */
  private static final Set<String> FREE_GROUPS = Set.of("beans", "variable");

  private static final Set<String> COMPONENT_GROUPS = Set.of("component", "dataformat", "language");

  private final CamelCatalog catalog;
  private final MainModel main;

  CamelProperties(CamelCatalog catalog) {
    this.catalog = catalog;
    this.main = JsonMapper.generateMainModel(catalog.mainJsonSchema());
  }

  List<Problem> problems(ApplicationProperties properties) {
    List<Problem> problems = new ArrayList<>();
    for (String key : properties.keys()) {
      if (key.startsWith(PREFIX)) {
        problems.addAll(problems(properties, key));
      }
    }
    return problems;
  }

  private List<Problem> problems(ApplicationProperties properties, String key) {
    String group = StringHelper.before(key.substring(PREFIX.length()), ".", "");
    if (FREE_GROUPS.contains(group)) {
      return List.of();
    }
    Set<String> groups = groups();
    if (groups.stream().noneMatch(known -> plain(known).equals(plain(group)))) {
      return List.of(
          properties.problem(
              key, "unknown group, which Camel would ignore; " + Nearest.allowed(group, groups)));
    }
    String value;
    try {
      value = properties.text(key);
    } catch (RuntimeException e) {
      return List.of(properties.problem(key, "has a placeholder that has no value"));
    }
    String checked = inCatalogue(key);
    if (OUR_OPTIONS.contains(StringHelper.after(checked, COMPONENT, ""))) {
      return List.of();
    }
    return said(
        properties, key, value, catalog.validateConfigurationProperty(checked + "=" + value));
  }

  /** The key under which the catalogue knows an option. */
  private static String inCatalogue(String key) {
    Matcher pool = THREAD_POOL.matcher(key);
    if (pool.matches()) {
      return "camel.threadpool." + pool.group(1);
    }
    return key.startsWith(BATCH_COMPONENT)
        ? COMPONENT + key.substring(BATCH_COMPONENT.length())
        : key;
  }

  private Set<String> groups() {
    Set<String> groups = new LinkedHashSet<>(FREE_GROUPS);
    groups.addAll(COMPONENT_GROUPS);
    for (MainModel.MainGroupModel group : main.getGroups()) {
      groups.add(StringHelper.before(group.getName().substring(PREFIX.length()) + ".", "."));
    }
    return groups;
  }

  private List<Problem> said(
      ApplicationProperties properties,
      String key,
      String value,
      ConfigurationPropertiesValidationResult result) {
    List<Problem> problems = new ArrayList<>();
    if (result.getUnknownComponent() != null) {
      problems.add(properties.problem(key, "no such component, data format or language"));
    }
    if (result.getUnknown() != null) {
      problems.add(
          properties.problem(
              key, "unknown key; " + Nearest.allowed(inCatalogue(key), keysLike(key))));
    }
    String wrong = "\"" + value + "\" is not allowed; allowed: ";
    if (result.getInvalidEnum() != null) {
      String[] choices = result.getInvalidEnumChoices().values().iterator().next();
      problems.add(properties.problem(key, wrong + String.join(", ", choices)));
    }
    if (isSet(result.getInvalidBoolean())) {
      problems.add(properties.problem(key, wrong + "true, false"));
    }
    if (isSet(result.getInvalidInteger())) {
      problems.add(properties.problem(key, wrong + "a whole number" + unit(key)));
    }
    if (isSet(result.getInvalidNumber())) {
      problems.add(properties.problem(key, wrong + "a number"));
    }
    if (isSet(result.getInvalidDuration())) {
      problems.add(properties.problem(key, wrong + "a time such as 500ms, 5s or 1h30m"));
    }
    return problems;
  }

  private static boolean isSet(Map<String, String> findings) {
    return findings != null && !findings.isEmpty();
  }

  /** In which unit a number is meant, where the catalogue says so. */
  private String unit(String key) {
    boolean inSeconds =
        main.getOptions().stream()
            .filter(option -> plain(option.getName()).equals(plain(inCatalogue(key))))
            .anyMatch(option -> String.valueOf(option.getDescription()).contains("seconds"));
    return inSeconds ? " of seconds" : "";
  }

  private Set<String> keysLike(String key) {
    String known = inCatalogue(key);
    String group = known.substring(0, known.lastIndexOf('.') + 1);
    Set<String> keys = new LinkedHashSet<>();
    main.getOptions().stream()
        .map(MainModel.MainOptionModel::getName)
        .filter(name -> name.startsWith(group))
        .forEach(keys::add);
    return keys;
  }

  private static String plain(String name) {
    return name.replace("-", "").toLowerCase(Locale.ROOT);
  }
}
