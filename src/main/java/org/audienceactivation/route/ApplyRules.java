package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.enrichment.EnrichmentRules;
import org.audienceactivation.profile.Profile;

/** Applies the rules of {@code enrichment.yaml} to the profiles of a batch. */
final class ApplyRules implements Processor {
  private final EnrichmentRules rules;

  ApplyRules(EnrichmentRules rules) {
    this.rules = rules;
  }

  @Override
  public void process(Exchange exchange) {
    ProfileBatch batch = Bodies.profileBatch(exchange);
    if (rules.isEmpty()) {
      return;
    }
    List<BatchRecord> records = new ArrayList<>(batch.records().size());
    List<Profile> profiles = new ArrayList<>(batch.records().size());
    for (BatchRecord record : batch.records()) {
      if (record.profile().isPresent()) {
        records.add(record);
        profiles.add(record.profile().get());
      }
    }
    List<Profile> enriched = rules.enrich(profiles);
    for (int i = 0; i < records.size(); i++) {
      records.get(i).change(enriched.get(i));
    }
  }
}
