package org.audienceactivation.route;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.destination.Selection;
import org.audienceactivation.profile.Profile;

/** Leaves out profiles that are in none of the destination's audiences. */
final class Select implements Processor {
  @Override
  public void process(Exchange exchange) {
    DestinationBatch batch = Bodies.destinationBatch(exchange);
    Selection selection = batch.plan().selection();
    for (DestinationRecord record : batch.profiles()) {
      Optional<Profile> received = record.received();
      if (received.isEmpty()) {
        continue;
      }
      if (selection.selects(received.get())) {
        record.select();
      } else {
        record.drop(Selection.NOT_SELECTED, "");
      }
    }
  }
}
