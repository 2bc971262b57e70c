/**
 * An HTTP server under Camel's {@code platform-http}, and so under {@code camel-rest}, which bounds
 * what callers can cost: bodies are streamed to the route and refused before they are read, callers
 * who are slow or too many are turned away, and every refusal is a problem document (RFC 9457).
 *
 * <p>Camel's own engine on Vert.x keeps a body whole before a route sees it, and leaves sizes of
 * heads, slow callers and the number of connections as they come. This room knows nothing of
 * profiles.
 */
package org.audienceactivation.http;
