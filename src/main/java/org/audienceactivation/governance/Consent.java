package org.audienceactivation.governance;

import java.util.Arrays;
import java.util.Optional;
import org.audienceactivation.profile.XdmPath;

/**
 * The consents and preferences of the XDM data type that a destination can require. Their value
 * stands in {@code consents.<name>.val}.
 */
public enum Consent {
  COLLECT("collect"),
  SHARE("share"),
  AD_ID("adID"),
  PERSONALIZE_CONTENT("personalize.content"),
  MARKETING_ANY("marketing.any"),
  MARKETING_EMAIL("marketing.email"),
  MARKETING_PUSH("marketing.push"),
  MARKETING_SMS("marketing.sms"),
  MARKETING_WHATSAPP("marketing.whatsApp"),
  MARKETING_CALL("marketing.call"),
  MARKETING_FAX("marketing.fax"),
  MARKETING_COMMERCIAL_EMAIL("marketing.commercialEmail"),
  MARKETING_POSTAL_MAIL("marketing.postalMail");

  /** The channels of marketing, which fall back to {@link #MARKETING_ANY}. */
  private static final String CHANNELS = "marketing.";

  private final String xdmName;

  Consent(String xdmName) {
    this.xdmName = xdmName;
  }

  /** The consent of this name, as configuration spells it. */
  public static Optional<Consent> named(String xdmName) {
    return Arrays.stream(values()).filter(c -> c.xdmName.equals(xdmName)).findFirst();
  }

  /** Relative to {@code consents}. */
  public String xdmName() {
    return xdmName;
  }

  /** Where a profile holds the value. */
  public XdmPath value() {
    return XdmPath.of("consents." + xdmName + ".val");
  }

  /** The consent to be reached through this channel, by its XDM name, such as {@code email}. */
  public static Optional<Consent> ofChannel(String channel) {
    return named(CHANNELS + channel).filter(consent -> consent != MARKETING_ANY);
  }

  /** The name in reasons: {@code consents.marketing.email}. */
  String subject() {
    return "consents." + xdmName;
  }

  /** What speaks for this consent where the profile does not say anything of it. */
  Optional<Consent> fallback() {
    boolean isChannel = this != MARKETING_ANY && xdmName.startsWith(CHANNELS);
    return isChannel ? Optional.of(MARKETING_ANY) : Optional.empty();
  }
}
