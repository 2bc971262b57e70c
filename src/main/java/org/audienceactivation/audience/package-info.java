/**
 * The audience catalogue: which audiences exist and what people call them.
 *
 * <p>This room knows profiles only through {@link org.audienceactivation.profile.AudienceRef}; it
 * does not know destinations, consent, Camel or AWS.
 */
package org.audienceactivation.audience;
