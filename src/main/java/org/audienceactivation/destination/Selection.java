package org.audienceactivation.destination;

import java.util.Set;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.Membership;
import org.audienceactivation.profile.Profile;

/**
 * Which profiles a destination gets: those with a membership in an audience that it maps, whatever
 * its status, since an exit is news too. Thread-safe.
 */
public final class Selection {

  /** Why a profile is left out. */
  public static final Reason NOT_SELECTED = Reason.of(ReasonCode.NOT_IN_MAPPED_AUDIENCE);

  private final AudienceScope scope;
  private final Set<AudienceRef> listed;

  public Selection(AudienceScope scope) {
    this.scope = scope;
    this.listed =
        scope instanceof AudienceScope.Listed some ? Set.copyOf(some.audiences()) : Set.of();
  }

  public boolean selects(Profile profile) {
    if (scope instanceof AudienceScope.All) {
      return !profile.memberships().isEmpty();
    }
    for (Membership membership : profile.memberships()) {
      if (listed.contains(membership.audience())) {
        return true;
      }
    }
    return false;
  }
}
