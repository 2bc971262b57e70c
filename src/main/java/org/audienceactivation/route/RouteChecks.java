package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SplitDefinition;
import org.apache.camel.model.ToDefinition;
import org.apache.camel.model.language.MethodCallExpression;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.PatternHelper;
import org.apache.camel.util.StringHelper;
import org.audienceactivation.config.Problem;
import org.audienceactivation.kinesis.BatchKinesisComponent;

/**
 * What must hold of the routes before any of them starts, and what Camel does not look at: a route
 * configuration that does not exist is ignored by Camel, and a destination without governance would
 * run.
 */
final class RouteChecks {
  /** The steps that a destination's route must have, in this order. */
  private static final List<String> STEPS =
      List.of("select", "govern", "map", "detectChange", "settle");

  private static final String SPLIT = "split";

  /** The steps that the route with the batches must have, in this order. */
  private static final List<String> BATCH_STEPS = List.of("decode", "identify", SPLIT, "settle");

  private static final List<String> JMS_OPTIONS =
      List.of(
          "transacted=true",
          "lazyCreateTransactionManager=false",
          "messageConverter=#" + JmsBodies.BEAN,
          "disableReplyTo=true",
          "acceptMessagesWhileStopping=true");

  /**
   * What the endpoint of a route must have that takes messages, by its scheme: with other options
   * Camel would lose messages, mix them up, or run what their sender sent.
   */
  private static final Map<String, List<String>> NEEDED_OPTIONS =
      Map.of(
          "kafka",
          List.of(
              "kafkaClientFactory=#" + KafkaConnections.BEAN,
              "batching=true",
              "batchingIntervalMs=0",
              "allowManualCommit=true",
              "autoCommitEnable=false",
              "maxPollIntervalMs={{" + Setting.KAFKA_MAX_POLL_INTERVAL_MILLIS.key() + "}}"),
          "jms",
          JMS_OPTIONS,
          "activemq",
          JMS_OPTIONS,
          "activemq6",
          JMS_OPTIONS,
          "amqp",
          JMS_OPTIONS,
          "aws2-sqs",
          List.of(
              "amazonSQSClient=#" + SqsConnection.QUEUE,
              "exceptionHandler=#" + SqsConnection.GIVE_BACK,
              "maxMessagesPerPoll=1"));

  /** What it must not have, unless with the value that it has by itself. */
  private static final Map<String, List<String>> DEFAULTS_THAT_STAY =
      Map.of(
          "jms",
          List.of("asyncConsumer=false"),
          "activemq",
          List.of("asyncConsumer=false"),
          "activemq6",
          List.of("asyncConsumer=false"),
          "amqp",
          List.of("asyncConsumer=false"),
          "aws2-sqs",
          List.of("deleteAfterRead=true", "extendMessageVisibility=false"));

  private static final String CONFIGURATION = "routeConfigurationId";

  private final CamelContext context;
  private final Home home;
  private final ActivationOptions.Sources sources;
  private final List<Problem> problems = new ArrayList<>();

  private RouteChecks(CamelContext context, Home home, ActivationOptions.Sources sources) {
    this.context = context;
    this.home = home;
    this.sources = sources;
  }

  /** Every rule that the routes of the context break. */
  static List<Problem> problems(
      CamelContext context, Home home, ActivationOptions.Sources sources) {
    RouteChecks checks = new RouteChecks(context, home, sources);
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    for (RouteDefinition route : model.getRouteDefinitions()) {
      checks.checkConfiguration(route, model.getRouteConfigurationDefinitions());
      if (route.getRouteId().startsWith(DestinationRoutes.PREFIX)) {
        checks.checkDestination(route);
      }
      checks.checkSource(route);
      if (route.getInput().getEndpointUri().equals("direct:profiles")) {
        checks.requireInOrder(route, steps(route), BATCH_STEPS);
      }
    }
    checks.checkDeadLetter(model);
    checks.checkDirectAddresses(model);
    checks.checkCalledAddresses(model);
    return checks.problems;
  }

  /** Without its last step a file or message would be done though its batches failed. */
  private void checkSource(RouteDefinition route) {
    boolean readsMessages = splitsWith("messages", route);
    if (readsMessages || splitsWith("exports", route)) {
      requireInOrder(route, steps(route), List.of(SPLIT, "acknowledge"));
    }
    if (readsMessages) {
      checkOptions(route);
    }
    if (readsMessages && sources instanceof ActivationOptions.Sources.Once && isSwitchedOn(route)) {
      add(
          route,
          "its source has no end, so a run that is to end (run --once) cannot have it; switch it"
              + " off for this run, or stay (run)");
    }
  }

