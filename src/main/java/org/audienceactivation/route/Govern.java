package org.audienceactivation.route;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.accounting.Account;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.governance.Withheld;
import org.audienceactivation.profile.Profile;

/** Leaves out what governance forbids; only what passes here can be mapped. */
final class Govern implements Processor {
  @Override
  public void process(Exchange exchange) {
    DestinationBatch batch = Bodies.destinationBatch(exchange);
    Governance governance = batch.plan().governance();
    for (DestinationRecord record : batch.profiles()) {
      Optional<Profile> selected = record.selected();
      if (selected.isPresent()) {
        apply(record, governance.decide(selected.get()), batch.plan().account());
      }
    }
  }

  private static void apply(DestinationRecord record, Decision decision, Account account) {
    if (decision instanceof Decision.Allowed allowed) {
      GovernedProfile governed = allowed.profile();
      for (Withheld part : governed.withheld()) {
        account.withheld(part.label());
      }
      for (Withheld part : governed.audited()) {
        account.audited(part.label());
      }
      record.govern(governed);
      return;
    }
    record.drop(((Decision.Denied) decision).reason(), "");
  }
}
