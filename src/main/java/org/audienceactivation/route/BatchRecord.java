package org.audienceactivation.route;

import java.util.Optional;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.profile.Reading;
import org.audienceactivation.profile.Rejection;

/**
 * One record of a batch, before it is handed to the destinations: raw, then a profile or rejected.
 *
 * <p>Not thread-safe: one step at a time works on a batch, and Camel's executors order the steps.
 */
public final class BatchRecord {
  private static final Optional<Reading> NOT_YET = Optional.empty();

  private final RawRecord raw;
  private Optional<Reading> reading;
  private boolean handedOn;

  BatchRecord(RawRecord raw) {
    this.raw = raw;
    this.reading = raw.rejection().isPresent() ? Optional.of(raw.rejection().get()) : NOT_YET;
  }

  public RawRecord raw() {
    return raw;
  }

  /** The profile, if the record was decoded and nothing rejected it since. */
  public Optional<Profile> profile() {
    return reading.orElse(null) instanceof Profile profile
        ? Optional.of(profile)
        : Optional.empty();
  }

  /** Why the record can go to no destination. */
  public Optional<Rejection> rejection() {
    return reading.orElse(null) instanceof Rejection rejection
        ? Optional.of(rejection)
        : Optional.empty();
  }

  boolean isHandedOn() {
    return handedOn;
  }

  boolean isRaw() {
    return reading.isEmpty() && !handedOn;
  }

  /** Lets go of the profile: each destination has it now, and drops it once it is mapped. */
  Profile handOn() {
    Profile profile = profile().orElseThrow();
    reading = Optional.empty();
    handedOn = true;
    return profile;
  }

  void decoded(Reading result) {
    reading = Optional.of(result);
  }

  void reject(Rejection rejection) {
    reading = Optional.of(rejection);
  }

  /** Replaces the profile. */
  void change(Profile profile) {
    reading = Optional.of(profile);
  }
}
