package org.audienceactivation.profile;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What is wanted of a profile: everything else is skipped while parsing, never built. Identities
 * are always wanted, since they name the profile.
 *
 * @param paths attributes and consents; a path stands for everything below it
 */
public record Projection(Set<XdmPath> paths, AudienceScope audiences) {

  /** Identities alone. */
  public static final Projection NOTHING = new Projection(Set.of(), AudienceScope.none());

  public Projection {
    paths = Set.copyOf(paths);
  }

  public static Projection ofPaths(Collection<XdmPath> paths) {
    return new Projection(Set.copyOf(paths), AudienceScope.none());
  }

  /** What either of the two wants. */
  public Projection union(Projection other) {
    Set<XdmPath> both = new LinkedHashSet<>(paths);
    both.addAll(other.paths);
    return new Projection(both, audiences.union(other.audiences));
  }
}
