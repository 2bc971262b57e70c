package org.audienceactivation.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of a call, read by its route while it still comes in: what has come and was not read yet
 * is at most {@value #AHEAD_BYTES} bytes and a piece, with what it costs to keep them, then the
 * caller has to wait.
 *
 * <p>The server's thread puts in, one other reads. A read waits; it throws when the caller hangs
 * up, says nothing for too long or sends too much, and when the time of the call is over.
 */
public final class Upload extends InputStream {
  /** A body of more has to wait for one of a few places. */
  static final int SMALL_BYTES = 64 * 1024;

  private static final int AHEAD_BYTES = 64 * 1024;

  /** What a piece costs beside its bytes, so that many tiny ones are not more than few large. */
  private static final int PIECE_BYTES = 64;

  /** Why the rest of a body cannot be read. */
  public enum Cut {
    HUNG_UP,
    TOO_SLOW,
    TOO_LARGE,
    TIME_IS_UP,
    /** The time was up before there was a place for another large body. */
    NO_PLACE;

    private String message() {
      return "the body cannot be read on: " + name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /** The connection that it comes from. */
  interface Flow {
    void pause();

    void resume();
  }

  private final int maxBytes;
  private final boolean minimal;
  private final Flow flow;
  private final Semaphore large;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // all guarded by the lock
  private final Deque<byte[]> pieces = new ArrayDeque<>();
  private byte[] piece = new byte[0];
  private int at;
  private long received;
  private long taken;
  private int ahead;
  private long lastHeard = System.nanoTime();
  private boolean paused;
  private boolean complete;
  private boolean holdsPlace;
  private boolean discarded;
  private Optional<Cut> cut = Optional.empty();
  private Optional<Runnable> whenTimeIsUp = Optional.empty();
  private Optional<HttpAnswer> answer = Optional.empty();

  Upload(int maxBytes, boolean minimal, Flow flow, Semaphore large) {
    this.maxBytes = maxBytes;
    this.minimal = minimal;
    this.flow = flow;
    this.large = large;
  }

  /** Whether the caller prefers an answer without details (RFC 7240, {@code return=minimal}). */
  public boolean prefersMinimal() {
    return minimal;
  }

  int maxBytes() {
    return maxBytes;
  }

  /** Why the rest cannot be read, if so. */
  public Optional<Cut> cut() {
    lock.lock();
    try {
      return cut;
    } finally {
      lock.unlock();
    }
  }

  /**
   * What is to happen when the time of the call is over: called then, on another thread, and again
   * some times a second until the call has its answer. Must not block for long.
   */
  public void whenTimeIsUp(Runnable action) {
    lock.lock();
    try {
      whenTimeIsUp = Optional.of(action);
    } finally {
      lock.unlock();
    }
  }

  /** Answers a call whose route cannot end in time. What the route says later is not heard. */
  public void answerAlready(HttpAnswer given) {
    lock.lock();
    try {
      answer = Optional.of(given);
    } finally {
      lock.unlock();
    }
  }

  // ---- the reader ----

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      if (at == piece.length && !nextPiece()) {
        return -1;
      }
      int count = Math.min(length, piece.length - at);
      System.arraycopy(piece, at, bytes, offset, count);
      at += count;
      taken += count;
      return count;
    } finally {
      lock.unlock();
    }
  }

  private boolean nextPiece() throws IOException {
    try {
      if (taken >= SMALL_BYTES && !holdsPlace) {
        awaitPlace();
      }
      while (pieces.isEmpty() && !complete && !discarded && cut.isEmpty()) {
        changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cut = cut.or(() -> Optional.of(Cut.TIME_IS_UP));
    }
    if (pieces.isEmpty() && complete && !discarded) {
      return false;
    }
    if (discarded || isOver() || pieces.isEmpty()) {
      throw new UploadException(cut.map(Cut::message).orElse("the body is not wanted any more"));
    }
    piece = pieces.remove();
    at = 0;
    ahead -= piece.length + PIECE_BYTES;
    if (paused && ahead < AHEAD_BYTES / 2) {
      paused = false;
      lastHeard = System.nanoTime();
      flow.resume();
    }
    return true;
  }

  private boolean isOver() {
    return cut.filter(why -> why == Cut.TIME_IS_UP || why == Cut.NO_PLACE).isPresent();
  }

  /** Until one of the few places for large bodies is free, or the time of the call is over. */
  private void awaitPlace() throws InterruptedException {
    while (cut.isEmpty() && !holdsPlace) {
      holdsPlace = large.tryAcquire();
      if (!holdsPlace) {
        changed.await(20, TimeUnit.MILLISECONDS);
      }
    }
    if (cut.equals(Optional.of(Cut.TIME_IS_UP))) {
      cut = Optional.of(Cut.NO_PLACE);
    }
  }

  /**
   * What is not read yet is not wanted any more: whoever reads on is told that there is no more, if
   * that is so, and else it throws.
   */
  @Override
  public void close() {
    lock.lock();
    try {
      discarded |= !complete || !pieces.isEmpty() || at < piece.length;
      at = piece.length;
      pieces.clear();
      ahead = 0;
      if (paused) {
        paused = false;
        flow.resume();
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- the server ----

  void add(byte[] bytes) {
    lock.lock();
    try {
      received += bytes.length;
      lastHeard = System.nanoTime();
      if (discarded || cut.isPresent()) {
        return;
      }
      if (received > maxBytes) {
        cut(Cut.TOO_LARGE);
        return;
      }
      pieces.add(bytes);
      ahead += bytes.length + PIECE_BYTES;
      if (ahead >= AHEAD_BYTES) {
        paused = true;
        flow.pause();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void complete() {
    lock.lock();
    try {
      complete = cut.isEmpty();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The rest will not come, or is not waited for. If all is here, only time can end it. */
  void cut(Cut why) {
    lock.lock();
    try {
      if (cut.isEmpty() && (!complete || why == Cut.TIME_IS_UP)) {
        cut = Optional.of(why);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is worth a thread: enough has come, or all. */
  boolean isReadable() {
    lock.lock();
    try {
      return complete || ahead >= AHEAD_BYTES / 2;
    } finally {
      lock.unlock();
    }
  }

  boolean isComplete() {
    lock.lock();
    try {
      return complete;
    } finally {
      lock.unlock();
    }
  }

  /** Cuts it off if more is awaited and nothing came for so long. */
  void requireProgress(long quietNanos) {
    lock.lock();
    try {
      if (!paused && !complete && System.nanoTime() - lastHeard > quietNanos) {
        cut(Cut.TOO_SLOW);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The time is over; what the route has to say to it is done here. */
  Optional<HttpAnswer> timeIsUp() {
    cut(Cut.TIME_IS_UP);
    Optional<Runnable> action;
    lock.lock();
    try {
      action = whenTimeIsUp;
    } finally {
      lock.unlock();
    }
    action.ifPresent(Runnable::run);
    lock.lock();
    try {
      return answer;
    } finally {
      lock.unlock();
    }
  }

  /** The route has ended. */
  void end() {
    close();
    lock.lock();
    try {
      if (holdsPlace) {
        holdsPlace = false;
        large.release();
      }
    } finally {
      lock.unlock();
    }
  }
}
