package org.audienceactivation.governance;

import org.audienceactivation.accounting.Reason;

/** Whether a profile may go to a destination. */
public sealed interface Decision {

  /** It may go. */
  record Allowed(GovernedProfile profile) implements Decision {}

  /**
   * It may not.
   *
   * @param reason an outcome-bearing reason of the kind {@code excluded}
   */
  record Denied(Reason reason) implements Decision {}
}
