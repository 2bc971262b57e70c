package org.audienceactivation.route;

import org.audienceactivation.destination.Destination;
import org.audienceactivation.governance.Enforcement;
import org.audienceactivation.governance.Evidence;
import org.audienceactivation.governance.Violation;
import org.audienceactivation.governance.Withheld;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at the start what policies take away from a destination, or would if they were enforced. */
final class PolicyLog {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyLog.class);

  private PolicyLog() {}

  static void say(DestinationPlan plan) {
    Destination destination = plan.destination();
    for (Withheld part : DestinationPlan.enforced(destination, plan.verdict()).parts()) {
      LOG.info("{}: {} is left out of every event: {}", plan.name(), part.part(), part.lineage());
    }
    if (destination.enforcement() == Enforcement.AUDIT) {
      plan.verdict().violations().forEach(violation -> warn(plan.name(), violation));
    }
  }

  private static void warn(String destination, Violation violation) {
    LOG.warn(
        "{}: policy {} (version {}, {}) is broken and only audited: {} of what carries {}: {}",
        destination,
        violation.policy().id(),
        violation.policy().version(),
        violation.policy().place(),
        String.join(" and ", violation.marketingActions()),
        violation.policy().deny(),
        String.join(", ", violation.lineage().stream().map(Evidence::toString).toList()));
  }
}
