package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * The place where an event that equals the last one delivered will become {@code unchanged}. There
 * is no state yet, so every event counts as changed.
 */
final class DetectChange implements Processor {
  @Override
  public void process(Exchange exchange) {
    Bodies.destinationBatch(exchange);
  }
}
