package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;

/** One part that is left out, with every policy that wants it so; the first is the reason. */
record Cut(Part part, List<Withheld> reasons) {

  Cut {
    reasons = List.copyOf(reasons);
  }

  static Cut of(Withheld reason) {
    return new Cut(reason.part(), List.of(reason));
  }

  /** The same part, for the reasons of both. */
  Cut and(Cut other) {
    List<Withheld> both = new ArrayList<>(reasons);
    both.addAll(other.reasons);
    return new Cut(part, both);
  }

  /** That nothing is left to send without it; the first policy is the reason. */
  Finding leavesNothing(ReasonCode code) {
    Withheld first = reasons.get(0);
    return new Finding(
        Optional.of(Reason.of(code, first.policy().id())),
        first.policy(),
        part.path(),
        "must not be sent");
  }
}
