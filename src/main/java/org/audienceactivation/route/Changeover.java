package org.audienceactivation.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
 * the plans under which it began. Where a destination or a stream gets another sender, no batch
 * begins until the former sender has let go of everything, so the order within a stream is kept;
 * and a former sender that does not get rid of its records returns them to their sources.
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
  record Making(Ledger ledger, Projection besides, States states) {}

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
            making.besides(),
            making.states());
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
    private final Plans before;
    private final Plans next;
    private final List<DestinationPlan> left;
    private final List<DestinationPlan> entered;

    Step(Plans before, Plans next) {
      this.before = before;
      this.next = next;
      this.left = in(before, next);
      this.entered = in(next, before);
    }

    @Override
    public void takeEffect(Runnable whenInForce) {
      List<DestinationPlan> replaced = left.stream().filter(this::isReplaced).toList();
      long since = System.nanoTime();
      try {
        if (!replaced.isEmpty()) {
          inForce.hold();
        }
        next.enterIn(making.ledger());
        inForce.replace(next);
        former.addAll(left);
        whenInForce.run();
        next.destinations().stream().filter(this::isNews).forEach(PolicyLog::say);
        awaitSettled(replaced, since);
      } finally {
        // what is held when the application stops is given back: it must not overtake
        if (!stop.isGiven()) {
          inForce.letGo();
        }
      }
      awaitSettled(left, since);
      tidy();
    }

    /** Whether another sender comes for its destination, or for its stream. */
    private boolean isReplaced(DestinationPlan plan) {
      return next.of(plan.name()).isPresent()
          || entered.stream()
              .anyMatch(one -> one.destination().stream().equals(plan.destination().stream()));
    }

    /** Whether it loses something else to policies than before. */
    private boolean isNews(DestinationPlan plan) {
      return before
          .of(plan.name())
          .filter(
              old ->
                  old.destination().enforcement() == plan.destination().enforcement()
                      && old.verdict().equals(plan.verdict()))
          .isEmpty();
    }
  }

  /** All have the same time, which began at this moment. */
  private void awaitSettled(List<DestinationPlan> plans, long since) {
    Set<String> withdrawing = new HashSet<>();
    while (!stop.isGiven() && hold(plans, withdrawing)) {
      Duration waited = Duration.ofNanos(System.nanoTime() - since);
      plans.stream()
          .filter(plan -> waited.compareTo(SETTLED_WITHIN) >= 0 || waitsInVain(plan, waited))
          .forEach(plan -> withdrawing.add(plan.instance()));
      stop.pause(LOOK_EVERY);
    }
  }

  private boolean waitsInVain(DestinationPlan plan, Duration waited) {
    return waited.compareTo(OUTAGE_ENDS_WITHIN) >= 0 && served.waitsInVain(plan, waited);
  }

  private boolean hold(List<DestinationPlan> plans, Set<String> withdrawing) {
    boolean hold = false;
    for (DestinationPlan plan : plans) {
      hold |= holds(plan.instance(), withdrawing.contains(plan.instance()));
    }
    return hold;
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
