package org.audienceactivation.sqs;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says that a queue makes trouble: at once, then once a minute, and when it is over. */
final class Trouble {
  private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);
  private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  /** What is longer lists all that the SDK has tried, after it has said what is the matter. */
  private static final int LONGEST = 300;

  private final String queue;
  private boolean said;
  private long saidAt;

  Trouble(String queue) {
    this.queue = queue;
  }

  /** What cannot be done, and why; it is tried again. */
  synchronized void cannot(String what, Throwable cause) {
    long now = System.nanoTime();
    if (said && now - saidAt < EVERY_NANOS) {
      return;
    }
    said = true;
    saidAt = now;
    LOG.warn("queue {} cannot {}: {}; it is tried again", queue, what, oneLine(cause));
  }

  /** Something has gone well. */
  synchronized void isOver() {
    if (said) {
      said = false;
      LOG.info("queue {} is there again", queue);
    }
  }

  private static String oneLine(Throwable cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    String line = message.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.split("[(\\[]", 2)[0].strip();
  }
}
