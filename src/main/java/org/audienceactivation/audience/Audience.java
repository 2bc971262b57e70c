package org.audienceactivation.audience;

import java.time.Instant;
import java.util.Optional;
import org.audienceactivation.profile.AudienceRef;

/**
 * An audience as the catalogue describes it. Names need not be unique.
 *
 * @param createdAt when its definition was made, as far as is known
 * @param updatedAt when its definition was last changed, as far as is known
 */
public record Audience(
    AudienceRef ref,
    String name,
    Optional<String> description,
    Optional<Instant> createdAt,
    Optional<Instant> updatedAt) {

  /** One of whose definition nothing is known. */
  public Audience(AudienceRef ref, String name, Optional<String> description) {
    this(ref, name, description, Optional.empty(), Optional.empty());
  }
}
