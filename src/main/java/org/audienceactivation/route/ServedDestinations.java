package org.audienceactivation.route;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The routes of destinations in a context that runs. None is ever restarted: another stream, other
 * credentials or limits get a route of their own beside the former one, which ends when nothing
 * comes to it any more. Not thread-safe.
 */
final class ServedDestinations {
  private static final Logger LOG = LoggerFactory.getLogger(ServedDestinations.class);
  private static final int STOP_SECONDS = 10;

  private final CamelContext context;
  private final Home home;
  private final ActivationOptions options;

  /** The instances that the run has had so far. */
  private final Set<String> instances = new HashSet<>();

  ServedDestinations(
      CamelContext context,
      Home home,
      ActivationOptions options,
      List<DestinationPlan> atTheStart) {
    this.context = context;
    this.home = home;
    this.options = options;
    atTheStart.forEach(plan -> instances.add(plan.instance()));
  }

  /** The client that the route of a plan asks for by its instance's name. */
  static void bindClient(CamelContext context, DestinationPlan plan, ActivationOptions options) {
    context
        .getRegistry()
        .bind(client(plan), KinesisAccounts.of(plan.destination(), options.kinesisEndpoint()));
  }

  private static String client(DestinationPlan plan) {
    return "client-" + plan.instance();
  }

  /** Whether the same sender can go on, so that the route stays. */
  static boolean isServedAlike(Destination one, Destination other) {
    return one.stream().equals(other.stream())
        && one.credentials().equals(other.credentials())
        && one.delivery().equals(other.delivery());
  }

  /**
   * A name for a further route of a destination: its own, or with a number that no route of this
   * run and no other destination has.
   */
  String newInstance(Destination destination, List<Destination> all) {
    Set<String> taken = new HashSet<>(instances);
    all.stream().filter(other -> !other.equals(destination)).forEach(one -> taken.add(one.name()));
    String name = destination.name();
    for (int number = 2; taken.contains(name); number++) {
      name = destination.name() + "-" + number;
    }
    instances.add(name);
    return name;
  }

  /**
   * Starts the routes of these plans, to which nothing is sent yet.
   *
   * @return what stands in the way; then none of them is left
   */
  List<Problem> begin(List<DestinationPlan> plans) {
    if (plans.isEmpty()) {
      return List.of();
    }
    plans.forEach(plan -> bindClient(context, plan, options));
    List<Problem> problems = started(plans);
    if (!problems.isEmpty()) {
      plans.forEach(this::end);
    }
    return problems;
  }

  private List<Problem> started(List<DestinationPlan> plans) {
    for (DestinationPlan plan : plans) {
      try {
        start(plan);
      } catch (Exception e) { // Camel declares no other
        LOG.debug("Camel cannot start the route of {}", plan.name(), e);
        // with Camel's own words, which may name a place in routes/
        return List.of(new Problem(fileOf(plan), 1, StartProblem.of(e, home).toString()));
      }
    }
    return RouteChecks.problems(context, home, options.sources());
  }

  private void start(DestinationPlan plan) throws Exception {
    DestinationRoutes routes = new DestinationRoutes(List.of(plan));
    // the first only reads what the second makes routes of
    context.addRoutes(routes);
    context.addTemplatedRoutes(routes);
    if (context.getRoute(plan.route()) == null) {
      throw new IllegalStateException("Camel has made no route of the new destination");
    }
  }

  private String fileOf(DestinationPlan plan) {
    return home.destinationFiles().stream()
        .map(home::nameOf)
        .filter(name -> name.endsWith("/" + plan.name() + ".yaml"))
        .findFirst()
        .orElse("destinations");
  }

  /** Ends the route of a plan, and its sender unless another route has the same. */
  void end(DestinationPlan plan) {
    try {
      if (context.getRoute(plan.route()) != null) {
        context.getRouteController().stopRoute(plan.route(), STOP_SECONDS, TimeUnit.SECONDS);
      }
      if (context.removeRoute(plan.route())) {
        LOG.info("route {} has ended", plan.route());
      }
    } catch (Exception e) { // Camel declares no other
      LOG.warn(
          "route {} is not needed any more, but could not be ended ({})",
          plan.route(),
          StartProblem.of(e, home).message());
    }
    context.getRegistry().unbind(client(plan));
  }

  /** Whether records wait for the stream of a plan, which has taken none for so long. */
  boolean waitsInVain(DestinationPlan plan, Duration howLong) {
    return DestinationSkew.endpoint(context, plan)
        .filter(endpoint -> endpoint.waitsInVain(howLong))
        .isPresent();
  }
}
