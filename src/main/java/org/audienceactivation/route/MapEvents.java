package org.audienceactivation.route;

import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.destination.ActivationEvent;
import org.audienceactivation.destination.Mapped;
import org.audienceactivation.destination.Mapping;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.profile.Rejection;

/** Builds the event of each governed profile. */
final class MapEvents implements Processor {
  @Override
  public void process(Exchange exchange) {
    DestinationBatch batch = Bodies.destinationBatch(exchange);
    Mapping mapping = batch.plan().mapping();
    for (DestinationRecord record : batch.profiles()) {
      Optional<GovernedProfile> governed = record.governed();
      if (governed.isPresent()) {
        apply(record, map(mapping, governed.get()), batch.batch().mayBeWithdrawn());
      }
    }
  }

  private static Mapped map(Mapping mapping, GovernedProfile profile) {
    try {
      return mapping.map(profile);
    } catch (RuntimeException e) {
      return new Mapped.Rejected(Unforeseen.in(e));
    }
  }

  private static void apply(DestinationRecord record, Mapped mapped, boolean mayBeWithdrawn) {
    if (mapped instanceof Mapped.Event event) {
      ActivationEvent activation = event.event();
      StreamRecord forStream = StreamRecord.of(activation.partitionKey(), activation.data());
      record.map(mayBeWithdrawn ? forStream.withoutSuperseding() : forStream);
      return;
    }
    Rejection rejection = ((Mapped.Rejected) mapped).rejection();
    record.drop(rejection.reason(), rejection.detail());
  }
}
