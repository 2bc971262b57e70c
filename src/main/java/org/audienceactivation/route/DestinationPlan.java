package org.audienceactivation.route;

import org.audienceactivation.accounting.Account;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.destination.Mapping;
import org.audienceactivation.destination.Selection;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.profile.Projection;

/**
 * What the steps of one destination's route need, decided once from its configuration.
 *
 * @param account where the destination's records are counted
 */
public record DestinationPlan(
    Destination destination,
    Selection selection,
    Governance governance,
    Mapping mapping,
    Account account) {

  static DestinationPlan of(Destination destination, AudienceCatalogue catalogue, Account account) {
    return new DestinationPlan(
        destination,
        new Selection(destination.audiences()),
        new Governance(destination.consent()),
        new Mapping(destination, catalogue),
        account);
  }

  String name() {
    return destination.name();
  }

  /** What must be read of a profile for this destination. */
  Projection needs() {
    return destination.needs().union(governance.needs());
  }
}
