package org.audienceactivation.route;

import java.util.IdentityHashMap;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.profile.Rejection;

/**
 * Takes the place of {@link Settle} where nothing is sent: prints each event that would be, and for
 * every record the decision, in the order of the input.
 */
final class ShowPreview implements Processor {
  private final ActivationOptions.Sources.Preview preview;

  ShowPreview(ActivationOptions.Sources.Preview preview) {
    this.preview = preview;
  }

  @Override
  public void process(Exchange exchange) {
    if (exchange.getMessage().getBody() instanceof DestinationBatch batch) {
      batch.claim();
      return;
    }
    ProfileBatch batch = Bodies.profileBatch(exchange);
    IdentityHashMap<RawRecord, DestinationRecord> handedOn = new IdentityHashMap<>();
    for (DestinationBatch destinationBatch : batch.getDestinationBatches()) {
      destinationBatch.profiles().forEach(record -> handedOn.put(record.raw(), record));
    }
    for (BatchRecord record : batch.records()) {
      Optional<DestinationRecord> destination = Optional.ofNullable(handedOn.get(record.raw()));
      if (destination.isPresent()) {
        show(destination.get());
      } else {
        record.rejection().ifPresent(rejection -> withheld(record.raw(), rejection));
      }
    }
    batch.claim();
  }

  private void show(DestinationRecord record) {
    if (record.event().isPresent()) {
      byte[] data = record.event().get().data();
      preview.events().write(data, 0, data.length);
      preview.events().write('\n');
      decision(record.raw(), "sent" + without(record) + audited(record));
      return;
    }
    Settlement.NotDelivered failure =
        (Settlement.NotDelivered)
            record.settlement().orElseThrow(() -> new IllegalStateException("not mapped"));
    withheld(record.raw(), failure.reason(), failure.detail());
  }

  private static String without(DestinationRecord record) {
    String leftOut = record.withheld().leftOutInWords();
    return leftOut.isEmpty() ? "" : " without " + leftOut;
  }

  private static String audited(DestinationRecord record) {
    String audited = record.withheld().auditedInWords();
    return audited.isEmpty() ? "" : "; audited: " + audited;
  }

  private void withheld(RawRecord raw, Rejection rejection) {
    withheld(raw, rejection.reason(), rejection.detail());
  }

  private void withheld(RawRecord raw, Reason reason, String detail) {
    String why = detail.isEmpty() ? "" : " (" + detail + ")";
    decision(raw, reason.outcome().label() + " " + reason.label() + why);
  }

  private void decision(RawRecord raw, String decision) {
    preview
        .decisions()
        .println(raw.source() + ":" + raw.line() + ": " + preview.destination() + ": " + decision);
  }
}
