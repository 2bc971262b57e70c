package org.audienceactivation.route;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.catalog.CamelCatalog;
import org.apache.camel.catalog.EndpointValidationResult;
import org.apache.camel.tooling.model.BaseOptionModel;
import org.apache.camel.tooling.model.ComponentModel;
import org.apache.camel.util.StringHelper;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.Problem;
import org.audienceactivation.kinesis.BatchKinesisUriFactory;

/**
 * Endpoints of route files against Camel's catalogue: does the component exist, does it have these
 * options, are the values of their type. Placeholders and references may become anything, so they
 * are let through; what an option's value means is the component's business when it starts.
 */
final class EndpointChecks {
  private static final Set<String> KINESIS = Set.of("aws2-kinesis", "aws2-kinesis-batch");
  private static final List<String> COMMON =
      List.of(
          "amqp",
          "aws2-kinesis",
          "aws2-sqs",
          "bean",
          "direct",
          "file",
          "jms",
          "kafka",
          "log",
          "rest");
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9.+-]*");
  private static final Pattern DURATION = Pattern.compile("(?i)\\d+(ms|s|m|h|d)(\\d+(ms|s|m|h))*");
  private static final Set<String> OURS = new BatchKinesisUriFactory().propertyNames();

  private final CamelCatalog catalog;
  private final Set<String> beans;

  EndpointChecks(CamelCatalog catalog, Set<String> beans) {
    this.catalog = catalog;
    this.beans = Set.copyOf(beans);
  }

  /** Whether the endpoint's component is missing. */
  static boolean lacksComponent(String uri) {
    String scheme = scheme(uri);
    return SCHEME.matcher(scheme).matches() && !hasComponent(scheme);
  }

  private static String scheme(String uri) {
    String scheme = StringHelper.before(StringHelper.before(uri, "?", uri), ":", uri);
    return StringHelper.before(scheme, "?", scheme);
  }

  /**
   * The mistakes of one endpoint.
   *
   * @param parameters the mapping beside the URI, if there is one
   */
  List<Problem> problems(ConfigNode uri, Optional<ConfigNode> parameters) {
    String text = uri.asText();
    String scheme = scheme(text);
    if (!SCHEME.matcher(scheme).matches()
        || (beans.contains(scheme) && !KINESIS.contains(scheme))) {
      return List.of();
    }
    if (!hasComponent(scheme)) {
      return List.of(
          problem(
              uri,
              "no component \""
                  + scheme
                  + "\" among the libraries; allowed: one of "
                  + String.join(", ", COMMON.stream().filter(EndpointChecks::hasComponent).toList())
                  + ", or any for whose library is beside the program"));
    }
    String known = KINESIS.contains(scheme) ? "aws2-kinesis" : scheme;
    ComponentModel model = catalog.componentModel(known);
    return model == null ? List.of() : problems(model, uri, parameters);
  }

  private static boolean hasComponent(String scheme) {
    return EndpointChecks.class.getResource(
            "/META-INF/services/org/apache/camel/component/" + scheme)
        != null;
  }

  private List<Problem> problems(
      ComponentModel model, ConfigNode uri, Optional<ConfigNode> parameters) {
    Map<String, ConfigNode> places = new LinkedHashMap<>();
    Map<String, String> options = optionsOf(uri, places);
    parameters.ifPresent(
        mapping ->
            mapping
                .keys()
                .forEach(
                    key -> {
                      String option = StringHelper.dashToCamelCase(key);
                      places.put(option, mapping.get(key).orElseThrow());
                      options.put(option, mapping.get(key).orElseThrow().asText());
                    }));
    Set<String> path = names(model.getEndpointPathOptions());
    options.keySet().removeIf(name -> path.contains(name) || isOurs(model, name));
    options.values().removeIf(value -> value.contains("{{") || value.startsWith("#"));
    if (options.isEmpty()) {
      return List.of();
    }
    EndpointValidationResult result =
        catalog.validateEndpointProperties(uriOf(model.getScheme(), options), true);
    return new Findings(model, places, options).of(result);
  }

  private static boolean isOurs(ComponentModel model, String name) {
    return KINESIS.contains(model.getScheme()) && OURS.contains(name);
  }

  private static Map<String, String> optionsOf(ConfigNode uri, Map<String, ConfigNode> places) {
    Map<String, String> options = new LinkedHashMap<>();
    String query = StringHelper.after(uri.asText(), "?", "");
    boolean isDynamic = query.contains("${") || query.contains("{{") || query.contains("RAW");
    if (isDynamic) {
      return options;
    }
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String name = StringHelper.before(pair, "=", pair);
      options.put(
          name, URLDecoder.decode(StringHelper.after(pair, "=", ""), StandardCharsets.UTF_8));
      places.put(name, uri);
    }
    return options;
  }

  /** The catalogue wants a path; which one does not matter for the options. */
  private static String uriOf(String scheme, Map<String, String> options) {
    List<String> pairs = new ArrayList<>();
    options.forEach(
        (name, value) -> pairs.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return scheme + ":x?" + String.join("&", pairs);
  }

  private static Set<String> names(List<? extends BaseOptionModel> options) {
    Set<String> names = new LinkedHashSet<>();
    options.forEach(option -> names.add(option.getName()));
    return names;
  }

  private static Problem problem(ConfigNode node, String message) {
    return new Problem(node.file(), node.line(), message);
  }

  /** Puts the catalogue's findings on one endpoint into words. */
  private record Findings(
      ComponentModel model, Map<String, ConfigNode> places, Map<String, String> options) {

    List<Problem> of(EndpointValidationResult result) {
      List<Problem> problems = new ArrayList<>();
      for (String unknown : orEmpty(result.getUnknown())) {
        Set<String> allowed = names(model.getEndpointParameterOptions());
        if (KINESIS.contains(model.getScheme())) {
          allowed.addAll(OURS);
        }
        problems.add(
            at(
                unknown,
                "unknown option of "
                    + model.getScheme()
                    + "; "
                    + Nearest.allowed(unknown, allowed)));
      }
      orEmpty(result.getInvalidEnum())
          .forEach(
              (name, value) -> {
                if (options.containsKey(name)) { // else it is of the path, which is made up
                  problems.add(
                      wrong(name, String.join(", ", result.getInvalidEnumChoices().get(name))));
                }
              });
      orEmpty(result.getInvalidBoolean())
          .forEach((name, value) -> problems.add(wrong(name, "true, false")));
      orEmpty(result.getInvalidInteger())
          .forEach(
              (name, value) -> {
                if (!isTimeInMillis(name)) {
                  problems.add(wrong(name, "a whole number"));
                }
              });
      orEmpty(result.getInvalidNumber())
          .forEach((name, value) -> problems.add(wrong(name, "a number")));
      orEmpty(result.getInvalidDuration())
          .forEach((name, value) -> problems.add(wrong(name, "a time such as 500ms, 5s or 1h30m")));
      return problems;
    }

    /** Camel reads 5s as 5000 here, which is meant where the option counts milliseconds. */
    private boolean isTimeInMillis(String name) {
      return DURATION.matcher(options.getOrDefault(name, "")).matches()
          && model.getEndpointParameterOptions().stream()
              .anyMatch(
                  option ->
                      option.getName().equals(name)
                          && String.valueOf(option.getDescription()).contains("illis"));
    }

    private Problem wrong(String name, String allowed) {
      boolean isSecret =
          model.getEndpointParameterOptions().stream()
              .anyMatch(option -> option.getName().equals(name) && option.isSecret());
      String value = isSecret ? "the value" : "\"" + options.get(name) + "\"";
      return at(name, value + " is not allowed; allowed: " + allowed);
    }

    private Problem at(String name, String message) {
      ConfigNode place = Optional.ofNullable(places.get(name)).orElseGet(() -> first());
      return problem(place, name + ": " + message);
    }

    private ConfigNode first() {
      return places.values().iterator().next();
    }

    private static Set<String> orEmpty(Set<String> names) {
      return names == null ? Set.of() : names;
    }

    private static Map<String, String> orEmpty(Map<String, String> values) {
      return values == null ? Map.of() : values;
    }
  }
}
