package org.audienceactivation.destination;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.profile.AudienceRef;

/**
 * Since when which audiences are mapped to a destination. Each mapping has a number of its own: an
 * audience that is mapped again, or to be sent again, gets a new one, and what was delivered under
 * an older number does not count. Immutable.
 *
 * @param listed the audiences by themselves
 * @param others what holds for those that are not listed; empty if only the listed ones are mapped
 */
public record AudienceMappings(Map<AudienceRef, Mapped> listed, Optional<Mapped> others) {

  public AudienceMappings {
    listed = Map.copyOf(listed);
  }

  /**
   * One mapping.
   *
   * @param number higher than that of every mapping before it
   * @param since when it began
   * @param isResend whether it began because members are to be sent again
   */
  public record Mapped(long number, Instant since, boolean isResend) {

    boolean covers(PastMembership past) {
      return past.mapping() == number;
    }
  }

  boolean isMapped(AudienceRef audience) {
    return others.isPresent() || listed.containsKey(audience);
  }

  /** The mapping of an audience, if it is mapped. */
  public Optional<Mapped> of(AudienceRef audience) {
    Mapped own = listed.get(audience);
    return own == null ? others : Optional.of(own);
  }
}
