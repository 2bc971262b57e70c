package org.audienceactivation.localkinesis;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Decides what befalls each call, by the {@link Faults} of the moment. While there are none, that
 * costs a call one read of a field. Thread-safe.
 */
final class FaultInjector {

  private final Tally tally;
  private volatile Active active = new Active(Faults.none());

  FaultInjector(Tally tally) {
    this.tally = tally;
  }

  /** Faults, and how many calls they have met: what a call meets follows from its number. */
  private static final class Active {
    private final Faults faults;
    private final FaultDice ofCalls;
    private final FaultDice ofRecords;
    private final boolean quiet;
    private final AtomicLong calls = new AtomicLong();

    Active(Faults faults) {
      this.faults = faults;
      this.ofCalls = new FaultDice(faults.percents(), Fault.Scope.CALL);
      this.ofRecords = new FaultDice(faults.percents(), Fault.Scope.RECORD);
      this.quiet =
          ofCalls.isEmpty()
              && ofRecords.isEmpty()
              && faults.denied().isEmpty()
              && faults.latency().isZero()
              && faults.jitter().isZero();
    }

    SplittableRandom randomOfNextCall() {
      return new SplittableRandom(faults.seed() + (calls.getAndIncrement() << 32));
    }
  }

  void inject(Faults faults) {
    active = new Active(faults);
  }

  Faults faults() {
    return active.faults;
  }

  /** Whether a call that is just beginning is dropped. */
  boolean isDroppedByOutage() {
    if (!active.faults.outage()) {
      return false;
    }
    tally.countOutage();
    return true;
  }

  Fate fateOf(Action action) {
    Active now = active;
    if (now.quiet) {
      return Fate.NONE;
    }
    if (now.faults.denied().contains(action)) {
      tally.countDenied();
      return Fate.refused(ApiException.accessDenied(action));
    }
    return now.faults.on().contains(action) ? draw(now) : Fate.NONE;
  }

  private Fate draw(Active now) {
    SplittableRandom random = now.randomOfNextCall();
    Optional<Fault> ofCall = now.ofCalls.draw(random);
    ofCall.ifPresent(tally::count);
    return new Fate(
        delayMillis(now.faults, random),
        ofCall.flatMap(Fault::refusal),
        ofCall,
        now.ofRecords.isEmpty()
            ? Optional.empty()
            : Optional.of(new Fate.RecordDraws(now.ofRecords, random, tally)));
  }

  private static long delayMillis(Faults faults, SplittableRandom random) {
    return faults.latency().toMillis() + random.nextLong(faults.jitter().toMillis() + 1);
  }
}
