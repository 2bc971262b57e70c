package org.audienceactivation.audience;

import java.util.Optional;
import org.audienceactivation.profile.AudienceRef;

/** An audience as the catalogue describes it. Names need not be unique. */
public record Audience(AudienceRef ref, String name, Optional<String> description) {}
