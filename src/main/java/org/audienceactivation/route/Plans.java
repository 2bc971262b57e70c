package org.audienceactivation.route;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.profile.ProfileReader;
import org.audienceactivation.profile.Projection;

/**
 * One whole configuration, made ready: by it a batch is handled from its decoding to its last
 * outcome, whatever comes into force meanwhile. Immutable.
 *
 * @param configuration what it was made of
 * @param destinations those that are fed
 * @param reader takes from a record what any of them needs
 */
record Plans(
    HomeConfiguration configuration, List<DestinationPlan> destinations, ProfileReader reader) {

  static final Plans NONE =
      new Plans(HomeConfiguration.none(), List.of(), new ProfileReader(Projection.NOTHING));

  Plans {
    destinations = List.copyOf(destinations);
  }

  /**
   * Makes the plans of some destinations.
   *
   * @param fed destinations of the configuration
   * @param instances the name of each one's route without its prefix
   * @param ledger has their accounts only when they are entered there
   * @param besides what else must be read of a profile
   * @param states what is known of destinations
   */
  static Plans of(
      HomeConfiguration configuration,
      List<Destination> fed,
      Function<Destination, String> instances,
      Ledger ledger,
      Projection besides,
      States states) {
    List<DestinationPlan> plans =
        fed.stream()
            .map(
                one ->
                    DestinationPlan.of(
                        one,
                        configuration,
                        instances.apply(one),
                        states,
                        ledger.prepare(one.name())))
            .toList();
    Projection needs =
        plans.stream().map(DestinationPlan::needs).reduce(besides, Projection::union);
    return new Plans(configuration, plans, new ProfileReader(needs));
  }

  /** Lets a run have their accounts, and what is known of destinations go by them. */
  void enterIn(Ledger ledger) {
    destinations.forEach(plan -> ledger.enter(plan.name(), plan.account()));
    destinations.forEach(DestinationPlan::enterInState);
  }

  /** The plan of the destination with this name. */
  Optional<DestinationPlan> of(String destination) {
    return destinations.stream().filter(plan -> plan.name().equals(destination)).findFirst();
  }

  /** The same configuration, and one destination alone. */
  Plans only(DestinationPlan destination) {
    return new Plans(configuration, List.of(destination), reader);
  }

  /** Whether a batch under these plans may come to this route of a destination. */
  boolean use(String instance) {
    return destinations.stream().anyMatch(plan -> plan.instance().equals(instance));
  }
}
