package org.audienceactivation.governance;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.audienceactivation.profile.NamespaceCodes;
import org.audienceactivation.profile.PhoneNumbers;
import org.audienceactivation.profile.Sha256;

/**
 * An e-mail address or telephone number in the form that all its spellings share, hashed or not:
 * who refuses for an address refuses for its hash too, which an enrichment may have added.
 *
 * @param hashes in lower case, of every form that may have been hashed; none if that cannot be
 *     known
 */
record ContactForm(Kind kind, Set<String> hashes) {

  /** What can be the same as what. */
  enum Kind {
    EMAIL,
    PHONE,
    /** The identity's namespace is not known, so it may be either. */
    EITHER
  }

  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  ContactForm {
    hashes = Set.copyOf(hashes);
  }

  /** Empty for an identity that is no contact point. */
  static Optional<ContactForm> of(String namespace, String id) {
    String code = NamespaceCodes.codeOf(namespace);
    if (NamespaceCodes.isUnknownId(code)) {
      return Optional.of(new ContactForm(Kind.EITHER, Set.of()));
    }
    return switch (code) {
      case "email" -> hashed(Kind.EMAIL, Set.of(id.strip().toLowerCase(Locale.ROOT)));
      case "phone", "phone_e.164" -> hashed(Kind.PHONE, PhoneNumbers.formsOf(id));
      case "email_lc_sha256" -> ofHash(Kind.EMAIL, id);
      case "phone_sha256_e.164" -> ofHash(Kind.PHONE, id);
      // nobody says of which form of the number it is the hash
      case "phone_sha256" -> Optional.of(new ContactForm(Kind.PHONE, Set.of()));
      default -> Optional.empty();
    };
  }

  private static Optional<ContactForm> hashed(Kind kind, Set<String> forms) {
    Set<String> hashes = new LinkedHashSet<>();
    forms.forEach(form -> hashes.add(Sha256.hex(form)));
    return Optional.of(new ContactForm(kind, hashes));
  }

  private static Optional<ContactForm> ofHash(Kind kind, String id) {
    String hash = id.strip().toLowerCase(Locale.ROOT);
    boolean isHash = SHA256.matcher(hash).matches();
    return Optional.of(new ContactForm(kind, isHash ? Set.of(hash) : Set.of()));
  }

  /**
   * Whether the two may be the same address. What cannot be compared may be any of its kind, so
   * that one refused address too many is left out rather than one too few.
   */
  boolean maybeSameAs(ContactForm other) {
    boolean isOtherKind = kind != other.kind && kind != Kind.EITHER && other.kind != Kind.EITHER;
    if (isOtherKind) {
      return false;
    }
    boolean bothAreKnown = !hashes.isEmpty() && !other.hashes.isEmpty();
    return !bothAreKnown || !Collections.disjoint(hashes, other.hashes);
  }
}
