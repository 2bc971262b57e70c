package org.audienceactivation.route;

import java.time.Duration;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.audienceactivation.destination.Delivery;
import org.audienceactivation.destination.Destination;

/** One instance of the route template {@code destination} for each destination. */
final class DestinationRoutes extends RouteBuilder {
  static final String TEMPLATE = "destination";
  static final String PREFIX = "destination-";

  private final List<Destination> destinations;

  DestinationRoutes(List<Destination> destinations) {
    this.destinations = List.copyOf(destinations);
  }

  @Override
  public void configure() {
    for (Destination destination : destinations) {
      Delivery delivery = destination.delivery();
      templatedRoute(TEMPLATE)
          .routeId(PREFIX + destination.name())
          .prefixId(destination.name())
          .parameter("destination", destination.name())
          .parameter("stream", destination.stream().name())
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
