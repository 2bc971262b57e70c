package org.audienceactivation.route;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.profile.Enrichment;
import org.audienceactivation.profile.Profile;

/** Applies one of the shipped enrichments to each profile of a batch. */
final class Enrich implements Processor {
  /** Leaves every profile as it is. */
  static final Enrichment NOTHING = Enrichment.allOf(List.of());

  private final Enrichment enrichment;
  private final LongAdder unusable = new LongAdder();

  Enrich(Enrichment enrichment) {
    this.enrichment = enrichment;
  }

  @Override
  public void process(Exchange exchange) {
    ProfileBatch batch = Bodies.profileBatch(exchange);
    if (enrichment.equals(NOTHING)) {
      return;
    }
    for (BatchRecord record : batch.records()) {
      if (record.profile().isPresent()) {
        enrich(record, record.profile().get());
      }
    }
  }

  private void enrich(BatchRecord record, Profile profile) {
    try {
      Enrichment.Enriched enriched = enrichment.enrich(profile);
      unusable.add(enriched.unusable());
      record.change(enriched.profile());
    } catch (RuntimeException e) {
      record.reject(Unforeseen.in(e));
    }
  }

  /** Values that could not be read, so that nothing was added for them. */
  long unusable() {
    return unusable.sum();
  }
}
