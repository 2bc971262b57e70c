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
    Optional<ChangesOnly> changes = batch.plan().changesOnly();
    for (DestinationRecord record : batch.profiles()) {
      Optional<Profile> received = record.received();
      if (received.isEmpty()) {
        continue;
      }
      Profile profile = received.get();
      boolean isSelected = selection.selects(profile);
      if (changes.isPresent()) {
        // the step identify has let nobody through who has no name
        record.select(changes.get().plan().key(profile).orElseThrow(), isSelected);
      } else if (isSelected) {
        record.select();
      } else {
        record.drop(Selection.NOT_SELECTED, "");
      }
    }
  }
}
