package org.audienceactivation.route;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.RawRecord;

/**
 * Takes the place of {@link Select} where decisions are explained: keeps each profile as the
 * destination got it, enriched and by whatever steps the user has, and then selects.
 */
final class RememberProfiles implements Processor {
  private final Map<RawRecord, Profile> profiles =
      Collections.synchronizedMap(new IdentityHashMap<>());
  private final Select select = new Select();

  @Override
  public void process(Exchange exchange) {
    for (DestinationRecord record : Bodies.destinationBatch(exchange).profiles()) {
      record.received().ifPresent(profile -> profiles.put(record.raw(), profile));
    }
    select.process(exchange);
  }

  /** The profile of a record, which is then forgotten. */
  Optional<Profile> take(RawRecord raw) {
    return Optional.ofNullable(profiles.remove(raw));
  }
}
