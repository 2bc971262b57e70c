package org.audienceactivation.destination;

import org.audienceactivation.profile.Rejection;

/** What mapping gave: an event, or why this destination cannot take the profile. */
public sealed interface Mapped {

  record Event(ActivationEvent event) implements Mapped {}

  record Rejected(Rejection rejection) implements Mapped {}
}
