package org.audienceactivation.kinesis.sender;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A place in a line: what several threads prepare side by side is given to a sender in the order of
 * the source. {@link #line()} begins a line, {@link #next()} is the place behind this one. Each
 * place must be taken or given up, or those behind it wait for ever. Thread-safe.
 */
public final class Turn {

  private enum State {
    WAITING,
    REACHED,
    /** Whoever took it begins: only he ends it. */
    BEGINNING,
    OVER
  }

  /** The place of those who stand in no line: it is always theirs. */
  public static final Turn NONE = new Turn(State.OVER);

  // all guarded by this object
  private State state;
  private Turn behind;
  private Runnable action = () -> {};
  private boolean taken;

  private Turn(State state) {
    this.state = state;
  }

  /** The first place of a new line. */
  public static Turn line() {
    return new Turn(State.REACHED);
  }

  /**
   * The place behind this one; to be asked for once, by the source, in its order.
   *
   * @throws IllegalStateException if somebody stands there already
   */
  public Turn next() {
    synchronized (this) {
      if (behind != null) {
        throw new IllegalStateException("the place behind this one is taken");
      }
      behind = new Turn(state == State.OVER ? State.REACHED : State.WAITING);
      return behind;
    }
  }

  /**
   * Begins something when all places before this one are over, at once or on the thread that ends
   * the last of them; when it has begun, this place is over. What comes after the first time, or
   * after the place was given up, begins at once.
   *
   * @return completes as what was begun does
   */
  public CompletionStage<Void> take(Supplier<CompletionStage<Void>> beginning) {
    synchronized (this) {
      if (state == State.WAITING && !taken) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        taken = true;
        action = () -> follow(beginning, done);
        return done.minimalCompletionStage();
      }
    }
    boolean isMine = begin();
    try {
      return beginning.get();
    } finally {
      if (isMine) {
        moveUpFrom(this);
      }
    }
  }

  /** Ends this place if nobody has taken it; those behind it move up. */
  public void giveUp() {
    synchronized (this) {
      if (state == State.WAITING) {
        taken = true; // over as soon as it is reached, after what it may have to begin
      }
    }
    if (begin()) { // nothing
      moveUpFrom(this);
    }
  }

  /** False if the place is not reached, or somebody has begun. */
  private synchronized boolean begin() {
    boolean isReached = state == State.REACHED;
    if (isReached) {
      state = State.BEGINNING;
    }
    return isReached;
  }

  private static void moveUpFrom(Turn first) {
    Turn ended = first;
    while (ended != null) {
      ended = ended.end();
    }
  }

  /** Ends the place; the one behind it, if that was taken and so is to end as well. */
  private Turn end() {
    Turn reached;
    synchronized (this) {
      state = State.OVER;
      reached = behind;
    }
    return reached == null ? null : reached.reach();
  }

  private Turn reach() {
    Runnable begin;
    synchronized (this) {
      if (!taken) {
        state = State.REACHED;
        return null;
      }
      state = State.BEGINNING;
      begin = action;
    }
    begin.run();
    return this;
  }

  private static void follow(
      Supplier<CompletionStage<Void>> beginning, CompletableFuture<Void> done) {
    try {
      beginning
          .get()
          .whenComplete(
              (nothing, failure) -> {
                if (failure == null) {
                  done.complete(null);
                } else {
                  done.completeExceptionally(failure);
                }
              });
    } catch (RuntimeException | Error e) {
      done.completeExceptionally(e);
    }
  }
}
