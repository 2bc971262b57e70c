package org.audienceactivation.destination;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.Sha256;

/**
 * Chooses what keeps the events of one profile on one shard: the first identity of the first
 * preferred namespace that the profile has, otherwise of the first namespace in sorted order.
 */
final class PartitionKey {

  /** What Kinesis takes; longer keys are hashed. */
  private static final int LONGEST = 256;

  private final List<String> preferred;

  PartitionKey(List<String> preferred) {
    this.preferred = preferred;
  }

  /** Empty only for a profile without any identity. */
  Optional<String> of(IdentityMap identities) {
    for (String namespace : preferred) {
      Optional<Identity> first = identities.firstOf(namespace);
      if (first.isPresent()) {
        return first.map(PartitionKey::fitting);
      }
    }
    return identities.isEmpty()
        ? Optional.empty()
        : identities.firstOf(Collections.min(identities.namespaces())).map(PartitionKey::fitting);
  }

  private static String fitting(Identity identity) {
    return identity.id().length() <= LONGEST ? identity.id() : Sha256.hex(identity.id());
  }
}
