package org.audienceactivation.kinesis.sender;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The records of each partition key in the order in which they came; only the first of a key may be
 * sent. Not thread-safe.
 */
final class KeyLines {

  /** The last record of each key that has one. */
  private final Map<String, Pending> last = new HashMap<>();

  /** Puts the record behind those of its key. True if there are none: it may be sent. */
  boolean enter(Pending pending) {
    Pending before = last.put(pending.record().partitionKey(), pending);
    if (before == null) {
      return true;
    }
    before.followedBy(pending);
    pending.placedInLine(before.placeInLine() + 1);
    return false;
  }

  /**
   * Puts the record in the place of the one of its key that waits. The record that it took the
   * place of; empty if there is none, since the key is new or its last record is under way.
   */
  Optional<Pending> replaceLast(Pending pending) {
    Pending before = last.get(pending.record().partitionKey());
    if (before == null || before.isCommitted()) {
      return Optional.empty();
    }
    last.put(pending.record().partitionKey(), pending);
    pending.placedInLine(before.placeInLine());
    before.replacedBy(pending);
    return Optional.of(before);
  }

  /** The record is settled: the next of its key, which may be sent now. Once, then nothing. */
  Optional<Pending> leave(Pending pending) {
    Optional<Pending> next = pending.follower();
    if (next.isEmpty()) {
      last.remove(pending.record().partitionKey(), pending);
    }
    pending.followedBy(null);
    return next;
  }

  /** Takes the record out of its line, in which it stands directly behind {@code before}. */
  void leave(Pending pending, Pending before) {
    before.followedBy(pending.follower().orElse(null));
    if (pending.follower().isEmpty()) {
      last.replace(pending.record().partitionKey(), pending, before);
    }
  }

  /** How many of the key wait behind the one in this place of its line. */
  int waiting(String key, int place) {
    Pending behind = last.get(key);
    return behind == null ? 0 : Math.max(0, behind.placeInLine() - place);
  }

  void clear() {
    last.clear();
  }
}
