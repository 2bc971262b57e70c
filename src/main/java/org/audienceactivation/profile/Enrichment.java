package org.audienceactivation.profile;

import java.util.List;

/**
 * Adds to a profile what follows from it alone. Pure, thread-safe and idempotent: enriching an
 * enriched profile changes nothing.
 */
public interface Enrichment {

  /** The profile with what could be added. */
  Enriched enrich(Profile profile);

  /** What must be read of a profile for this enrichment to see it. */
  default Projection needs() {
    return Projection.NOTHING;
  }

  /** All of these, one after the other; none at all leaves profiles as they are. */
  static Enrichment allOf(List<Enrichment> steps) {
    return new EnrichmentChain(steps);
  }

  /**
   * An enriched profile.
   *
   * @param unusable how many values were meant to be used and could not be, such as a text that is
   *     no telephone number; they add nothing
   */
  record Enriched(Profile profile, int unusable) {}
}
