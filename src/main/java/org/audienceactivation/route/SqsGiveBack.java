package org.audienceactivation.route;

import org.apache.camel.Exchange;
import org.apache.camel.component.aws2.sqs.Sqs2Constants;
import org.apache.camel.spi.ExceptionHandler;
import org.audienceactivation.sqs.SharedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Camel's consumer tells of the messages that it does not delete: those that are not settled
 * are given back at once, as otherwise nobody would see them until their time is over.
 */
final class SqsGiveBack implements ExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SqsGiveBack.class);

  private final SharedQueue queue;

  SqsGiveBack(SharedQueue queue) {
    this.queue = queue;
  }

  @Override
  public void handleException(Throwable failure) {
    handleException("cannot be polled", failure);
  }

  @Override
  public void handleException(String message, Throwable failure) {
    LOG.warn("sqs: {} ({})", message, String.valueOf(failure.getMessage()));
  }

  @Override
  public void handleException(String message, Exchange exchange, Throwable failure) {
    if (exchange == null) {
      handleException(message, failure);
      return;
    }
    String id = exchange.getMessage().getHeader(Sqs2Constants.MESSAGE_ID, String.class);
    if (exchange.getException() == null) {
      LOG.warn(
          "sqs: message {} is settled but cannot be deleted, so it will come again ({})",
          id,
          failure.getMessage());
      return;
    }
    // the step acknowledge has said why
    queue.giveBack(exchange.getMessage().getHeader(Sqs2Constants.RECEIPT_HANDLE, String.class));
  }
}
