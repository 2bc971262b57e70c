package org.audienceactivation.governance;

import java.util.Locale;
import java.util.Optional;
import org.audienceactivation.profile.NamespaceCodes;
import org.audienceactivation.profile.Sha256;

/**
 * An e-mail address or telephone number in the form that all its spellings share, hashed or not:
 * who refuses for an address refuses for its hash too, which an enrichment may have added.
 *
 * @param hash in lower case; empty for a number without its country, whose hash cannot be known
 */
record ContactForm(String kind, Optional<String> hash) {

  private static final String EMAIL = "email";
  private static final String PHONE = "phone";

  /** Empty for an identity that is no contact point. */
  static Optional<ContactForm> of(String namespace, String id) {
    return switch (NamespaceCodes.codeOf(namespace)) {
      case "email", "emails" -> hashed(EMAIL, id.strip().toLowerCase(Locale.ROOT));
      case "phone", "phone_e.164" -> ofNumber(id);
      case "email_lc_sha256" -> ofHash(EMAIL, id);
      case "phone_sha256", "phone_sha256_e.164" -> ofHash(PHONE, id);
      default -> Optional.empty();
    };
  }

  private static Optional<ContactForm> ofNumber(String id) {
    String digits = id.replaceAll("[^0-9]", "");
    if (id.strip().startsWith("+")) {
      return hashed(PHONE, "+" + digits);
    }
    return digits.startsWith("00")
        ? hashed(PHONE, "+" + digits.substring(2))
        : Optional.of(new ContactForm(PHONE, Optional.empty()));
  }

  private static Optional<ContactForm> hashed(String kind, String text) {
    return ofHash(kind, Sha256.hex(text));
  }

  private static Optional<ContactForm> ofHash(String kind, String hash) {
    return Optional.of(new ContactForm(kind, Optional.of(hash.toLowerCase(Locale.ROOT))));
  }

  /**
   * Whether the two may be the same address. A number without its country may be any that is
   * hashed, so that one refused number too many is left out rather than one too few.
   */
  boolean maybeSameAs(ContactForm other) {
    if (!kind.equals(other.kind)) {
      return false;
    }
    boolean bothAreKnown = hash.isPresent() && other.hash.isPresent();
    return bothAreKnown ? hash.equals(other.hash) : hash.isPresent() || other.hash.isPresent();
  }
}
