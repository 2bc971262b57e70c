package org.audienceactivation.governance;

import org.audienceactivation.profile.Profile;

/**
 * A profile that governance has let through for one destination. Only {@link Governance} makes one,
 * and mapping takes nothing else: this is how "govern before map" is a matter of types.
 */
public final class GovernedProfile {

  private final Profile profile;

  GovernedProfile(Profile profile) {
    this.profile = profile;
  }

  public Profile profile() {
    return profile;
  }
}
