package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.audienceactivation.accounting.LeftOut;
import org.audienceactivation.accounting.Reason;
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
 * @param wouldExclude why such policies would have excluded the profile as a whole
 */
record Withholding(
    IdentityMap named,
    Optional<Finding> whole,
    List<WithheldIdentity> refused,
    List<Withheld> leftOut,
    List<Withheld> audited,
    Optional<Finding> wouldExclude) {

  /** Of most records. */
  static final Withholding NOTHING =
      new Withholding(
          IdentityMap.EMPTY, Optional.empty(), List.of(), List.of(), List.of(), Optional.empty());

  static Withholding of(Decision.Denied denied, IdentityMap named) {
    return new Withholding(
        named, Optional.of(denied.why()), List.of(), List.of(), List.of(), Optional.empty());
  }

  static Withholding of(GovernedProfile let, IdentityMap named) {
    Withholding withheld =
        new Withholding(
            named,
            Optional.empty(),
            let.withheldIdentities(),
            let.withheld(),
            let.audited(),
            let.wouldExclude());
    return withheld.isNothing() ? NOTHING : withheld;
  }

  boolean isNothing() {
    return whole.isEmpty() && refused.isEmpty() && leftOut.isEmpty() && !hasAudited();
  }

  /** Whether anything would have been left out, if policies were enforced. */
  boolean hasAudited() {
    return !audited.isEmpty() || wouldExclude.isPresent();
  }

  /** Whether somebody writes down that something was withheld. */
  boolean isToBeWrittenDown() {
    return !isNothing() && !named.isEmpty();
  }

  /** As what the parts that were left out are counted. */
  List<LeftOut> counted() {
    List<LeftOut> counted = new ArrayList<>(refused.size() + leftOut.size());
    for (WithheldIdentity one : refused) {
      counted.add(counted(one.why(), LeftOut.IDENTITY));
    }
    for (Withheld one : leftOut) {
      counted.add(one.counted());
    }
    return counted;
  }

  /** As what the profile is counted of whom only the end was told. */
  LeftOut countedAsWhole() {
    return counted(whole.orElseThrow(), LeftOut.PROFILE);
  }

  /** The same of what would have been left out. */
  List<LeftOut> countedAudited() {
    if (wouldExclude.isPresent()) {
      return List.of(counted(wouldExclude.get(), LeftOut.PROFILE));
    }
    List<LeftOut> counted = new ArrayList<>(audited.size());
    for (Withheld one : audited) {
      counted.add(one.counted());
    }
    return counted;
  }

  private static LeftOut counted(Finding why, String part) {
    Reason reason = why.refusal().orElseThrow();
    return new LeftOut(reason.label(), reason.code().code(), why.policy().id(), part);
  }

  /** The parts that were left out, in words; empty if there are none. */
  String leftOutInWords() {
    return Stream.concat(
            refused.stream().map(Withholding::inWords), leftOut.stream().map(Withholding::inWords))
        .collect(Collectors.joining(", "));
  }

  /** What would have been left out, if policies were enforced; empty if there is nothing. */
  String auditedInWords() {
    if (wouldExclude.isPresent()) {
      return "the profile (" + wouldExclude.get().refusal().orElseThrow().label() + ")";
    }
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
