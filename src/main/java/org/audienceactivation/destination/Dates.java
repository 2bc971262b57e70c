package org.audienceactivation.destination;

import java.time.temporal.ChronoUnit;
import org.audienceactivation.profile.LenientTime;

/** How an event spells {@code lastQualificationTime}, of which exports have several forms. */
public enum Dates {
  /** As the source does. */
  AS_GIVEN,
  /** {@code 2025-11-03T08:14:55Z}; what is no date stays as it is. */
  UTC;

  String shown(String given) {
    return this == AS_GIVEN
        ? given
        : LenientTime.parse(given)
            .map(at -> at.truncatedTo(ChronoUnit.SECONDS).toString())
            .orElse(given);
  }
}
