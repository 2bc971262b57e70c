package org.audienceactivation.destination;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.LenientTime;
import org.audienceactivation.profile.Membership;

/**
 * Tells whether a profile must be sent, from what the destination was last sent of it and what a
 * record shows now: the triggers of domain.md §3.1, the gate of §3.2, the contents of §3.3.
 * Immutable and pure.
 */
final class ChangeDetection {

  private static final Reason NOT_CHANGED = Reason.of(ReasonCode.NOT_CHANGED);
  private static final Reason TRIGGER_OFF = Reason.of(ReasonCode.TRIGGER_OFF);
  private static final Reason NOT_A_MEMBER = Reason.of(ReasonCode.NOT_A_MEMBER);

  private final ActivationRules rules;
  private final Statuses statuses;

  ChangeDetection(ActivationRules rules, Statuses statuses) {
    this.rules = rules;
    this.statuses = statuses;
  }

  /**
   * The change of one profile.
   *
   * @param before what was delivered, or may have been if {@code isInFlight}
   * @param mappings the destination's, now
   * @param isInFlight whether an event of the profile is on its way of which nobody knows yet
   *     whether it will be delivered: then nothing can be taken for unchanged
   */
  Change of(
      LastDelivered before,
      ProfileFacts now,
      InputKind kind,
      AudienceMappings mappings,
      boolean isInFlight,
      Instant at) {
    Memberships memberships = new Memberships(before, kind, mappings, at);
    now.memberships().forEach(memberships::shown);
    memberships.notShown(now.memberships());
    boolean isNobodys = !memberships.anyMapped && !before.isMember();
    if (isNobodys) {
      return new Change.Suppressed(Selection.NOT_SELECTED);
    }
    Set<Trigger> causes = causes(before, now, kind, memberships.changed);
    Set<Trigger> effective = EnumSet.copyOf(causes);
    effective.retainAll(rules.triggers());
    if (memberships.isResent) {
      effective.add(Trigger.RESEND);
    }
    if (effective.isEmpty() && isInFlight) {
      effective.addAll(rules.triggers());
    }
    if (effective.isEmpty()) {
      return new Change.Suppressed(causes.isEmpty() ? NOT_CHANGED : TRIGGER_OFF);
    }
    boolean isOutside = !effective.contains(Trigger.SEGMENTATION) && !memberships.isMember();
    if (rules.onlyMembers() && isOutside) {
      return new Change.Suppressed(NOT_A_MEMBER);
    }
    return new Change.Export(effective, memberships.inEvent, after(before, now, kind, memberships));
  }

  /**
   * The last event of a profile that is not let through, or that nobody shows any more; empty if
   * the destination knows of no membership of it.
   */
  Optional<Change.Export> farewell(LastDelivered before, Instant at) {
    if (!before.isMember()) {
      return Optional.empty();
    }
    List<Membership> exits = new ArrayList<>();
    before
        .memberships()
        .forEach(
            (audience, past) -> {
              if (past.isMember()) {
                exits.add(exit(audience, at));
              }
            });
    LastDelivered after =
        new LastDelivered(
            before.version() + 1, Map.of(), new long[0], new long[0], Optional.empty());
    return Optional.of(new Change.Export(EnumSet.of(Trigger.SEGMENTATION), exits, after));
  }

  private Set<Trigger> causes(
      LastDelivered before, ProfileFacts now, InputKind kind, boolean isSegmentChanged) {
    Set<Trigger> causes = EnumSet.noneOf(Trigger.class);
    if (isSegmentChanged) {
      causes.add(Trigger.SEGMENTATION);
    }
    boolean isWhole = kind != InputKind.DELTA;
    if (isWhole
        ? !Arrays.equals(before.identities(), now.identities())
        : !containsAll(before.identities(), now.identities())) {
      causes.add(Trigger.IDENTITY);
    }
    boolean isWritten = rules.attributesOnWrite() && now.attributes().length > 0;
    if (isWritten
        || (isWhole
            ? !Arrays.equals(before.attributes(), now.attributes())
            : !containsAll(before.attributes(), now.attributes()))) {
      causes.add(Trigger.ATTRIBUTE);
    }
    return causes;
  }

  private static boolean containsAll(long[] sorted, long[] wanted) {
    for (long one : wanted) {
      if (Arrays.binarySearch(sorted, one) < 0) {
        return false;
      }
    }
    return true;
  }

  private LastDelivered after(
      LastDelivered before, ProfileFacts now, InputKind kind, Memberships memberships) {
    boolean isWhole = kind != InputKind.DELTA;
    return new LastDelivered(
        before.version() + 1,
        memberships.after,
        isWhole ? now.attributes() : replacing(before.attributes(), now.attributes()),
        isWhole ? now.identities() : union(before.identities(), now.identities()),
        kept(before, now, isWhole));
  }

  private Optional<IdentityMap> kept(LastDelivered before, ProfileFacts now, boolean isWhole) {
    if (!rules.exits().needIdentities()) {
      return Optional.empty();
    }
    if (isWhole || before.kept().isEmpty()) {
      return Optional.of(now.identityMap());
    }
    IdentityMap.Builder all = new IdentityMap.Builder();
    for (IdentityMap one : List.of(before.kept().get(), now.identityMap())) {
      for (String namespace : one.namespaces()) {
        one.of(namespace).forEach(identity -> all.add(namespace, identity));
      }
    }
    return Optional.of(all.build());
  }

