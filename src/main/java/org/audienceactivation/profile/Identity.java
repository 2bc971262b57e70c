package org.audienceactivation.profile;

import java.util.Optional;

/**
 * One identifier of a person within a namespace.
 *
 * @param id not empty; a JSON number is taken in its spelling
 * @param primary whether the export marks it as the profile's primary identity
 * @param authenticatedState as given
 */
public record Identity(String id, boolean primary, Optional<String> authenticatedState) {

  public Identity {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("an identity needs an id");
    }
  }

  public static Identity of(String id) {
    return new Identity(id, false, Optional.empty());
  }

  /** Hides the id: it is personal data. */
  @Override
  public String toString() {
    return "Identity[primary=" + primary + "]";
  }
}