  private void checkOptions(RouteDefinition route) {
    String uri = route.getInput().getEndpointUri();
    String scheme = StringHelper.before(uri, ":", uri);
    List<String> needed = NEEDED_OPTIONS.getOrDefault(scheme, List.of());
    List<String> defaults = DEFAULTS_THAT_STAY.getOrDefault(scheme, List.of());
    Map<String, String> found = new HashMap<>();
    for (String option : StringHelper.after(uri, "?", "").split("&", -1)) {
      found.put(name(option), option);
    }
    for (String option : needed) {
      String other = found.getOrDefault(name(option), "");
      if (!resolved(option).equals(resolved(other))) {
        add(route, "its endpoint needs the parameter " + option.replace("=", ": "));
      }
    }
    for (String option : defaults) {
      if (!resolved(found.getOrDefault(name(option), option)).equals(option)) {
        add(route, "its endpoint must not have the parameter " + name(option));
      }
    }
  }

  private static String name(String option) {
    return StringHelper.before(option, "=", option);
  }

  private String resolved(String option) {
    return context.resolvePropertyPlaceholders(option);
  }

  /** As Camel decides it when it starts the route. */
  private boolean isSwitchedOn(RouteDefinition route) {
    if (route.getPrecondition() == null) {
      return true;
    }
    Exchange nothing = new DefaultExchange(context);
    String precondition = context.resolvePropertyPlaceholders(route.getPrecondition());
    return context.resolveLanguage("simple").createPredicate(precondition).matches(nothing);
  }

  static boolean splitsWith(String bean, RouteDefinition route) {
    return nodes(route).stream()
        .anyMatch(
            node ->
                node instanceof ExpressionNode split
                    && split.getExpression() instanceof MethodCallExpression call
                    && bean.equals(call.getRef()));
  }

  /** Without it every dead letter would wait for ever for a route that reads it. */
  private void checkDeadLetter(Model model) {
    boolean isRead =
        model.getRouteDefinitions().stream()
            .anyMatch(route -> route.getInput().getEndpointUri().equals(PipelineBeans.DEAD_LETTER));
    if (!isRead) {
      problems.add(noDeadLetterRoute());
    }
  }

  /** Whoever sends to an address that nobody reads would wait, fail, and try again for ever. */
  private void checkDirectAddresses(Model model) {
    Set<String> read =
        model.getRouteDefinitions().stream()
            .map(route -> route.getInput().getEndpointUri())
            .filter(uri -> uri.startsWith("direct:"))
            .collect(Collectors.toSet());
    for (RouteDefinition route : model.getRouteDefinitions()) {
      for (ProcessorDefinition<?> node : nodes(route)) {
        boolean leadsNowhere =
            node instanceof ToDefinition to
                && to.getUri().startsWith("direct:")
                && !to.getUri().contains("{")
                && !read.contains(to.getUri());
        if (leadsNowhere) {
          String uri = ((ToDefinition) node).getUri();
          add(route, "no route reads " + uri + "; " + Nearest.allowed(uri, read));
        }
      }
    }
  }

  /** Camel finds it only when it starts the second one. */
  private void checkCalledAddresses(Model model) {
    Map<String, RouteDefinition> taken = new HashMap<>();
    for (RouteDefinition route : model.getRouteDefinitions()) {
      String uri = route.getInput().getEndpointUri();
      if (uri.startsWith("rest:") && isSwitchedOn(route)) {
        String calls = StringHelper.before(uri, "?", uri).replaceAll("(?<=:)/+|/+(?=/)", "");
        RouteDefinition earlier = taken.putIfAbsent(calls, route);
        if (earlier != null) {
          add(
              route,
              "takes the same calls as route %s; give it another path"
                  .formatted(earlier.getRouteId()));
        }
      }
    }
  }

  static Problem noDeadLetterRoute() {
    return new Problem(
        "routes", 1, "no route reads " + PipelineBeans.DEAD_LETTER + "; without it nothing starts");
  }

  private void checkConfiguration(
      RouteDefinition route, List<RouteConfigurationDefinition> configurations) {
    String named = route.getRouteConfigurationId();
    Set<String> ids = ids(configurations);
    if (named == null || named.isBlank()) {
      add(route, namesNoConfiguration(ids));
      return;
    }
    for (String pattern : named.split(",", -1)) {
      boolean exists = ids.stream().anyMatch(id -> PatternHelper.matchPattern(id, pattern.trim()));
      if (!exists) {
        add(route, noSuchConfiguration(pattern.trim(), ids));
      }
    }
  }

