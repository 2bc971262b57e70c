/**
 * Destinations: their configuration, which profiles they get, and the event that a profile becomes.
 *
 * <p>This room is pure: it knows neither Camel nor AWS, and describes stream, credentials and
 * delivery in types of its own.
 */
package org.audienceactivation.destination;
