package org.audienceactivation.destination;

import java.util.Optional;
import org.audienceactivation.profile.Membership;

/** How an event tells that a profile is in an audience (domain.md §4.5). */
public enum Statuses {
  /** As the source does. */
  AS_GIVEN,
  /** {@code realized} and {@code exited} alone, as since May 2023. */
  CURRENT,
  /**
   * {@code realized} who has entered, {@code existing} who was told to be in before. Where nothing
   * is known of before, as the source does.
   */
  LEGACY;

  /** What ends a membership, in any case of letters. */
  static final String EXITED = "exited";

  private static final Optional<String> REALIZED = Optional.of(Membership.DEFAULT_STATUS);
  private static final Optional<String> EXISTING = Optional.of("existing");

  /** Whether a membership says that the profile is in the audience. */
  static boolean isMember(Membership membership) {
    return membership.status().isEmpty() || !membership.status().get().equalsIgnoreCase(EXITED);
  }

  /** The membership where nothing is known of before. */
  Membership shown(Membership given) {
    boolean isExisting = given.status().equals(EXISTING);
    return this == CURRENT && isExisting ? with(given, REALIZED) : given;
  }

  /** The membership of a profile of which it is known whether it was told to be in before. */
  Membership shown(Membership given, boolean wasMember) {
    if (this != LEGACY || !isMember(given)) {
      return shown(given);
    }
    return with(given, wasMember ? EXISTING : REALIZED);
  }

  private static Membership with(Membership given, Optional<String> status) {
    return given.status().equals(status)
        ? given
        : new Membership(given.audience(), status, given.lastQualificationTime());
  }
}
