package org.audienceactivation.destination;

import org.audienceactivation.profile.Rejection;

/** What mapping gives where an event also depends on what was delivered before. */
public sealed interface Draft {

  /** All of an event that depends on the profile alone. Holds personal data. */
  final class Mapped implements Draft {
    private final String partitionKey;
    private final byte[] attributes;
    private final byte[] identities;
    private final ProfileFacts facts;

    Mapped(String partitionKey, byte[] attributes, byte[] identities, ProfileFacts facts) {
      this.partitionKey = partitionKey;
      this.attributes = attributes;
      this.identities = identities;
      this.facts = facts;
    }

    String partitionKey() {
      return partitionKey;
    }

    /** The members of the attribute tree without braces; may be empty. */
    byte[] attributes() {
      return attributes;
    }

    /** The member {@code identityMap}. */
    byte[] identities() {
      return identities;
    }

    ProfileFacts facts() {
      return facts;
    }
  }

  /** The destination cannot take the profile. */
  record Rejected(Rejection rejection) implements Draft {}
}
