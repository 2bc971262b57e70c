package org.audienceactivation.route;

import java.util.Optional;
import java.util.Set;
import org.audienceactivation.accounting.Account;
import org.audienceactivation.destination.ChangePlan;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.destination.Mapping;
import org.audienceactivation.destination.Selection;
import org.audienceactivation.destination.StreamTarget;
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
 * @param changesOnly how changes are found, if only they are sent
 * @param account where the destination's records are counted
 */
public record DestinationPlan(
    Destination destination,
    String instance,
    Selection selection,
    Governance governance,
    Mapping mapping,
    Verdict verdict,
    Optional<ChangesOnly> changesOnly,
    Account account) {

  static DestinationPlan of(
      Destination destination,
      HomeConfiguration configuration,
      String instance,
      States states,
      Account account) {
    Verdict verdict = configuration.rules().judge(destination.outgoing());
    Governance governance =
        new Governance(
                destination.consent(),
                configuration.consentPolicies(),
                Set.copyOf(destination.marketingActions()),
                configuration.rules().labelsOf(destination.outgoing()))
            .with(enforced(destination, verdict), watched(destination, verdict))
            .explainedBy(verdict);
    Mapping mapping = new Mapping(destination, configuration.catalogue());
    Optional<DestinationState> state =
        destination.activation().changesOnly() ? states.of(destination.name()) : Optional.empty();
    return new DestinationPlan(
        destination,
        instance,
        new Selection(destination.audiences()),
        governance,
        mapping,
        verdict,
        state.map(
            known ->
                new ChangesOnly(
                    new ChangePlan(destination, governance, mapping, configuration.version()),
                    known)),
        account);
  }

  /** From now on the state of the destination goes by its audiences. */
  void enterInState() {
    changesOnly.ifPresent(
        changes ->
            changes
                .state()
                .change(
                    record ->
                        record.mapping(destination.audiences(), target(), changes.state().now())));
  }

  /** The stream, as the state knows it again. */
  private String target() {
    StreamTarget stream = destination.stream();
    return stream.region()
        + "/"
        + stream.name()
        + stream.endpoint().map(endpoint -> " at " + endpoint).orElse("");
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
