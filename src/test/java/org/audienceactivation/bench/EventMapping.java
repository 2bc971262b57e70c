package org.audienceactivation.bench;

import java.util.Optional;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.destination.ActivationEvent;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.destination.Mapped;
import org.audienceactivation.destination.Mapping;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.ProfileReader;
import org.audienceactivation.profile.RawRecord;

/** From a raw record to its event for one destination: the pure part of the pipeline. */
final class EventMapping {

  private final ProfileReader reader;
  private final Governance governance;
  private final Mapping mapping;

  private EventMapping(Destination destination) {
    this.governance = new Governance(destination.consent());
    this.reader = new ProfileReader(destination.needs().union(governance.needs()));
    this.mapping = new Mapping(destination, AudienceCatalogue.empty());
  }

  /** For the destination of this YAML. */
  static EventMapping of(String destination) {
    return new EventMapping(
        Destination.read(
                "bench.yaml", destination, UnaryOperator.identity(), AudienceCatalogue.empty())
            .toOptional()
            .orElseThrow());
  }

  /** Empty if the record is no profile, or one that governance or the destination leaves out. */
  Optional<ActivationEvent> event(RawRecord record) {
    if (reader.read(record) instanceof Profile profile
        && governance.decide(profile) instanceof Decision.Allowed allowed
        && mapping.map(allowed.profile()) instanceof Mapped.Event mapped) {
      return Optional.of(mapped.event());
    }
    return Optional.empty();
  }
}
