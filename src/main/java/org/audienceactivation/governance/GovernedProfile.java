package org.audienceactivation.governance;

import java.util.List;
import java.util.Optional;
import org.audienceactivation.profile.Profile;

/**
 * A profile that governance has let through for one destination. Only {@link Governance} makes one,
 * and mapping takes nothing else: this is how "govern before map" is a matter of types.
 */
public final class GovernedProfile {

  private final Profile profile;
  private final List<WithheldIdentity> withheldIdentities;
  private final List<Withheld> withheld;
  private final List<Withheld> audited;
  private final Optional<Finding> wouldExclude;

  GovernedProfile(
      Profile profile,
      List<WithheldIdentity> withheldIdentities,
      List<Withheld> withheld,
      List<Withheld> audited,
      Optional<Finding> wouldExclude) {
    this.profile = profile;
    this.withheldIdentities = List.copyOf(withheldIdentities);
    this.withheld = List.copyOf(withheld);
    this.audited = List.copyOf(audited);
    this.wouldExclude = wouldExclude;
  }

  /** What may be sent: without what is {@link #withheldIdentities} or {@link #withheld}. */
  public Profile profile() {
    return profile;
  }

  /** The identities that refused for themselves and are left out; none for most profiles. */
  public List<WithheldIdentity> withheldIdentities() {
    return withheldIdentities;
  }

  /** What the profile had and policies have left out of it. */
  public List<Withheld> withheld() {
    return withheld;
  }

  /** What it still has and policies would leave out, if they were enforced. */
  public List<Withheld> audited() {
    return audited;
  }

  /** Why policies would exclude it as a whole, if they were enforced; then no part is audited. */
  public Optional<Finding> wouldExclude() {
    return wouldExclude;
  }
}
