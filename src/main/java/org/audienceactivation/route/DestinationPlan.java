package org.audienceactivation.route;

import java.util.Set;
import org.audienceactivation.accounting.Account;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.destination.Mapping;
import org.audienceactivation.destination.Selection;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.governance.Restrictions;
import org.audienceactivation.governance.Verdict;
import org.audienceactivation.profile.Projection;

/**
 * What the steps of one destination's route need, decided once from its configuration.
 *
 * @param instance its route's id without the prefix: the name, unless the run has had another route
 *     for it
 * @param verdict what labels and policies say of it
 * @param account where the destination's records are counted
 */
public record DestinationPlan(
    Destination destination,
    String instance,
    Selection selection,
    Governance governance,
    Mapping mapping,
    Verdict verdict,
    Account account) {

  static DestinationPlan of(
      Destination destination, HomeConfiguration configuration, String instance, Account account) {
    Verdict verdict = configuration.rules().judge(destination.outgoing());
    return new DestinationPlan(
        destination,
        instance,
        new Selection(destination.audiences()),
        new Governance(
                destination.consent(),
                configuration.consentPolicies(),
                Set.copyOf(destination.marketingActions()),
                configuration.rules().labelsOf(destination.outgoing()))
            .with(enforced(destination, verdict), watched(destination, verdict))
            .explainedBy(verdict),
        new Mapping(destination, configuration.catalogue()),
        verdict,
        account);
  }

  /** What is left out of its events. */
  static Restrictions enforced(Destination destination, Verdict verdict) {
    return switch (destination.enforcement()) {
      case AUDIT -> Restrictions.always(verdict, destination.outgoing());
      // a destination that blocks has no violation, or it would not have been read
      case BLOCK, STRIP -> Restrictions.all(verdict, destination.outgoing());
    };
  }

  private static Restrictions watched(Destination destination, Verdict verdict) {
    return switch (destination.enforcement()) {
      case AUDIT -> Restrictions.ofPolicies(verdict, destination.outgoing());
      case BLOCK, STRIP -> Restrictions.NONE;
    };
  }

  String name() {
    return destination.name();
  }

  /** The id of the route that its batches take. */
  String route() {
    return DestinationRoutes.PREFIX + instance;
  }

  /** What must be read of a profile for this destination. */
  Projection needs() {
    return destination.needs().union(governance.needs());
  }
}
