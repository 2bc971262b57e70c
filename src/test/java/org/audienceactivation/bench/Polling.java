package org.audienceactivation.bench;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what the program does by itself. */
final class Polling {

  /** Before the first call leaves; looking is not measured yet. */
  private static final long UNTIL_FOUND_NANOS = 200_000;

  /** Looking costs CPU time, which counts as the contestant's. */
  private static final long UNTIL_DONE_NANOS = 5_000_000;

  private Polling() {}

  static void untilFound(BooleanSupplier condition) {
    until(condition, UNTIL_FOUND_NANOS);
  }

  static void untilDone(BooleanSupplier condition) {
    until(condition, UNTIL_DONE_NANOS);
  }

  private static void until(BooleanSupplier condition, long pauseNanos) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(pauseNanos);
    }
  }
}
