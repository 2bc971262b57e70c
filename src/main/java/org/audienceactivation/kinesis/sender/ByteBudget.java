package org.audienceactivation.kinesis.sender;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * How much a sender may hold: records that wait or are under way, and those whose callers are not
 * told yet. Who brings more than there is room for waits, in the order in which callers came; a
 * submission that is larger than the whole budget is let in alone.
 *
 * <p>All of it is guarded by the sender's lock, on which callers wait, but for {@link
 * #lessIsUntold()}.
 */
final class ByteBudget {

  /** About what the JVM keeps for a record beside its key and data. */
  private static final int RECORD_OVERHEAD = 256;

  private final Object lock;
  private final long limit;
  private final Completions completions;
  private final Queue<Blocked> line = new ArrayDeque<>(0);
  private long heldBytes;

  /** Written under the lock. */
  private volatile boolean someoneIsBlocked;

  /** A caller who waits; each is another. */
  private static final class Blocked {
    private final long weight;
    private final boolean isTelling;

    Blocked(long weight, boolean isTelling) {
      this.weight = weight;
      this.isTelling = isTelling;
    }
  }

  ByteBudget(Object lock, long limit, Completions completions) {
    this.lock = lock;
    this.limit = limit;
    this.completions = completions;
  }

  static long weight(Pending pending) {
    return (long) pending.bytes() + RECORD_OVERHEAD;
  }

  private static long weight(List<Pending> records) {
    return records.stream().mapToLong(ByteBudget::weight).sum();
  }

  /** What the sender holds, without what is not told yet. */
  long heldBytes() {
    return heldBytes;
  }

  /**
   * Waits until there is room for these, or all of them are withdrawn, which need none. In line:
   * else small submissions would take the room that a large one waits for.
   *
   * @return false if the sender is closed, or the thread is not to wait
   */
  boolean await(List<Pending> records, BooleanSupplier closed) {
    long weight = weight(records);
    if (closed.getAsBoolean() || (line.isEmpty() && hasRoomFor(weight))) {
      return !closed.getAsBoolean();
    }
    Blocked me = new Blocked(weight, completions.isTelling());
    line.add(me);
    someoneIsBlocked = true;
    try {
      while (!closed.getAsBoolean()
          && !mayComeIn(me)
          && !records.stream().allMatch(Pending::isWithdrawn)) {
        lock.wait();
      }
      return !closed.getAsBoolean();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      line.remove(me);
      someoneIsBlocked = !line.isEmpty();
    }
  }

  /** Who is being told goes before the others: what is not told yet may wait for his thread. */
  private boolean mayComeIn(Blocked caller) {
    return caller.isTelling
        ? hasRoomFor(caller.weight, heldBytes)
        : line.peek() == caller && hasRoomFor(caller.weight);
  }

  private boolean hasRoomFor(long weight) {
    return hasRoomFor(weight, heldBytes + completions.untoldBytes());
  }

  private boolean hasRoomFor(long weight, long held) {
    return held == 0 || held + weight <= limit;
  }

  void hold(List<Pending> records) {
    heldBytes += weight(records);
  }

  /** The record counts no more among what is held. A second time does nothing. */
  void letGo(Pending pending) {
    if (pending.letGo()) {
      heldBytes -= weight(pending);
    }
  }

  void letNextCallerIn() {
    if (!line.isEmpty() && line.stream().anyMatch(this::mayComeIn)) {
      lock.notifyAll();
    }
  }

  /** To be called without the lock, which is taken only if somebody may wait for it. */
  void lessIsUntold() {
    if (someoneIsBlocked) {
      synchronized (lock) {
        letNextCallerIn();
      }
    }
  }
}
