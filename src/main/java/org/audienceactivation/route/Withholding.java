package org.audienceactivation.route;

import java.util.List;
import java.util.stream.Stream;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Finding;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.governance.WithheldIdentity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.Profile;

/**
 * What governance withheld of one record, kept until the record is settled: then it is counted, and
 * goes to the audit log.
 *
 * @param kind the whole profile, or one of its identities
 * @param identities of the profile; or the one that was left out
 */
record Withholding(Kind kind, Finding why, IdentityMap identities) {

  /** What was withheld. */
  enum Kind {
    PROFILE("profile"),
    IDENTITY("identity");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** The name in the audit log; part of the published interface. */
    String label() {
      return label;
    }
  }

  static Withholding profile(Decision.Denied denied, Profile profile) {
    return new Withholding(Kind.PROFILE, denied.why(), profile.identities());
  }

  static List<Withholding> from(GovernedProfile profile) {
    return profile.withheldIdentities().isEmpty()
        ? List.of()
        : profile.withheldIdentities().stream().map(Withholding::identity).toList();
  }

  private static Withholding identity(WithheldIdentity one) {
    IdentityMap.Builder identities = new IdentityMap.Builder();
    identities.add(one.namespace(), one.identity());
    return new Withholding(Kind.IDENTITY, one.why(), identities.build());
  }

  boolean isPart() {
    return kind == Kind.IDENTITY;
  }

  /** What was left out of a record, in words. */
  static Stream<String> inWords(List<Withholding> withheld) {
    return withheld.stream()
        .filter(Withholding::isPart)
        .map(
            one ->
                "an identity of "
                    + one.identities().namespaces().get(0)
                    + " ("
                    + one.label()
                    + ")");
  }

  private String label() {
    return why.refusal().orElseThrow().label();
  }
}