  static String namesNoConfiguration(Set<String> ids) {
    return "names no " + CONFIGURATION + "; " + Nearest.allowed("", ids);
  }

  static String noSuchConfiguration(String pattern, Set<String> ids) {
    return CONFIGURATION + " \"" + pattern + "\" does not exist; " + Nearest.allowed(pattern, ids);
  }

  /** Whether a problem is that a route names no route configuration that exists. */
  static boolean isAboutConfiguration(Problem problem) {
    return problem.message().contains(CONFIGURATION);
  }

  private static Set<String> ids(List<RouteConfigurationDefinition> configurations) {
    return configurations.stream()
        .map(RouteConfigurationDefinition::getId)
        .filter(Objects::nonNull)
        .collect(Collectors.toSet());
  }

  private void checkDestination(RouteDefinition route) {
    List<String> steps = steps(route);
    if (!requireInOrder(route, steps, STEPS)) {
      return;
    }
    checkDelivery(route, steps);
  }

  /**
   * Whether all the steps stand in the route, in this order; says so if not. Steps inside a choice
   * or a filter do not count: they would be passed by some records and not by others.
   */
  private boolean requireInOrder(RouteDefinition route, List<String> found, List<String> wanted) {
    int at = -1;
    for (String step : wanted) {
      int next = found.indexOf(step);
      if (next < 0) {
        String name = step.equals(SPLIT) ? SPLIT : "process: " + step;
        add(
            route,
            "has no step \"" + name + "\" that every record passes; without it nothing starts");
        return false;
      }
      if (next < at) {
        add(route, "the steps must stand in this order: " + String.join(", ", wanted));
        return false;
      }
      at = next;
    }
    return true;
  }

  /**
   * The steps that every record passes, in the order of the route: references of process steps,
   * schemes of endpoints, and splits.
   */
  private static List<String> steps(RouteDefinition route) {
    List<String> steps = new ArrayList<>();
    for (ProcessorDefinition<?> node : route.getOutputs()) {
      if ("true".equals(node.getDisabled())) {
        continue;
      }
      if (node instanceof ProcessDefinition process && process.getRef() != null) {
        steps.add(process.getRef().replace("#", ""));
      } else if (node instanceof ToDefinition to) {
        steps.add(StringHelper.before(to.getUri(), ":", to.getUri()) + ":");
      } else if (node instanceof SplitDefinition) {
        steps.add(SPLIT);
      }
    }
    return steps;
  }

  private void checkDelivery(RouteDefinition route, List<String> steps) {
    Optional<String> delivery =
        steps.stream().filter(step -> step.startsWith("aws2-kinesis")).findFirst();
    if (delivery.isEmpty()) {
      add(route, "has no step to an aws2-kinesis endpoint");
      return;
    }
    String scheme = delivery.get().substring(0, delivery.get().length() - 1);
    if (!(context.getComponent(scheme) instanceof BatchKinesisComponent)
        && !(context.getComponent(scheme) instanceof NothingSentComponent)) {
      add(
          route,
          "its "
              + scheme
              + " endpoint is not the one that settles each record by itself; use aws2-kinesis"
              + " without a bean of that name, or aws2-kinesis-batch");
    }
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // Camel's helper returns raw definitions
  private static Collection<ProcessorDefinition<?>> nodes(RouteDefinition route) {
    return (Collection)
        ProcessorDefinitionHelper.filterTypeInOutputs(
            route.getOutputs(), ProcessorDefinition.class);
  }

  private void add(RouteDefinition route, String message) {
    Place place =
        place(route.getResource(), route.getLineNumber())
            .or(() -> placeOfTemplate(route))
            .orElse(new Place("routes", 1));
    problems.add(
        new Problem(place.file(), place.line(), "route " + route.getRouteId() + ": " + message));
  }

  private record Place(String file, int line) {}

  private Optional<Place> place(Resource resource, int line) {
    return Optional.ofNullable(resource)
        .map(known -> known.getLocation().replace("file:", ""))
        .map(file -> new Place(file.replace(home.directory() + "/", ""), Math.max(1, line)));
  }

  /** An instance of a template does not know its file, but the template does. */
  private Optional<Place> placeOfTemplate(RouteDefinition route) {
    if (!route.getRouteId().startsWith(DestinationRoutes.PREFIX)) {
      return Optional.empty();
    }
    Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
    return Optional.ofNullable(model.getRouteTemplateDefinition(DestinationRoutes.TEMPLATE))
        .flatMap(template -> place(template.getResource(), template.getLineNumber()));
  }
}
