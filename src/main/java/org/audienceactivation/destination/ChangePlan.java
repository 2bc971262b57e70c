package org.audienceactivation.destination;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Membership;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.state.ProfileKey;

/**
 * How one destination finds out what has changed, and makes events of it. Immutable and pure; what
 * was delivered before is handed in.
 */
public final class ChangePlan {

  /** Why a profile that nobody shows any more gets no event: nothing is known of it. */
  public static final Reason NOTHING_TO_TELL = Reason.of(ReasonCode.NOT_CHANGED);

  private final Destination destination;
  private final Governance governance;
  private final Mapping mapping;
  private final String policyVersion;
  private final ChangeDetection detection;

  /**
   * The plan of a destination.
   *
   * @param policyVersion the version of the configuration by which profiles are governed
   */
  public ChangePlan(
      Destination destination, Governance governance, Mapping mapping, String policyVersion) {
    this.destination = destination;
    this.governance = governance;
    this.mapping = mapping;
    this.policyVersion = policyVersion;
    this.detection =
        new ChangeDetection(destination.activation(), destination.contents().statuses());
  }

  public ActivationRules rules() {
    return destination.activation();
  }

  /** The key of a profile; empty only if it names nobody. */
  public Optional<ProfileKey> key(Profile profile) {
    return destination.profileKey().of(profile);
  }

  /**
   * The change of a profile that governance has let through.
   *
   * @param before what was delivered, or may have been if {@code isInFlight}
   * @param isInFlight whether an event of the profile is on its way
   */
  public Change change(
      LastDelivered before,
      Draft.Mapped draft,
      InputKind kind,
      AudienceMappings mappings,
      boolean isInFlight,
      Instant at) {
    return detection.of(before, draft.facts(), kind, mappings, isInFlight, at);
  }

  /** The event of a change. */
  public ActivationEvent event(
      ProfileKey profile, Draft.Mapped draft, Change.Export change, AudienceMappings mappings) {
    return mapping.event(draft, change.memberships(), mappings, envelope(profile, change));
  }

  /**
   * The last event of a profile that is not let through any more, or that is gone.
   *
   * @param denied the profile as it is now, if it is there
   * @return empty if nothing is to be told, or nobody can be named
   */
  public Optional<Farewell> farewell(
      ProfileKey profile,
      LastDelivered before,
      Optional<Profile> denied,
      AudienceMappings mappings,
      Instant at) {
    Optional<Change.Export> change = detection.farewell(before, at);
    if (change.isEmpty() || before.kept().isEmpty()) {
      return Optional.empty();
    }
    JsonValue.Obj consents = denied.map(Profile::attributes).orElse(JsonValue.Obj.EMPTY);
    return governance
        .farewell(new Profile(consents, change.get().memberships(), before.kept().get()))
        .flatMap(governed -> farewell(profile, governed, change.get(), mappings));
  }

  private Optional<Farewell> farewell(
      ProfileKey profile,
      GovernedProfile governed,
      Change.Export change,
      AudienceMappings mappings) {
    List<Membership> told = governed.profile().memberships();
    if (told.isEmpty() || !(mapping.draft(governed) instanceof Draft.Mapped draft)) {
      return Optional.empty();
    }
    Change.Export tellable = new Change.Export(change.causes(), told, change.after());
    return Optional.of(new Farewell(event(profile, draft, tellable, mappings), tellable));
  }

  /** An event that tells of exits alone. */
  public record Farewell(ActivationEvent event, Change.Export change) {}

  /**
   * What stands for a profile that a snapshot does not show any more: the identities that it was
   * last sent with, and nothing else. Empty if they are not kept, or it is in no audience.
   */
  public static Optional<Profile> missing(LastDelivered before) {
    Optional<IdentityMap> kept = before.isMember() ? before.kept() : Optional.empty();
    return kept.map(identities -> new Profile(JsonValue.Obj.EMPTY, List.of(), identities));
  }

  private Optional<Envelope> envelope(ProfileKey profile, Change.Export change) {
    return destination.contents().envelope()
        ? Optional.of(
            new Envelope(
                destination.name(),
                profile,
                change.after().version(),
                change.causes(),
                policyVersion))
        : Optional.empty();
  }
}
