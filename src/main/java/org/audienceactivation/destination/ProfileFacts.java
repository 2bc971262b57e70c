package org.audienceactivation.destination;

import java.util.Arrays;
import java.util.List;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.Membership;

/**
 * What a record shows of its profile to one destination, after governance and mapping: all that
 * change detection looks at.
 */
final class ProfileFacts {

  /** So many bits of an attribute's digest are of its value, the others of its path. */
  private static final int VALUE_BITS = 40;

  private static final long VALUE_MASK = (1L << VALUE_BITS) - 1;

  private final List<Membership> memberships;
  private final long[] attributes;
  private final IdentityMap identityMap;
  private final long[] identities;

  /**
   * Takes the array as its own, and sorts it.
   *
   * @param memberships those that an event would show
   * @param attributes a digest of each mapped attribute that is there
   */
  ProfileFacts(List<Membership> memberships, long[] attributes, IdentityMap identityMap) {
    this.memberships = memberships;
    this.attributes = attributes;
    this.identityMap = identityMap;
    this.identities = identities(identityMap);
    Arrays.sort(attributes);
  }

  List<Membership> memberships() {
    return memberships;
  }

  long[] attributes() {
    return attributes;
  }

  long[] identities() {
    return identities;
  }

  IdentityMap identityMap() {
    return identityMap;
  }

  /** A digest of each identity, sorted; their order in the profile does not matter. */
  static long[] identities(IdentityMap all) {
    int size = 0;
    for (String namespace : all.namespaces()) {
      size += all.of(namespace).size();
    }
    long[] digests = new long[size];
    int at = 0;
    for (String namespace : all.namespaces()) {
      long seed = Digest64.of(0, namespace);
      for (Identity identity : all.of(namespace)) {
        digests[at++] = Digest64.of(seed, identity.id());
      }
    }
    Arrays.sort(digests);
    return digests;
  }

  /** What stands for the path in the digest of an attribute: other bits than the value's. */
  static long ofPath(String path) {
    return Digest64.of(0, path) & ~VALUE_MASK;
  }

  /**
   * The digest of an attribute: whether its value has changed can be told as long as the path is
   * the same.
   *
   * @param path by {@link #ofPath}
   * @param bytes as it would be sent
   */
  static long ofAttribute(long path, byte[] bytes, int from, int to) {
    return path | (Digest64.of(0, bytes, from, to) & VALUE_MASK);
  }

  /** Whether two digests are of one attribute. */
  static boolean isSamePath(long one, long other) {
    return (one & ~VALUE_MASK) == (other & ~VALUE_MASK);
  }
}
