package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.spi.ExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a source's route has failed, for consumers that would say so with a trace, and say
 * again what the step {@code acknowledge} has said. No message of an exception is repeated.
 */
final class SourceFailures implements ExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SourceFailures.class);

  @Override
  public void handleException(Throwable exception) {
    handleException("", null, exception);
  }

  @Override
  public void handleException(String message, Throwable exception) {
    handleException(message, null, exception);
  }

  @Override
  public void handleException(String message, Exchange exchange, Throwable exception) {
    if (exception instanceof UnsettledSourceException) {
      return;
    }
    String route = exchange == null ? "a source" : exchange.getFromRouteId();
    LOG.warn("{}: a step failed ({}); its messages come again", route, kind(exception));
  }

  /** The type of what has failed, and of its root. What they say may quote a profile. */
  static String kind(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    String type = failure.getClass().getName();
    return root == failure ? type : type + ", caused by " + root.getClass().getName();
  }
}
