package org.audienceactivation.route;

import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.Rejection;

/** What becomes of one record in which a step found something that nobody foresaw. */
final class Unforeseen {
  private Unforeseen() {}

  /** Names the exception's type only: its message may quote the record. */
  static Rejection in(RuntimeException e) {
    return new Rejection(
        Reason.of(ReasonCode.STEP_FAILED),
        "an unforeseen " + e.getClass().getSimpleName() + "; please report it");
  }
}
