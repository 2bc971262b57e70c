package org.audienceactivation.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.profile.Projection;

/**
 * Goes over from one configuration to the next while batches are under way. Each batch ends under
 * the plans under which it began. Where a destination gets another sender, no batch begins until
 * the former sender has let go of everything, so the order within a stream is kept; and a former
 * sender that does not get rid of its records returns them to their sources.
 *
 * <p>Not thread-safe: one thread makes one change after the other.
 */
final class Changeover implements Reload.Changes {
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(30);
  private static final Duration OUTAGE_ENDS_WITHIN = Duration.ofSeconds(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final PlansInForce inForce;
  private final ServedDestinations served;
  private final Function<HomeConfiguration, List<Problem>> checks;
  private final Making making;
  private final Consumer<List<StreamRecord>> withdrawal;
  private final StopSignal stop;

  /** Those whose routes end when no batch comes to them any more. */
  private final List<DestinationPlan> former = new ArrayList<>();

  /**
   * What plans are made with.
   *
   * @param besides what else than destinations needs it must be read of a profile
   */
  record Making(Ledger ledger, Projection besides) {}

  /**
   * Changes of what is in force.
   *
   * @param checks what else must hold of a configuration
   * @param withdrawal lets senders let go of records
   * @param stop after it nothing is waited for
   */
  Changeover(
      PlansInForce inForce,
      ServedDestinations served,
      Function<HomeConfiguration, List<Problem>> checks,
      Making making,
      Consumer<List<StreamRecord>> withdrawal,
      StopSignal stop) {
    this.inForce = inForce;
    this.served = served;
    this.checks = checks;
    this.making = making;
    this.withdrawal = withdrawal;
    this.stop = stop;
  }

  @Override
  public Checked<Reload.Change> to(HomeConfiguration configuration) {
    List<Problem> problems = new ArrayList<>(checks.apply(configuration));
    Plans before = inForce.now();
    List<Destination> all = configuration.destinations();
    Plans next =
        Plans.of(
            configuration,
            all,
            one -> instance(before.of(one.name()), one, all),
            making.ledger(),
            making.besides());
    if (problems.isEmpty()) {
      problems.addAll(served.begin(in(next, before)));
    }
    return Checked.of(new Step(before, next), problems);
  }

  private String instance(
      Optional<DestinationPlan> before, Destination destination, List<Destination> all) {
    return before
        .filter(plan -> ServedDestinations.isServedAlike(plan.destination(), destination))
        .map(DestinationPlan::instance)
        .orElseGet(() -> served.newInstance(destination, all));
  }

  /** The plans whose routes the others do not have. */
  private static List<DestinationPlan> in(Plans some, Plans others) {
    return some.destinations().stream().filter(plan -> !others.use(plan.instance())).toList();
  }

  @Override
  public void tidy() {
    List<DestinationPlan> unused =
        former.stream().filter(plan -> isUnused(plan.instance())).toList();
    former.removeAll(unused);
    unused.forEach(served::end);
  }

  private boolean isUnused(String instance) {
    return inForce.open().stream().noneMatch(batch -> batch.uses(instance));
  }

  /** From one configuration to the next, whose routes are there. */
  private final class Step implements Reload.Change {
    private final Plans next;
    private final List<DestinationPlan> left;

    Step(Plans before, Plans next) {
      this.next = next;
      this.left = in(before, next);
    }

    @Override
    public void takeEffect() {
      if (left.stream().anyMatch(this::isReplaced)) {
        inForce.hold();
      }
      inForce.replace(next);
      next.destinations().forEach(PolicyLog::say);
    }

    private boolean isReplaced(DestinationPlan plan) {
      return next.of(plan.name()).isPresent();
    }

    @Override
    public void settleFormer() {
      try {
        left.stream().filter(this::isReplaced).forEach(Changeover.this::awaitSettled);
      } finally {
        inForce.letGo();
      }
      left.stream().filter(plan -> !isReplaced(plan)).forEach(Changeover.this::awaitSettled);
      former.addAll(left);
      tidy();
    }
  }

  private void awaitSettled(DestinationPlan plan) {
    long begin = System.nanoTime();
    boolean withdraws = false;
    while (!stop.isGiven() && holds(plan.instance(), withdraws)) {
      Duration waited = Duration.ofNanos(System.nanoTime() - begin);
      withdraws |= waited.compareTo(SETTLED_WITHIN) >= 0 || waitsInVain(plan, waited);
      stop.pause(LOOK_EVERY);
    }
  }

  private boolean waitsInVain(DestinationPlan plan, Duration waited) {
    return waited.compareTo(OUTAGE_ENDS_WITHIN) >= 0 && served.waitsInVain(plan, waited);
  }

  private boolean holds(String instance, boolean withdraws) {
    boolean holds = false;
    for (ProfileBatch batch : inForce.open()) {
      holds |= !batch.isSettledBy(instance) && !(withdraws && isWithdrawn(batch, instance));
    }
    return holds;
  }

  private boolean isWithdrawn(ProfileBatch batch, String instance) {
    List<StreamRecord> withSender = batch.withdrawFrom(instance);
    withdrawal.accept(withSender);
    return withSender.isEmpty();
  }
}
