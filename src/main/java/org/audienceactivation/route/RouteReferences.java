package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.util.StringHelper;
import org.audienceactivation.config.ConfigNode;
import org.audienceactivation.config.Problem;

/** What one route file refers to and what does not exist: beans, endpoints, configurations. */
final class RouteReferences {
  /** Steps whose {@code ref} names a bean. */
  private static final Set<String> STEPS_WITH_REF =
      Set.of("process", "method", "bean", "policy", "refErrorHandler", "customLoadBalancer");

  /** Keys of steps that name a bean. */
  private static final Set<String> BEAN_KEYS =
      Set.of(
          "aggregationStrategy",
          "aggregationRepository",
          "aggregateController",
          "idempotentRepository",
          "onPrepare",
          "onPrepareFailureRef",
          "onRedeliveryRef",
          "onExceptionOccurredRef",
          "redeliveryPolicyRef",
          "errorHandlerRef",
          "routePolicy");

  private static final Set<String> URI_STEPS =
      Set.of("to", "toD", "wireTap", "from", "poll", "deadLetterUri");

  private final RouteNames names;
  private final EndpointChecks endpoints;
  private final Predicate<String> isOff;
  private final List<Problem> problems = new ArrayList<>();
  private boolean isSwitchedOff;

  /**
   * References among these names.
   *
   * @param isOff whether a route with this precondition does not run
   */
  RouteReferences(RouteNames names, EndpointChecks endpoints, Predicate<String> isOff) {
    this.names = names;
    this.endpoints = endpoints;
    this.isOff = isOff;
  }

  List<Problem> problems(ConfigNode file) {
    visit(file, "");
    return problems;
  }

  private void visit(ConfigNode node, String name) {
    if (node.isList()) {
      node.items().forEach(item -> visit(item, name));
    }
    if (!node.isMapping()) {
      return;
    }
    if (STEPS_WITH_REF.contains(name)) {
      node.get("ref").ifPresent(ref -> requireBean(ref, "ref"));
    }
    node.get("uri").ifPresent(uri -> checkEndpoint(name, uri, node.get("parameters")));
    for (String key : node.keys()) {
      visitKey(StringHelper.dashToCamelCase(key), node.get(key).orElseThrow());
    }
  }

  private void visitKey(String key, ConfigNode value) {
    switch (key) {
      case "parameters" -> checkReferencesIn(value);
      case "properties", "constructors" -> {
        // of a bean; what they mean, its class says
      }
      case "route" -> checkRoute(value, "route " + value.text("id").orElse("without id"));
      case "routeTemplate" -> checkTemplate(value);
      case "executorService" -> requireThreads(value);
      default -> {
        if (BEAN_KEYS.contains(key) && value.isText()) {
          requireBean(value, key);
        } else if (URI_STEPS.contains(key) && value.isText()) {
          checkEndpoint(key, value, Optional.empty());
        }
        visit(value, key);
      }
    }
  }

  private void checkTemplate(ConfigNode template) {
    String name = "route template " + template.text("id").orElse("without id");
    template.get("route").ifPresent(route -> checkRoute(route, name));
    template.get("from").ifPresent(from -> visit(from, "from"));
    for (String key : template.keys()) {
      boolean isDone = key.equals("route") || key.equals("from") || key.equals("parameters");
      if (!isDone) {
        visit(template.get(key).orElseThrow(), key);
      }
    }
  }

  private void checkRoute(ConfigNode route, String name) {
    Optional<ConfigNode> configuration =
        route.get("routeConfigurationId").or(() -> route.get("route-configuration-id"));
    if (configuration.isEmpty()) {
      add(route, name + ": " + RouteChecks.namesNoConfiguration(names.routeConfigurations()));
    } else {
      checkConfiguration(configuration.get(), name);
    }
    isSwitchedOff = route.text("precondition").filter(isOff).isPresent();
    visit(route, "route");
    isSwitchedOff = false;
  }

  private void checkConfiguration(ConfigNode named, String route) {
    for (String pattern : named.asText().split(",", -1)) {
      boolean exists =
          pattern.contains("{{")
              || names.routeConfigurations().stream()
                  .anyMatch(id -> PatternHelper.matchPattern(id, pattern.trim()));
      if (!exists) {
        add(
            named,
            route
                + ": "
                + RouteChecks.noSuchConfiguration(pattern.trim(), names.routeConfigurations()));
      }
    }
  }

  private void checkEndpoint(String step, ConfigNode uri, Optional<ConfigNode> parameters) {
    if (!uri.isText()) {
      return;
    }
    String text = uri.asText();
    boolean isDynamic = text.startsWith("{{") || text.startsWith("${");
    boolean isUnused = isSwitchedOff && step.equals("from") && EndpointChecks.lacksComponent(text);
    if (isDynamic || isUnused) {
      return;
    }
    problems.addAll(endpoints.problems(uri, parameters.filter(ConfigNode::isMapping)));
    String address = StringHelper.before(text, "?", text);
    boolean mustBeRead =
        address.startsWith("direct:") && !address.contains("{") && !step.equals("from");
    if (mustBeRead && !names.directInputs().contains(address)) {
      add(uri, "no route reads " + address + "; " + Nearest.allowed(address, names.directInputs()));
    }
  }

  /** Values such as <code>#name</code> among the options of an endpoint. */
  private void checkReferencesIn(ConfigNode parameters) {
    for (String key : parameters.keys()) {
      ConfigNode value = parameters.get(key).orElseThrow();
      if (value.isText() && value.asText().startsWith("#")) {
        requireBean(value, key);
      }
    }
  }

  private void requireBean(ConfigNode reference, String key) {
    for (String one : reference.asText().split(",", -1)) {
      String written = one.trim();
      if (!names.knowsAllBeans() || written.contains("{{") || written.contains("${")) {
        continue;
      }
      boolean makesOne =
          written.startsWith("#class:")
              || written.startsWith("#type:")
              || written.startsWith("#property:")
              || written.startsWith("#autowired");
      String bean = written.replaceFirst("^#(bean:)?", "");
      if (!makesOne && !names.beans().contains(bean)) {
        add(reference, key + ": no bean \"" + bean + "\"; " + Nearest.allowed(bean, names.beans()));
      }
    }
  }

  private void requireThreads(ConfigNode reference) {
    String name = reference.asText();
    if (name.startsWith("#")) {
      requireBean(reference, "executorService");
      return;
    }
    boolean isKnown =
        !names.knowsAllBeans()
            || name.contains("{{")
            || names.threadPools().contains(name)
            || names.beans().contains(name);
    if (!isKnown) {
      Set<String> allowed = new LinkedHashSet<>(names.threadPools());
      add(
          reference,
          "executorService: no thread pool \""
              + name
              + "\"; "
              + Nearest.allowed(name, allowed)
              + " (camel.threadpool.config[NAME] in application.properties)");
    }
  }

  private void add(ConfigNode node, String message) {
    problems.add(new Problem(node.file(), node.line(), message));
  }
}
