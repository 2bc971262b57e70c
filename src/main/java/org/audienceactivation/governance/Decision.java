package org.audienceactivation.governance;

import org.audienceactivation.accounting.Reason;

/** Whether a profile may go to a destination. */
public sealed interface Decision {

  /** It may go. */
  record Allowed(GovernedProfile profile) implements Decision {}

  /**
   * It may not.
   *
   * @param why a finding that refuses; its reason has an outcome of the kind {@code excluded}
   */
  record Denied(Finding why) implements Decision {

    public Reason reason() {
      return why.refusal().orElseThrow();
    }
  }
}
