package org.audienceactivation.route;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says once, to everything that would begin new work, that the application is stopping. */
final class StopSignal {
  private final CountDownLatch stopping = new CountDownLatch(1);

  void give() {
    stopping.countDown();
  }

  boolean isGiven() {
    return stopping.getCount() == 0;
  }

  /** Waits, but not beyond the signal. */
  void pause(Duration duration) {
    try {
      if (stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
