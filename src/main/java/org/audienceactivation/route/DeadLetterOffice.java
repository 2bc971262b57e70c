package org.audienceactivation.route;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Hands dead letters to the route that keeps them, and comes back when they are durable.
 *
 * <p>The sink is the {@code dead-letter} route in production; it throws if the letters could not be
 * kept, and then their batch stays unsettled.
 */
final class DeadLetterOffice {
  /** A raw byte may become six in JSON, and several batches may fail at the same time. */
  private static final int RAW_BYTES_AT_ONCE = 256 * 1024;

  private final Consumer<byte[]> sink;
  private final Clock clock;

  DeadLetterOffice(Consumer<byte[]> sink, Clock clock) {
    this.sink = sink;
    this.clock = clock;
  }

  /** Comes back when all letters are durable; hands them over in pieces of bounded size. */
  void keep(List<DeadLetter> letters) {
    int from = 0;
    while (from < letters.size()) {
      int to = from + 1;
      long bytes = letters.get(from).raw().length();
      while (to < letters.size() && bytes + letters.get(to).raw().length() <= RAW_BYTES_AT_ONCE) {
        bytes += letters.get(to).raw().length();
        to++;
      }
      hand(letters.subList(from, to));
      from = to;
    }
  }

  /** One at a time, so that what a failed write left behind is ended before anybody else writes. */
  private synchronized void hand(List<DeadLetter> letters) {
    ByteArrayOutputStream documents = new ByteArrayOutputStream();
    try {
      DeadLetter.write(letters, Instant.now(clock), documents);
    } catch (IOException e) {
      throw new AssertionError("writing to memory does not fail", e);
    }
    sink.accept(documents.toByteArray());
  }
}
