package org.audienceactivation.governance;

import java.util.List;
import org.audienceactivation.profile.Profile;

/**
 * A profile that governance has let through for one destination. Only {@link Governance} makes one,
 * and mapping takes nothing else: this is how "govern before map" is a matter of types.
 */
public final class GovernedProfile {

  private final Profile profile;
  private final List<Withheld> withheld;
  private final List<Withheld> audited;

  GovernedProfile(Profile profile) {
    this(profile, List.of(), List.of());
  }

  GovernedProfile(Profile profile, List<Withheld> withheld, List<Withheld> audited) {
    this.profile = profile;
    this.withheld = List.copyOf(withheld);
    this.audited = List.copyOf(audited);
  }

  /** What the profile had and governance has left out of it. */
  public List<Withheld> withheld() {
    return withheld;
  }

  /** What it still has and policies would leave out, if they were enforced. */
  public List<Withheld> audited() {
    return audited;
  }

  public Profile profile() {
    return profile;
  }
}
