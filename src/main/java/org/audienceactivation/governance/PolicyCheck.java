package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/** Whether a profile satisfies a consent policy that applies to the destination. */
final class PolicyCheck implements ConsentCheck {

  private final ConsentPolicy policy;
  private final Finding satisfied;
  private final List<Finding> failures = new ArrayList<>();

  PolicyCheck(ConsentPolicy policy) {
    this.policy = policy;
    PolicyRef ref = policy.ref();
    this.satisfied = new Finding(Optional.empty(), ref, policy.paths().get(0), "satisfied");
    Reason reason = Reason.of(ReasonCode.CONSENT_POLICY, ref.id());
    for (String path : policy.paths()) {
      failures.add(new Finding(Optional.of(reason), ref, path, "not satisfied"));
    }
  }

  @Override
  public String title() {
    return "consent policy " + policy.ref();
  }

  @Override
  public Set<XdmPath> needs() {
    return policy.needs();
  }

  @Override
  public Finding ask(JsonValue.Obj attributes) {
    int failure = policy.condition().failure(attributes);
    return failure == Condition.SATISFIED ? satisfied : failures.get(failure);
  }

  @Override
  public Explanation explain(JsonValue.Obj attributes) {
    Finding finding = ask(attributes);
    return new Explanation(
        title(),
        finding.refuses() ? Explanation.Result.WITHHOLDS : Explanation.Result.PASSES,
        "for " + policy.applicability(),
        List.of(policy.condition().explain(attributes)));
  }
}
