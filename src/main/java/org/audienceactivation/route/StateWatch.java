package org.audienceactivation.route;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that looks every two seconds for what other processes want of the state. */
final class StateWatch {
  private static final Logger LOG = LoggerFactory.getLogger(StateWatch.class);
  private static final Duration EVERY = Duration.ofSeconds(2);

  private StateWatch() {}

  static void start(States states, Resends resends, StopSignal stop) {
    Thread thread = new Thread(() -> watch(states, resends, stop), "state");
    thread.setDaemon(true);
    thread.start();
  }

  private static void watch(States states, Resends resends, StopSignal stop) {
    while (!stop.isGiven()) {
      try {
        resends.take(states);
        states.refresh();
      } catch (RuntimeException e) {
        LOG.warn("state: a look for requests has failed ({})", e.getMessage());
      }
      stop.pause(EVERY);
    }
  }
}
