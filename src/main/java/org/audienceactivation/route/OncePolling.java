package org.audienceactivation.route;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Route;
import org.apache.camel.Service;
import org.apache.camel.spi.PollingConsumerPollStrategy;
import org.apache.camel.support.DefaultPollingConsumerPollStrategy;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.ScheduledPollConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out when polled sources have nothing left: each of them has come back from a poll with
 * nothing, or a file could not be settled and would only be read again.
 */
final class OncePolling extends LifecycleStrategySupport {
  private static final Logger LOG = LoggerFactory.getLogger(OncePolling.class);

  private final Exports exports;
  private final Map<Consumer, Boolean> idle = new ConcurrentHashMap<>();
  private final CountDownLatch done = new CountDownLatch(1);

  OncePolling(Exports exports) {
    this.exports = exports;
  }

  @Override
  public void onServiceAdd(CamelContext context, Service service, Route route) {
    if (service instanceof ScheduledPollConsumer consumer) {
      idle.put(consumer, false);
      // Camel sets its default only later, when the consumer starts
      PollingConsumerPollStrategy own =
          Optional.ofNullable(consumer.getPollStrategy())
              .orElseGet(DefaultPollingConsumerPollStrategy::new);
      consumer.setPollStrategy(new Watch(own));
    }
  }

  /** To be called when all routes are started: without a polled source there is nothing to do. */
  void allStarted() {
    if (idle.isEmpty()) {
      done.countDown();
    }
  }

  void await() throws InterruptedException {
    done.await();
  }

  void giveUp() {
    done.countDown();
  }

  private final class Watch implements PollingConsumerPollStrategy {
    private final PollingConsumerPollStrategy next;

    Watch(PollingConsumerPollStrategy next) {
      this.next = next;
    }

    @Override
    public boolean begin(Consumer consumer, Endpoint endpoint) {
      return done.getCount() > 0 && next.begin(consumer, endpoint);
    }

    @Override
    public void commit(Consumer consumer, Endpoint endpoint, int polledMessages) {
      next.commit(consumer, endpoint, polledMessages);
      idle.put(consumer, polledMessages == 0);
      if (exports.hasFailures() || idle.values().stream().allMatch(isIdle -> isIdle)) {
        done.countDown();
      }
    }

    @Override
    public boolean rollback(Consumer consumer, Endpoint endpoint, int retryCounter, Exception cause)
        throws Exception {
      // the inbox cannot be looked at: waiting would not end, and what is in it stays there
      LOG.warn("{}: cannot be polled ({})", endpoint.getEndpointBaseUri(), cause.getMessage());
      done.countDown();
      return false;
    }
  }
}
