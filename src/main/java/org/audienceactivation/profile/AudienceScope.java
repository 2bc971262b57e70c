package org.audienceactivation.profile;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which memberships someone wants: those of listed audiences, or all there are. */
public sealed interface AudienceScope {

  /** Every audience of every namespace. */
  record All() implements AudienceScope {}

  /**
   * Exactly these.
   *
   * @param audiences distinct, in the order in which they are exported
   */
  record Listed(List<AudienceRef> audiences) implements AudienceScope {
    public Listed {
      Set<AudienceRef> distinct = new LinkedHashSet<>(audiences);
      audiences = List.copyOf(distinct);
    }
  }

  static AudienceScope all() {
    return new All();
  }

  static AudienceScope none() {
    return new Listed(List.of());
  }

  static AudienceScope of(AudienceRef... audiences) {
    return new Listed(List.of(audiences));
  }

  /** What either of the two wants. */
  default AudienceScope union(AudienceScope other) {
    if (!(this instanceof Listed mine) || !(other instanceof Listed theirs)) {
      return all();
    }
    List<AudienceRef> both = new ArrayList<>(mine.audiences);
    both.addAll(theirs.audiences);
    return new Listed(both);
  }
}
