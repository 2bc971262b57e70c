package org.audienceactivation.profile;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Adds identities in the standard namespace {@value #NAMESPACE}: the SHA-256 of every e-mail
 * address of the profile, trimmed and in lower case. Addresses come from identities in the
 * namespace {@code email} and from given attributes; nothing is assumed of their shape.
 */
public final class EmailHash implements Enrichment {

  public static final String NAMESPACE = "email_lc_sha256";

  private final Set<XdmPath> paths;

  /**
   * Reads addresses from these attributes too.
   *
   * @param paths attributes that hold an address, such as {@code personalEmail.address}
   */
  public EmailHash(Set<XdmPath> paths) {
    this.paths = Set.copyOf(paths);
  }

  @Override
  public Enriched enrich(Profile profile) {
    Set<String> hashes = new LinkedHashSet<>();
    for (String address : ContactPoints.of(profile, Set.of("email"), paths)) {
      hashes.add(Sha256.hex(address.toLowerCase(Locale.ROOT)));
    }
    return new Enriched(profile.withIdentities(profile.identities().with(NAMESPACE, hashes)), 0);
  }

  @Override
  public Projection needs() {
    return Projection.ofPaths(paths);
  }
}
