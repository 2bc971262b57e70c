package org.audienceactivation.route;

import org.audienceactivation.destination.ChangePlan;

/**
 * What a destination that is sent changes only needs.
 *
 * @param plan how changes are found
 * @param state what was delivered before, which outlives the plan
 */
record ChangesOnly(ChangePlan plan, DestinationState state) {}
