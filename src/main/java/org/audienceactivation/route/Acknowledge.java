package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last step of a source's route: lets the source do away with what it has handed over, a file,
 * messages or a call, only if every record of it is settled. What was not settled is counted as
 * returned, and the source keeps all of it.
 */
final class Acknowledge implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(Acknowledge.class);

  /**
   * Ends the delivery of the exchange.
   *
   * @throws UnsettledSourceException so that Camel does not acknowledge it
   */
  @Override
  public void process(Exchange exchange) throws UnsettledSourceException {
    SourceDelivery delivery =
        SourceDelivery.of(exchange)
            .orElseThrow(
                () ->
                    new UnsettledSourceException(
                        "route "
                            + exchange.getFromRouteId()
                            + ": the step acknowledge needs the batches of the bean exports or"
                            + " messages before it"));
    delivery.giveBackUnsettled();
    delivery.answer(exchange);
    String why = delivery.isSettled() ? "" : delivery.whyUnsettled();
    delivery.end();
    if (delivery.isSettled()) {
      delivery.acknowledge();
      return;
    }
    if (!delivery.isUntouched() && !delivery.isAnswered()) {
      LOG.warn("{}: {}; {}", delivery.name(), why, delivery.fate());
    }
    throw new UnsettledSourceException(delivery.name() + ": " + why);
  }
}
