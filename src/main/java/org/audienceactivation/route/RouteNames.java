package org.audienceactivation.route;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.util.StringHelper;
import org.audienceactivation.config.ConfigNode;

/**
 * What route files may refer to by name.
 *
 * @param beans those that the application binds, and those that files and properties declare
 * @param threadPools the profiles in application.properties
 * @param routeConfigurations the ids in all files
 * @param directInputs every URI that begins with {@code direct:} and that some route reads
 * @param knowsAllBeans false if Camel is told to look for beans in classes, which are not read here
 */
record RouteNames(
    Set<String> beans,
    Set<String> threadPools,
    Set<String> routeConfigurations,
    Set<String> directInputs,
    boolean knowsAllBeans) {

  private static final Pattern BEAN = Pattern.compile("camel\\.beans\\.([^.\\[]+).*");
  private static final Pattern POOL = Pattern.compile("camel\\.threadpool\\.config\\[([^]]+)].*");

  /** Properties that make Camel find beans by itself, without dashes, in lower case. */
  private static final Set<String> SCANNING =
      Set.of("camel.main.basepackagescan", "camel.main.configurationclasses");

  static RouteNames of(Collection<ConfigNode> files, Set<String> properties) {
    RouteNames names =
        new RouteNames(
            new LinkedHashSet<>(PipelineBeans.NAMES),
            new LinkedHashSet<>(),
            new LinkedHashSet<>(),
            new LinkedHashSet<>(),
            properties.stream().noneMatch(RouteNames::scans));
    properties.forEach(names::addProperty);
    files.forEach(names::add);
    return names;
  }

  private static boolean scans(String key) {
    return SCANNING.contains(key.replace("-", "").toLowerCase(Locale.ROOT));
  }

  private void addProperty(String key) {
    Matcher bean = BEAN.matcher(key);
    if (bean.matches()) {
      beans.add(bean.group(1));
    }
    Matcher pool = POOL.matcher(key);
    if (pool.matches()) {
      threadPools.add(pool.group(1));
    }
  }

  private void add(ConfigNode node) {
    node.items().forEach(this::add);
    for (String key : node.keys()) {
      ConfigNode value = node.get(key).orElseThrow();
      switch (StringHelper.dashToCamelCase(key)) {
        case "beans" -> addAll(value.items());
        case "routeConfiguration" -> value.text("id").ifPresent(routeConfigurations::add);
        case "from" -> addInput(value.isMapping() ? value.text("uri").orElse("") : value.asText());
        default -> {
          // nothing that others refer to
        }
      }
      add(value);
    }
  }

  private void addAll(List<ConfigNode> declared) {
    declared.forEach(bean -> bean.text("name").ifPresent(beans::add));
  }

  private void addInput(String uri) {
    if (uri.startsWith("direct:")) {
      directInputs.add(StringHelper.before(uri, "?", uri));
    }
  }
}
