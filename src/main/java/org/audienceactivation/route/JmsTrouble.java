package org.audienceactivation.route;

import jakarta.jms.ExceptionListener;
import org.apache.camel.CamelContext;
import org.apache.camel.component.jms.JmsEndpoint;

/**
 * Has what goes wrong at the endpoints of JMS and AMQP said once a minute, unless they have a
 * listener of their own. Their consumers say it each second, for ever, and not where.
 */
final class JmsTrouble {

  private JmsTrouble() {}

  static void install(CamelContext context, StopSignal stop) {
    context
        .getCamelContextExtension()
        .registerEndpointCallback(
            (uri, endpoint) -> {
              if (endpoint instanceof JmsEndpoint jms && jms.getExceptionListener() == null) {
                jms.setExceptionListener(listener(jms, stop));
              }
              return endpoint;
            });
  }

  private static ExceptionListener listener(JmsEndpoint endpoint, StopSignal stop) {
    if (endpoint.getConnectionFactory() instanceof WatchedConnections ours) {
      return ours;
    }
    String queue = endpoint.getDestinationName();
    SourceTrouble trouble = new SourceTrouble("queue " + queue);
    return failure -> {
      if (!stop.isGiven()) {
        trouble.is("nothing can be received: " + SourceTrouble.oneLine(failure));
      }
    };
  }
}
