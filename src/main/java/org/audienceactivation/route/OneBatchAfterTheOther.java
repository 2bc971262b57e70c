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
 * Lets Camel go through the batches of a message in a loop, in every route that splits with the
 * bean {@code messages}.
 *
 * <p>Its sequential split otherwise begins each batch within the end of the one before: the stack
 * grows with the message, and holds all its batches until the last is settled. For exchanges that
 * are transacted, which here means no more than that they stay on their thread, it has a loop.
 */
final class OneBatchAfterTheOther implements RoutePolicyFactory {

  private OneBatchAfterTheOther() {}

  static void install(CamelContext context) {
    context.addRoutePolicyFactory(new OneBatchAfterTheOther());
  }

  @Override
  public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
    return route instanceof RouteDefinition definition
            && RouteChecks.splitsWith("messages", definition)
        ? new OnItsThread()
        : null;
  }

  private static final class OnItsThread extends RoutePolicySupport {
    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
      exchange.getExchangeExtension().setTransacted(true);
    }
  }
}
