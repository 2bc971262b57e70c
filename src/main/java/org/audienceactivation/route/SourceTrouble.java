package org.audienceactivation.route;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a source's brokers make trouble: at once, then at most once a minute for all its
 * consumers together, and when it is over. Thread-safe.
 */
final class SourceTrouble {
  private static final Logger LOG = LoggerFactory.getLogger(SourceTrouble.class);
  private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  /** What stands behind the address of a broker, and may be a password. */
  private static final Pattern OPTIONS = Pattern.compile("\\?[^\\s),]*");

  private static final Pattern USER = Pattern.compile("//[^\\s/@]*@");

  private final String source;
  private final LongSupplier nanos;
  private boolean isThere;
  private boolean wasSaid;
  private long saidAt;

  SourceTrouble(String source) {
    this(source, System::nanoTime);
  }

  SourceTrouble(String source, LongSupplier nanos) {
    this.source = source;
    this.nanos = nanos;
  }

  /**
   * Something is tried again.
   *
   * @param what with the names of the settings that it may come from
   */
  synchronized void is(String what) {
    long now = nanos.getAsLong();
    if (wasSaid && now - saidAt < EVERY_NANOS) {
      return;
    }
    isThere = true;
    wasSaid = true;
    saidAt = now;
    LOG.warn("{}: {}; it is tried again", source, what);
  }

  /** Something has gone well. */
  synchronized void isOver() {
    if (isThere) {
      isThere = false;
      LOG.info("{}: is there again", source);
    }
  }

  /** What a library says, in one line, without the options of addresses. */
  static String oneLine(Throwable failure) {
    String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return withoutSecrets(message.replaceAll("\\s+", " ").strip());
  }

  /** Addresses without their options, and without who logs in there. */
  static String withoutSecrets(String addresses) {
    return USER.matcher(OPTIONS.matcher(addresses).replaceAll("")).replaceAll("//");
  }

  static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }
}
