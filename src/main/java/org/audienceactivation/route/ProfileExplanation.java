package org.audienceactivation.route;

import java.util.List;
import java.util.Optional;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.governance.Explanation;
import org.audienceactivation.governance.PolicyRef;

/**
 * What becomes of one record at one destination, and why: what the pipeline made of it, and the
 * rules asked once more, one after the other.
 *
 * @param source its name, as in reports and the audit log
 * @param line of the source
 * @param refusal why it would not be sent; empty if it would
 * @param detail of the refusal, for people; may be empty
 * @param policy that decided, if it was one
 * @param path where the profile says what decided; empty unless a policy decided
 * @param leftOut parts that would be left out, in words; may be empty
 * @param audited what would be left out if policies were enforced, in words; may be empty
 * @param partitionKeyNamespace whose identity is the partition key of the event; empty if there is
 *     none
 * @param event that would be sent, as JSON
 * @param steps in the order of the pipeline
 */
public record ProfileExplanation(
    String destination,
    String source,
    long line,
    Optional<Reason> refusal,
    String detail,
    Optional<PolicyRef> policy,
    String path,
    String leftOut,
    String audited,
    Optional<String> partitionKeyNamespace,
    Optional<String> event,
    List<Explanation> steps) {

  public ProfileExplanation {
    steps = List.copyOf(steps);
  }
}
