/**
 * May this profile go to that destination? Consent decides today; labels, policies and marketing
 * actions join it here.
 *
 * <p>A {@link org.audienceactivation.governance.GovernedProfile} can be made nowhere else, so what
 * was not governed cannot be mapped. This room does not know what an event looks like.
 */
package org.audienceactivation.governance;
