package org.audienceactivation.profile;

import java.util.List;

/** Several enrichments as one. */
record EnrichmentChain(List<Enrichment> steps) implements Enrichment {

  EnrichmentChain {
    steps = List.copyOf(steps);
  }

  @Override
  public Enriched enrich(Profile profile) {
    Profile current = profile;
    int unusable = 0;
    for (Enrichment step : steps) {
      Enriched enriched = step.enrich(current);
      current = enriched.profile();
      unusable += enriched.unusable();
    }
    return new Enriched(current, unusable);
  }

  @Override
  public Projection needs() {
    return steps.stream().map(Enrichment::needs).reduce(Projection.NOTHING, Projection::union);
  }
}