  private static long[] replacing(long[] before, long[] now) {
    return LongStream.concat(
            Arrays.stream(before)
                .filter(old -> Arrays.stream(now).noneMatch(one -> isSamePath(one, old))),
            Arrays.stream(now))
        .sorted()
        .toArray();
  }

  private static boolean isSamePath(long one, long other) {
    return ProfileFacts.isSamePath(one, other);
  }

  private static long[] union(long[] one, long[] other) {
    return LongStream.concat(Arrays.stream(one), Arrays.stream(other))
        .sorted()
        .distinct()
        .toArray();
  }

  private static Membership exit(AudienceRef audience, Instant at) {
    return new Membership(
        audience,
        Optional.of(Statuses.EXITED),
        Optional.of(at.truncatedTo(ChronoUnit.SECONDS).toString()));
  }

  /** The memberships of one profile: from those before and those that are shown to those after. */
  private final class Memberships {
    private final LastDelivered before;
    private final InputKind kind;
    private final AudienceMappings mappings;
    private final Instant at;
    private final List<Membership> inEvent = new ArrayList<>();
    private final Map<AudienceRef, PastMembership> after = new LinkedHashMap<>();
    private boolean anyMapped;
    private boolean changed;
    private boolean isResent;

    Memberships(LastDelivered before, InputKind kind, AudienceMappings mappings, Instant at) {
      this.before = before;
      this.kind = kind;
      this.mappings = mappings;
      this.at = at;
    }

    boolean isMember() {
      return after.entrySet().stream()
          .anyMatch(one -> one.getValue().isMember() && mappings.isMapped(one.getKey()));
    }

    /** One that the record shows. */
    void shown(Membership membership) {
      AudienceRef audience = membership.audience();
      Optional<AudienceMappings.Mapped> mapping = mappings.of(audience);
      if (mapping.isEmpty()) {
        inEvent.add(statuses.shown(membership));
        return;
      }
      anyMapped = true;
      PastMembership past = before.memberships().get(audience);
      if (Statuses.isMember(membership)) {
        entered(membership, past, mapping.get());
      } else {
        left(membership, past, mapping.get());
      }
    }

    private void entered(
        Membership membership, PastMembership past, AudienceMappings.Mapped mapping) {
      boolean wasTold = past != null && past.isMember();
      boolean was = wasTold && mapping.covers(past);
      isResent |= wasTold && !was && mapping.isResend();
      changed |= !was;
      inEvent.add(statuses.shown(membership, was));
      after.put(membership.audience(), PastMembership.member(mapping.number()));
    }

    private void left(Membership membership, PastMembership past, AudienceMappings.Mapped mapping) {
      boolean was = past != null && past.isMember();
      changed |= was;
      if (rules.exitsVisibleFor().isEmpty()) {
        inEvent.add(statuses.shown(membership));
        return;
      }
      long exitedAt = was || past == null ? exitedAt(membership, was) : past.exitedAt();
      if (was || isVisible(exitedAt)) {
        inEvent.add(statuses.shown(membership));
      }
      keepVisible(membership.audience(), mapping.number(), exitedAt);
    }

    /** Of an exit that was shown before anything was delivered, the source alone knows when. */
    private long exitedAt(Membership membership, boolean isNow) {
      return isNow
          ? at.getEpochSecond()
          : membership
              .lastQualificationTime()
              .flatMap(LenientTime::parse)
              .map(Instant::getEpochSecond)
              .orElse(at.getEpochSecond());
    }

    private boolean isVisible(long exitedAt) {
      Optional<Duration> visible = rules.exitsVisibleFor();
      return visible.isEmpty() || exitedAt + visible.get().toSeconds() > at.getEpochSecond();
    }

    /** The exit itself is told once; later events show it only where that is asked for. */
    private void keepVisible(AudienceRef audience, long mapping, long exitedAt) {
      if (rules.exitsVisibleFor().isPresent() && isVisible(exitedAt) && exitedAt > 0) {
        after.put(audience, new PastMembership(mapping, exitedAt));
      }
    }

    /** Those that were delivered and that the record does not show. */
    void notShown(List<Membership> shown) {
      before
          .memberships()
          .forEach(
              (audience, past) -> {
                if (!isIn(shown, audience)) {
                  notShown(audience, past);
                }
              });
    }

    /** Profiles are in few audiences. */
    private static boolean isIn(List<Membership> shown, AudienceRef audience) {
      for (Membership membership : shown) {
        if (membership.audience().equals(audience)) {
          return true;
        }
      }
      return false;
    }

    private void notShown(AudienceRef audience, PastMembership past) {
      if (!mappings.isMapped(audience)) {
        unmapped(audience, past);
      } else if (!past.isMember()) {
        stillExited(audience, past);
      } else if (kind == InputKind.DELTA) {
        after.put(audience, past);
      } else {
        changed = true;
        inEvent.add(exit(audience, at));
        keepVisible(audience, past.mapping(), at.getEpochSecond());
      }
    }

    private void unmapped(AudienceRef audience, PastMembership past) {
      if (rules.exits().unmapped() && past.isMember()) {
        inEvent.add(exit(audience, at));
        changed = true;
      }
    }

    private void stillExited(AudienceRef audience, PastMembership past) {
      if (rules.exitsVisibleFor().isPresent() && isVisible(past.exitedAt())) {
        inEvent.add(exit(audience, Instant.ofEpochSecond(past.exitedAt())));
        after.put(audience, past);
      }
    }
  }
}
