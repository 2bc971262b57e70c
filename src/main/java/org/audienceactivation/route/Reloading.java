package org.audienceactivation.route;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that looks for changes of the configuration, until the application stops. */
final class Reloading {
  private static final Logger LOG = LoggerFactory.getLogger(Reloading.class);

  /** Whoever stops waits no longer: what a look begins now would be stopped with the context. */
  private static final Duration LAST_LOOK_WITHIN = Duration.ofSeconds(20);

  private final Thread thread;
  private final Reload reload;

  private Reloading(Thread thread, Reload reload) {
    this.thread = thread;
    this.reload = reload;
  }

  static Reloading start(Reload reload, Duration every, StopSignal stop) {
    Thread thread = new Thread(() -> look(reload, every, stop), "reload");
    thread.setDaemon(true);
    thread.start();
    return new Reloading(thread, reload);
  }

  ConfigurationInForce inForce() {
    return reload.configuration();
  }

  /** That what lies in the files is not in force, if so. */
  Optional<String> refusal() {
    return reload.refusal();
  }

  private static void look(Reload reload, Duration every, StopSignal stop) {
    stop.pause(every);
    while (!stop.isGiven()) {
      try {
        reload.look();
      } catch (Throwable e) { // an Error too: nobody would notice that changes have no effect
        LOG.error("reload: a look at the configuration has failed; please report it", e);
      }
      stop.pause(every);
    }
  }

  /** Comes back when nothing is changed any more; after the signal to stop. */
  void awaitEnd() {
    try {
      thread.join(LAST_LOOK_WITHIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
