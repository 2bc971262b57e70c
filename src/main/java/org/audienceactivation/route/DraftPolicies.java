package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.governance.Evidence;
import org.audienceactivation.governance.Part;
import org.audienceactivation.governance.Policy;
import org.audienceactivation.governance.Violation;

/** What policies for labels with the status DRAFT would break, if they were enabled as they are. */
final class DraftPolicies {

  private static final int MOST_NAMED = 10;

  private DraftPolicies() {}

  /** One for each policy and destination, at the place of the policy. */
  static List<Problem> of(HomeConfiguration configuration) {
    List<Problem> found = new ArrayList<>();
    for (Destination destination : configuration.destinations()) {
      for (Violation violation : configuration.rules().judgeDrafts(destination.outgoing())) {
        found.add(problem(destination, violation));
      }
    }
    found.sort(null);
    return found;
  }

  private static Problem problem(Destination destination, Violation violation) {
    Policy policy = violation.policy();
    return new Problem(
        policy.place().file(),
        policy.place().line(),
        "policy %s (\"%s\", version %s) is a draft; enabled, it would forbid %s of what carries %s at %s: %s; %s"
            .formatted(
                policy.id(),
                policy.name(),
                policy.version(),
                String.join(" and ", violation.marketingActions()),
                policy.deny(),
                destination.name(),
                Evidence.inWords(violation.lineage()),
                consequence(destination, few(violation.leftOut()))));
  }

  private static String consequence(Destination destination, String parts) {
    return switch (destination.enforcement()) {
      case BLOCK -> "enforcement: block would refuse every start, strip would leave out " + parts;
      case STRIP -> "enforcement: strip would leave out " + parts;
      case AUDIT -> "enforcement: audit would count " + parts;
    };
  }

  private static String few(List<Part> parts) {
    String first =
        parts.stream().limit(MOST_NAMED).map(Part::toString).collect(Collectors.joining(", "));
    int more = parts.size() - MOST_NAMED;
    return more > 0 ? first + " and " + more + " more" : first;
  }
}
