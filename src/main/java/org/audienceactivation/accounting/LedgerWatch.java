package org.audienceactivation.accounting;

import java.util.Optional;

/**
 * Who is told of everything that the books count, at the moment when it is counted. It must be
 * thread-safe, quick, and not throw: what it does happens while a batch is settled.
 */
public interface LedgerWatch {

  /** Nobody. */
  LedgerWatch NOBODY = new LedgerWatch() {};

  /** A destination received records. */
  default void received(String destination, int records) {}

  /** Records got their outcome; the reason is empty for those that were delivered. */
  default void settled(String destination, Outcome outcome, Optional<Reason> why, int records) {}

  /** A part was left out of one event. */
  default void withheld(String destination, LeftOut part) {}

  /** A part went out that would have been left out, if policies were enforced. */
  default void audited(String destination, LeftOut part) {}
}
