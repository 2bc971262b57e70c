/**
 * Reading configuration written by people: YAML to a checked tree, and a mistake to one line that
 * says file, line, what is wrong and what is allowed.
 *
 * <p>The JSON Schemas under {@code schemas/} are the one truth of what is allowed; this room
 * applies them and knows nothing of what the configuration means.
 */
package org.audienceactivation.config;
