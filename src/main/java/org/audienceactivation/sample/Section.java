package org.audienceactivation.sample;

import java.util.List;

/** The parts of a profile; exports do not agree on their order. */
enum Section {
  ID,
  PERSON,
  CONTACT,
  TENANT,
  MEMBERSHIPS,
  IDENTITIES,
  CONSENTS;

  static final List<Section> ALL = List.of(values());
}
