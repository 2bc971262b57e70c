package org.audienceactivation.destination;

import java.net.URI;
import java.util.Optional;

/**
 * The stream that a destination writes to. It must exist.
 *
 * @param endpoint instead of AWS's own, for emulators and private endpoints
 */
public record StreamTarget(String name, String region, Optional<URI> endpoint) {}
