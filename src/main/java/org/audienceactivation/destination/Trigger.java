package org.audienceactivation.destination;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** What can make an event (domain.md §3.1); any one suffices. */
public enum Trigger {
  /** The profile entered or left a mapped audience. */
  SEGMENTATION("segmentation"),
  /** An identity was added or removed, in any namespace. */
  IDENTITY("identity"),
  /** A mapped attribute changed, or was written again where that counts. */
  ATTRIBUTE("attribute"),
  /** An operator wants it sent again; nobody can switch that off. */
  RESEND("resend");

  /** Those that can be switched off. */
  static final Set<Trigger> SWITCHED = EnumSet.of(SEGMENTATION, IDENTITY, ATTRIBUTE);

  private final String label;

  Trigger(String label) {
    this.label = label;
  }

  /** As configuration and {@code _activation.causes} spell it. */
  public String label() {
    return label;
  }

  static Optional<Trigger> labelled(String label) {
    return SWITCHED.stream().filter(one -> one.label.equals(label)).findFirst();
  }
}
