package org.audienceactivation.route;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.EndpointAware;
import org.apache.camel.Route;
import org.audienceactivation.kinesis.BatchKinesisEndpoint;
import org.audienceactivation.kinesis.sender.SkewReport;

/** Asks the endpoint of each destination how evenly its stream is used. */
final class DestinationSkew {
  private static final String EVERY_NODE = "*";

  private DestinationSkew() {}

  /** By the destination's name; without those that have no sender, such as in a preview. */
  static Map<String, SkewReport> of(CamelContext context, List<DestinationPlan> plans) {
    Map<String, SkewReport> reports = new TreeMap<>();
    for (DestinationPlan plan : plans) {
      endpoint(context, plan)
          .flatMap(BatchKinesisEndpoint::skew)
          .ifPresent(report -> reports.put(plan.name(), report));
    }
    return reports;
  }

  /** The endpoint of a destination's stream. */
  static Optional<BatchKinesisEndpoint> endpoint(CamelContext context, DestinationPlan plan) {
    String stream = plan.destination().stream().name();
    Route route = context.getRoute(plan.route());
    if (route == null) {
      return Optional.empty();
    }
    return route.filter(EVERY_NODE).stream()
        .filter(EndpointAware.class::isInstance)
        .map(node -> ((EndpointAware) node).getEndpoint())
        .filter(BatchKinesisEndpoint.class::isInstance)
        .map(BatchKinesisEndpoint.class::cast)
        .filter(one -> one.getConfiguration().getStreamName().equals(stream))
        .findFirst();
  }
}
