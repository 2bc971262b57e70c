package org.audienceactivation.route;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * How long messages that failed are kept before they are given back, so that they do not go round
 * and round between us and their broker, which counts, and takes them for poison in the end.
 *
 * <p>A message that fails again and again waits longer each time, whatever becomes of others: it
 * would otherwise use up its attempts in a second, among others that go well. And while nothing of
 * a route goes well, its messages wait for as long as that has been so; there may be more of them
 * than are remembered. No pause is longer than a minute. Thread-safe.
 */
final class Pauses {
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int REMEMBERED_MESSAGES = 10_000;

  private final LongSupplier nanos;

  /** How often each message has failed. Guarded by this object, as is the other. */
  private final Map<Key, Integer> failures = new Remembered<>(REMEMBERED_MESSAGES);

  /** Since when the messages of a route have failed, one and all. */
  private final Map<String, Long> failingSince = new HashMap<>();

  private record Key(String route, String message) {}

  Pauses(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** How long to keep the message, which has failed once more. */
  synchronized Duration afterFailure(String route, String message) {
    int count = failures.merge(new Key(route, message), 1, Integer::sum);
    long now = nanos.getAsLong();
    Long since = failingSince.putIfAbsent(route, now);
    Duration ofRoute = Duration.ofNanos(since == null ? 0 : now - since);
    Duration ofMessage = after(count);
    Duration longer = ofRoute.compareTo(ofMessage) > 0 ? ofRoute : ofMessage;
    return longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
  }

  /** The message is settled. */
  synchronized void isSettled(String route, String message) {
    failures.remove(new Key(route, message));
    failingSince.remove(route);
  }

  /** How long to wait after so many failures on end: a second, and twice as long each time. */
  static Duration after(int failures) {
    return Duration.ofSeconds(Math.min(1L << Math.min(failures - 1, 6), LONGEST.toSeconds()));
  }
}
