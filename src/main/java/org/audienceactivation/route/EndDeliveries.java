package org.audienceactivation.route;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Ends what a source has handed over when its route ends, also if a step has failed or stopped
 * where the step {@code acknowledge} was not reached: it would stay open, with what is read of it,
 * until the application stops. The source is told afterwards.
 */
final class EndDeliveries implements RoutePolicyFactory {
  private final Messages messages;

  private EndDeliveries(Messages messages) {
    this.messages = messages;
  }

  static void install(CamelContext context, Messages messages) {
    context.addRoutePolicyFactory(new EndDeliveries(messages));
  }

  @Override
  public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
    if (!(route instanceof RouteDefinition definition)) {
      return null;
    }
    if (RouteChecks.splitsWith("messages", definition)) {
      return new OfMessages();
    }
    return RouteChecks.splitsWith("exports", definition) ? new OfExports() : null;
  }

  private static class OfExports extends RoutePolicySupport {
    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
      SourceDelivery.of(exchange).ifPresent(SourceDelivery::abandon);
    }
  }

  private final class OfMessages extends OfExports {
    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
      messages.begin(exchange);
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
      super.onExchangeDone(route, exchange);
      messages.done(exchange);
    }
  }
}
