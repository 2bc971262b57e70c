package org.audienceactivation.route;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
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
        apply(record, governance.decide(selected.get()));
      }
    }
  }

  private static void apply(DestinationRecord record, Decision decision) {
    if (decision instanceof Decision.Allowed allowed) {
      record.govern(allowed.profile());
      return;
    }
    record.drop(((Decision.Denied) decision).reason(), "");
  }
}
