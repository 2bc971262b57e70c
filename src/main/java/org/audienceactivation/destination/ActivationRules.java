package org.audienceactivation.destination;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What makes an event for one destination, where it is known what was delivered before (domain.md
 * §3). Without that knowledge every record is a change.
 *
 * @param changesOnly false if every record is exported, as without state
 * @param triggers those that are on; a change with several causes is exported if one of them is
 * @param attributesOnWrite whether a mapped attribute that is shown again counts as changed, as in
 *     the original; otherwise only another value does
 * @param onlyMembers whether changes of identities and attributes are exported only while the
 *     profile is in a mapped audience (§3.2)
 * @param exits what is exported besides what sources show as exited
 * @param exitsVisibleFor how long later events show an exit; empty is as long as the source does
 */
public record ActivationRules(
    boolean changesOnly,
    Set<Trigger> triggers,
    boolean attributesOnWrite,
    boolean onlyMembers,
    Exits exits,
    Optional<Duration> exitsVisibleFor) {

  /** All triggers, changes of values, members only, and no exits but those that are shown. */
  public static final ActivationRules DEFAULT =
      new ActivationRules(true, Trigger.SWITCHED, false, true, Exits.DEFAULT, Optional.empty());

  public ActivationRules {
    triggers = Set.copyOf(triggers);
  }

  /**
   * Which ends of memberships are told although no source shows them as exited.
   *
   * @param denied of a profile that governance does not let through any more
   * @param unmapped of an audience that is not mapped any more
   * @param missingProfiles of a profile that a snapshot does not show any more
   * @param missingAtMostPercent how many of the known members may be missing in one snapshot; where
   *     it is more, the snapshot is taken for incomplete, and nobody exits for it
   */
  public record Exits(
      boolean denied, boolean unmapped, boolean missingProfiles, int missingAtMostPercent) {

    public static final Exits DEFAULT = new Exits(false, false, false, 10);

    /** Whether an event may be needed of a profile that nobody shows: its identities are kept. */
    public boolean needIdentities() {
      return denied || missingProfiles;
    }
  }
}
