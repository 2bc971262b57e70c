package org.audienceactivation.sample;

import java.util.Optional;

/**
 * What was decided about a profile before it is written, as far as its outcome depends on it.
 *
 * @param wrongType the section that is to have a value of another kind
 */
record Draft(
    Identities identities,
    Memberships memberships,
    Sharing sharing,
    Optional<Fault.WrongType> wrongType) {

  enum Identities {
    SOME,
    NONE
  }

  enum Memberships {
    /** In one or both of the mapped audiences, whatever the status. */
    MAPPED,
    /** In others only, or in none. */
    UNMAPPED
  }

  enum Sharing {
    /** Said yes, did not answer, or was not asked. */
    ALLOWED,
    REFUSED
  }

  Draft with(Fault.WrongType fault) {
    return new Draft(identities, memberships, sharing, Optional.of(fault));
  }

  Optional<Fault.WrongType> wrongTypeIn(Section section) {
    return wrongType.filter(fault -> fault.section() == section);
  }
}
