package org.audienceactivation.route;

import java.time.Instant;

/**
 * Which configuration decides what begins now.
 *
 * @param version the beginning of a digest of its files, as the log tells it
 * @param since the start, or the change by which it came into force
 */
public record ConfigurationInForce(String version, Instant since) {}
