package org.audienceactivation.governance;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.XdmPath;

/**
 * Decides for one destination whether a profile may go there, and what of it. It fails closed: a
 * consent whose value it does not know excludes the profile, and what policies forbid is taken out
 * of the profile itself, so that whatever is made of it later cannot show it. Thread-safe.
 */
public final class Governance {

  private final ConsentRules consent;
  private final Restrictions enforced;
  private final Restrictions watched;
  private final Map<Consent, XdmPath> places = new EnumMap<>(Consent.class);

  /** With no restriction but those of consent. */
  public Governance(ConsentRules consent) {
    this(consent, Restrictions.NONE, Restrictions.NONE);
  }

  /**
   * With restrictions.
   *
   * @param enforced what is left out of every profile
   * @param watched what is only counted
   */
  public Governance(ConsentRules consent, Restrictions enforced, Restrictions watched) {
    this.consent = consent;
    this.enforced = enforced;
    this.watched = watched;
    for (Consent required : consent.require()) {
      places.put(required, required.value());
      required.fallback().ifPresent(fallback -> places.put(fallback, fallback.value()));
    }
  }

  /** What must be read of a profile for {@link #decide} to see it. */
  public Projection needs() {
    return Projection.ofPaths(places.values());
  }

  public Decision decide(Profile profile) {
    for (Consent required : consent.require()) {
      Optional<Reason> refusal = refusal(profile, required);
      if (refusal.isPresent()) {
        return new Decision.Denied(refusal.get());
      }
    }
    return restricted(profile);
  }

  private Decision restricted(Profile profile) {
    if (enforced.isNone() && watched.isNone()) {
      return new Decision.Allowed(new GovernedProfile(profile));
    }
    Restrictions.Remainder remainder = enforced.of(profile);
    if (remainder.leavesNothing().isPresent()) {
      return new Decision.Denied(remainder.leavesNothing().get());
    }
    List<Withheld> audited =
        watched.isNone() ? List.of() : watched.of(remainder.profile()).withheld();
    return new Decision.Allowed(
        new GovernedProfile(remainder.profile(), remainder.withheld(), audited));
  }

  private Optional<Reason> refusal(Profile profile, Consent required) {
    return switch (answer(profile, required)) {
      case YES -> Optional.empty();
      case NO -> reason(ReasonCode.CONSENT_REFUSED, required);
      case UNREADABLE -> reason(ReasonCode.CONSENT_UNREADABLE, required);
      case MISSING -> refusalOfMissing(profile, required);
    };
  }

  private Optional<Reason> refusalOfMissing(Profile profile, Consent required) {
    Optional<Consent> fallback = required.fallback();
    if (fallback.isPresent() && answer(profile, fallback.get()) != Answer.MISSING) {
      return refusal(profile, fallback.get());
    }
    return switch (consent.missing()) {
      case ALLOW -> Optional.empty();
      case DENY -> reason(ReasonCode.CONSENT_MISSING, required);
    };
  }

  private static Optional<Reason> reason(ReasonCode code, Consent consent) {
    return Optional.of(Reason.of(code, consent.subject()));
  }

  private Answer answer(Profile profile, Consent consent) {
    return profile
        .attributes()
        .at(places.get(consent))
        .map(Governance::answer)
        .orElse(Answer.MISSING);
  }

  private static Answer answer(JsonValue value) {
    if (value == JsonValue.Null.NULL) {
      return Answer.MISSING;
    }
    if (!(value instanceof JsonValue.Text text)) {
      return Answer.UNREADABLE;
    }
    return switch (text.value()) {
      case "y", "dy", "LI", "CT", "CP", "VI", "PI" -> Answer.YES;
      case "n", "dn" -> Answer.NO;
      case "p", "u" -> Answer.MISSING;
      default -> Answer.UNREADABLE;
    };
  }

  private enum Answer {
    YES,
    NO,
    MISSING,
    UNREADABLE
  }
}
