package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.support.ExchangeHelper;

/** Takes the body that a step works on, or says which step got the wrong one. */
final class Bodies {
  private Bodies() {}

  static ProfileBatch profileBatch(Exchange exchange) {
    return body(exchange, ProfileBatch.class, "a batch of profiles");
  }

  static DestinationBatch destinationBatch(Exchange exchange) {
    return body(exchange, DestinationBatch.class, "the batch of one destination");
  }

  private static <T> T body(Exchange exchange, Class<T> type, String expected) {
    Object body = exchange.getMessage().getBody();
    if (type.isInstance(body)) {
      return type.cast(body);
    }
    throw new IllegalArgumentException(
        "route "
            + ExchangeHelper.getAtRouteId(exchange)
            + ": this step needs "
            + expected
            + " as its body, and has "
            + (body == null ? "none" : body.getClass().getSimpleName())
            + "; did a step before it replace the body?");
  }
}
