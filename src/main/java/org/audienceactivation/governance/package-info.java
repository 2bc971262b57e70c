/**
 * May this profile go to that destination, and what of it? Labels, policies and marketing actions
 * decide once, from configuration alone, what a destination must not send; consents and consent
 * policies decide for each profile, and for each of its identities.
 *
 * <p>A {@link org.audienceactivation.governance.GovernedProfile} can be made nowhere else, so what
 * was not governed cannot be mapped. This room does not know what an event looks like.
 */
package org.audienceactivation.governance;
