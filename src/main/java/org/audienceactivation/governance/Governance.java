package org.audienceactivation.governance;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.XdmPath;

/**
 * Decides for one destination whether a profile may go there. It fails closed: a consent whose
 * value it does not know excludes the profile. Thread-safe.
 */
public final class Governance {

  private final ConsentRules consent;
  private final Map<Consent, XdmPath> places = new EnumMap<>(Consent.class);

  public Governance(ConsentRules consent) {
    this.consent = consent;
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
    return new Decision.Allowed(new GovernedProfile(profile));
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
