package org.audienceactivation.route;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.destination.Draft;
import org.audienceactivation.destination.Mapped;
import org.audienceactivation.destination.Mapping;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.profile.Rejection;

/**
 * Builds the event of each governed profile; where only changes are sent, as far as it depends on
 * the profile alone.
 */
final class MapEvents implements Processor {
  @Override
  public void process(Exchange exchange) {
    DestinationBatch batch = Bodies.destinationBatch(exchange);
    Mapping mapping = batch.plan().mapping();
    boolean waitsForDecision = batch.plan().changesOnly().isPresent();
    for (DestinationRecord record : batch.profiles()) {
      Optional<GovernedProfile> governed = record.governed();
      if (governed.isEmpty()) {
        continue;
      }
      if (waitsForDecision) {
        apply(record, draft(mapping, governed.get()));
      } else {
        apply(record, map(mapping, governed.get()), batch);
      }
    }
  }

  private static Draft draft(Mapping mapping, GovernedProfile profile) {
    try {
      return mapping.draft(profile);
    } catch (RuntimeException e) {
      return new Draft.Rejected(Unforeseen.in(e));
    }
  }

  private static void apply(DestinationRecord record, Draft draft) {
    if (draft instanceof Draft.Mapped mapped) {
      record.draft(mapped);
      return;
    }
    Rejection rejection = ((Draft.Rejected) draft).rejection();
    record.drop(rejection.reason(), rejection.detail());
  }

  private static Mapped map(Mapping mapping, GovernedProfile profile) {
    try {
      return mapping.map(profile);
    } catch (RuntimeException e) {
      return new Mapped.Rejected(Unforeseen.in(e));
    }
  }

  private static void apply(DestinationRecord record, Mapped mapped, DestinationBatch batch) {
    if (mapped instanceof Mapped.Event event) {
      record.map(batch.forStream(event.event()));
      return;
    }
    Rejection rejection = ((Mapped.Rejected) mapped).rejection();
    record.drop(rejection.reason(), rejection.detail());
  }
}
