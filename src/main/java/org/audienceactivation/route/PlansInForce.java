package org.audienceactivation.route;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * The one reference to the plans by which batches that begin now are handled, and the batches that
 * have begun and not ended, under whichever plans. Thread-safe.
 */
final class PlansInForce {
  private static final long ASK_AGAIN_MILLIS = 20;

  /** What is in force since one moment; each is another. */
  private static final class State {
    private final Plans plans;
    private final boolean isHeld;

    State(Plans plans, boolean isHeld) {
      this.plans = plans;
      this.isHeld = isHeld;
    }
  }

  private final Set<ProfileBatch> open = ConcurrentHashMap.newKeySet();
  private volatile State state;

  PlansInForce(Plans plans) {
    this.state = new State(plans, false);
  }

  Plans now() {
    return state.plans;
  }

  /**
   * Begins a batch; {@link #ended} ends it. Waits while batches are held.
   *
   * @param batch makes it under these plans, which may be asked for more than once
   * @param waitsNoLonger whether there is no use in waiting any more; asked again and again
   * @return none if it has not begun, because batches are held
   */
  Optional<ProfileBatch> begin(Function<Plans, ProfileBatch> batch, BooleanSupplier waitsNoLonger) {
    while (true) {
      State found = state;
      if (found.isHeld) {
        if (waitsNoLonger.getAsBoolean()) {
          return Optional.empty();
        }
        awaitLetGo(waitsNoLonger);
        continue;
      }
      ProfileBatch begun = batch.apply(found.plans);
      open.add(begun);
      // whoever changed the state in between did not see this batch
      if (found == state) {
        return Optional.of(begun);
      }
      open.remove(begun);
    }
  }

  void ended(ProfileBatch batch) {
    open.remove(batch);
  }

  /** The batches that have begun and not ended; of those under former plans none is missing. */
  Set<ProfileBatch> open() {
    return open;
  }

  /** Batches that begin from now on are handled by these. */
  synchronized void replace(Plans plans) {
    state = new State(plans, state.isHeld);
  }

  /** No batch begins from now on. */
  synchronized void hold() {
    state = new State(state.plans, true);
  }

  /** Batches begin again. */
  synchronized void letGo() {
    state = new State(state.plans, false);
    notifyAll();
  }

  private synchronized void awaitLetGo(BooleanSupplier waitsNoLonger) {
    boolean interrupted = false;
    while (state.isHeld && !waitsNoLonger.getAsBoolean()) {
      try {
        wait(ASK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
