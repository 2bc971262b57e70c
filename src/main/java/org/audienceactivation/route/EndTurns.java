package org.audienceactivation.route;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Route;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeFailedEvent;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.spi.RoutePolicyFactory;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * Ends the turns of a batch when its exchange ends, however that ends and whatever steps made of
 * its body: a turn that nobody ends would hold up all batches behind it.
 */
final class EndTurns implements RoutePolicyFactory {

  private static final String ROUTE = "profiles";

  private EndTurns() {}

  static void install(CamelContext context) {
    context.addRoutePolicyFactory(new EndTurns());
    context.getManagementStrategy().addEventNotifier(new OfBatchesThatNeverCameThere());
  }

  @Override
  public RoutePolicy createRoutePolicy(CamelContext context, String routeId, NamedNode route) {
    return ROUTE.equals(routeId) ? new AtTheEnd() : null;
  }

  private static final class AtTheEnd extends RoutePolicySupport {
    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
      if (exchange.getMessage().getBody() instanceof ProfileBatch batch) {
        exchange
            .getExchangeExtension()
            .addOnCompletion(
                new SynchronizationAdapter() {
                  @Override
                  public void onDone(Exchange done) {
                    batch.endTurns();
                  }
                });
      }
    }
  }

  /** For those that a step of a source's route fails. */
  private static final class OfBatchesThatNeverCameThere extends SimpleEventNotifierSupport {

    OfBatchesThatNeverCameThere() {
      setIgnoreCamelContextEvents(true);
      setIgnoreCamelContextInitEvents(true);
      setIgnoreServiceEvents(true);
      setIgnoreRouteEvents(true);
      setIgnoreStepEvents(true);
      setIgnoreExchangeCreatedEvent(true);
      setIgnoreExchangeCompletedEvent(true);
      setIgnoreExchangeRedeliveryEvents(true);
      setIgnoreExchangeSendingEvents(true);
      setIgnoreExchangeSentEvents(true);
      setIgnoreExchangeAsyncProcessingStartedEvents(true);
    }

    @Override
    public void notify(CamelEvent event) {
      if (event instanceof ExchangeFailedEvent failed
          && failed.getExchange().getMessage().getBody() instanceof ProfileBatch batch) {
        batch.endTurns();
      }
    }
  }
}
