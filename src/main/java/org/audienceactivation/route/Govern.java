package org.audienceactivation.route;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.destination.InputKind;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Rejection;

/** Leaves out what governance forbids; only what passes here can be mapped. */
final class Govern implements Processor {
  private final boolean isLogged;

  /**
   * The step of every destination.
   *
   * @param isLogged whether somebody writes down from whom something was withheld
   */
  Govern(boolean isLogged) {
    this.isLogged = isLogged;
  }

  @Override
  public void process(Exchange exchange) {
    DestinationBatch batch = Bodies.destinationBatch(exchange);
    Governance governance = batch.plan().governance();
    boolean isMissing = batch.batch().input().kind() == InputKind.MISSING;
    for (DestinationRecord record : batch.profiles()) {
      Optional<Profile> selected = record.selected();
      if (selected.isPresent()) {
        govern(record, governance, selected.get(), isMissing);
      }
    }
  }

  /** What nobody foresaw in one profile keeps it here, and must not hold up its batch for ever. */
  private void govern(
      DestinationRecord record, Governance governance, Profile profile, boolean isMissing) {
    try {
      if (isMissing) {
        // its consents are not known; what its end may tell is decided where that is made
        record.expectFarewell();
        return;
      }
      IdentityMap named = isLogged ? profile.identities() : IdentityMap.EMPTY;
      apply(record, governance.decide(profile), named);
    } catch (RuntimeException e) {
      Rejection rejection = Unforeseen.in(e);
      record.drop(rejection.reason(), rejection.detail());
    }
  }

  private static void apply(DestinationRecord record, Decision decision, IdentityMap named) {
    if (decision instanceof Decision.Allowed allowed) {
      record.govern(allowed.profile(), named);
      return;
    }
    record.deny((Decision.Denied) decision, named);
  }
}
