package org.audienceactivation.route;

import java.time.Duration;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.audienceactivation.destination.Delivery;

/** One instance of the route template {@code destination} for each plan. */
final class DestinationRoutes extends RouteBuilder {
  static final String TEMPLATE = "destination";
  static final String PREFIX = "destination-";

  private final List<DestinationPlan> plans;

  DestinationRoutes(List<DestinationPlan> plans) {
    this.plans = List.copyOf(plans);
  }

  @Override
  public void configure() {
    for (DestinationPlan plan : plans) {
      Delivery delivery = plan.destination().delivery();
      templatedRoute(TEMPLATE)
          .routeId(plan.route())
          .prefixId(plan.instance())
          .parameter("destination", plan.instance())
          .parameter("stream", plan.destination().stream().name())
          .parameter("retryFor", millis(delivery.retryFor()))
          .parameter("maxAttempts", Integer.toString(delivery.maxAttempts()))
          .parameter("backoffMin", millis(delivery.backoffMin()))
          .parameter("backoffMax", millis(delivery.backoffMax()))
          .parameter("callsInFlight", Integer.toString(delivery.callsInFlight()))
          .parameter("maxRecordBytes", Integer.toString(delivery.maxRecordBytes()))
          .parameter("order", delivery.order());
    }
  }

  private static String millis(Duration duration) {
    return Long.toString(duration.toMillis());
  }
}
