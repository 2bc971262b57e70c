package org.audienceactivation.profile;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Adds identities in the standard namespace {@value #NAMESPACE}: the SHA-256 of every telephone
 * number of the profile in its E.164 form, the plus sign included. Numbers come from identities in
 * the namespaces {@code phone} and {@code phone_e.164} and from given attributes. What is no
 * possible number adds nothing and is counted.
 */
public final class PhoneHash implements Enrichment {

  public static final String NAMESPACE = "phone_sha256_e.164";

  private static final Set<String> SOURCES = Set.of("phone", "phone_e.164");

  private final String defaultRegion;
  private final Set<XdmPath> paths;

  private PhoneHash(String defaultRegion, Set<XdmPath> paths) {
    this.defaultRegion = defaultRegion;
    this.paths = Set.copyOf(paths);
  }

  /**
   * For numbers that name their country, and only those.
   *
   * @param paths attributes that hold a number, such as {@code mobilePhone.number}
   */
  public static PhoneHash ofInternationalNumbers(Set<XdmPath> paths) {
    return new PhoneHash(PhoneNumbers.NO_REGION, paths);
  }

  /**
   * Numbers that do not name their country are taken to be of one region.
   *
   * @param region ISO 3166 code of two letters, such as {@code FR}
   * @throws IllegalArgumentException if no such region is known
   */
  public static PhoneHash ofNumbersIn(String region, Set<XdmPath> paths) {
    if (!PhoneNumbers.isRegion(region)) {
      throw new IllegalArgumentException(
          region + ": no region with telephone numbers; expected a code such as FR or US");
    }
    return new PhoneHash(region, paths);
  }

  @Override
  public Enriched enrich(Profile profile) {
    Set<String> hashes = new LinkedHashSet<>();
    int unusable = 0;
    for (String number : ContactPoints.of(profile, SOURCES, paths)) {
      Optional<String> e164 = PhoneNumbers.e164(number, defaultRegion);
      e164.map(Sha256::hex).ifPresent(hashes::add);
      unusable += e164.isPresent() ? 0 : 1;
    }
    return new Enriched(
        profile.withIdentities(profile.identities().with(NAMESPACE, hashes)), unusable);
  }

  @Override
  public Projection needs() {
    return Projection.ofPaths(paths);
  }
}
