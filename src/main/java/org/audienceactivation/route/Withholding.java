package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Finding;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.governance.Withheld;
import org.audienceactivation.governance.WithheldIdentity;
import org.audienceactivation.profile.IdentityMap;

/**
 * What governance withheld of one record, kept until the record is settled: then it is counted, and
 * goes to the audit log.
 *
 * @param named the identities of the profile, also those that were left out; none where nobody will
 *     write them down
 * @param whole why nothing of the profile may be sent; empty if something may
 * @param refused identities that were left out since they refused for themselves
 * @param leftOut what policies have left out
 * @param audited what is sent although a policy that is only audited forbids it
 */
record Withholding(
    IdentityMap named,
    Optional<Finding> whole,
    List<WithheldIdentity> refused,
    List<Withheld> leftOut,
    List<Withheld> audited) {

  /** Of most records. */
  static final Withholding NOTHING =
      new Withholding(IdentityMap.EMPTY, Optional.empty(), List.of(), List.of(), List.of());

  static Withholding of(Decision.Denied denied, IdentityMap named) {
    return new Withholding(named, Optional.of(denied.why()), List.of(), List.of(), List.of());
  }

  static Withholding of(GovernedProfile let, IdentityMap named) {
    Withholding withheld =
        new Withholding(
            named, Optional.empty(), let.withheldIdentities(), let.withheld(), let.audited());
    return withheld.isNothing() ? NOTHING : withheld;
  }

  boolean isNothing() {
    return whole.isEmpty() && refused.isEmpty() && leftOut.isEmpty() && audited.isEmpty();
  }

  /** The keys under which the parts that were left out are counted. */
  List<String> labels() {
    List<String> labels = new ArrayList<>(refused.size() + leftOut.size());
    for (WithheldIdentity one : refused) {
      labels.add(label(one));
    }
    for (Withheld one : leftOut) {
      labels.add(one.label());
    }
    return labels;
  }

  /** The parts that were left out, in words; empty if there are none. */
  String leftOutInWords() {
    return Stream.concat(
            refused.stream().map(Withholding::inWords), leftOut.stream().map(Withholding::inWords))
        .collect(Collectors.joining(", "));
  }

  /** The parts that would have been, if policies were enforced. */
  String auditedInWords() {
    return audited.stream().map(Withholding::inWords).collect(Collectors.joining(", "));
  }

  private static String inWords(WithheldIdentity one) {
    return "an identity of " + one.namespace() + " (" + label(one) + ")";
  }

  private static String inWords(Withheld one) {
    return one.part() + " (" + one.policy().id() + ")";
  }

  private static String label(WithheldIdentity one) {
    return one.why().refusal().orElseThrow().label();
  }
}
