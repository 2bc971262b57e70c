package org.audienceactivation.governance;

import org.audienceactivation.profile.Identity;

/**
 * An identity that is left out of an event.
 *
 * @param namespace as the profile spells it
 * @param why a finding that refuses
 */
public record WithheldIdentity(String namespace, Identity identity, Finding why) {}
