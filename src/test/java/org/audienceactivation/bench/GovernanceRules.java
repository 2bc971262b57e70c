package org.audienceactivation.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.audienceactivation.TestHome;

/**
 * What governance is asked to do, from nothing to everything; nothing else differs. All get the
 * same profiles: those of the benchmarks with more consents, of which one in a hundred refuses to
 * share.
 */
enum GovernanceRules {
  NONE,
  CONSENT,
  STRIP,
  AUDIT,
  AUDIT_LOG;

  private static final int REFUSES = 100;

  private static final String CONSENTS = "\"consents\":{\"share\":{\"val\":\"y\"}}";
  private static final String MORE_CONSENTS =
      "\"consents\":{\"share\":{\"val\":\"%s\"},\"marketing\":"
          + "{\"any\":{\"val\":\"y\"},\"email\":{\"val\":\"y\"}}}";

  private static final String CONSENT_RULE = "consent:\n  require: [share]\n";

  /** Cuts an attribute that is mapped and an identity that every profile has. */
  private static final String LABEL_POLICY =
      """
      labels:
        fields:
          person.email: [I1]
        namespaces:
          email: [I1]
      policies:
        - id: no-direct-identity
          name: Nothing that identifies a person directly
          status: ENABLED
          marketingActions: [exportToThirdParty]
          deny: { label: I1 }
      """;

  private static final String ADDRESS_POLICY =
      """
      status: ENABLED
      if: { marketingAction: exportToThirdParty }
      then:
        operator: OR
        operands:
          - { path: homeAddress.city, notEquals: Graz }
          - { path: consents.marketing.any.val, equals: y }
      """;

  private static final String EMAIL_POLICY =
      """
      status: ENABLED
      then:
        operator: AND
        operands:
          - { path: consents.marketing.email.val, equals: y }
          - { path: consents.collect.val, notEquals: n }
      """;

  /** What the profiles must satisfy where consent is asked for. */
  static final List<String> CONSENT_POLICIES = List.of(ADDRESS_POLICY, EMAIL_POLICY);

  /** The home whose destination is under these rules. */
  TestHome in(TestHome home) {
    String destination = "destinations/" + Pipeline.DESTINATION + ".yaml";
    home.edit(destination, CONSENT_RULE, "marketingActions: [exportToThirdParty]\n" + rules());
    return switch (this) {
      case NONE -> home;
      case CONSENT -> withConsentPolicies(home);
      case STRIP, AUDIT -> home.write("governance/labels.yaml", LABEL_POLICY);
      case AUDIT_LOG ->
          withConsentPolicies(home)
              .setting("governance.audit.file", home.path("audit/audit.ndjson").toString());
    };
  }

  private String rules() {
    return switch (this) {
      case NONE -> "consent:\n  require: []\n";
      case CONSENT, AUDIT_LOG -> "consent:\n  require: [share, marketing.email]\n";
      case STRIP -> "enforcement: strip\nconsent:\n  require: []\n";
      case AUDIT -> "enforcement: audit\nconsent:\n  require: []\n";
    };
  }

  private static TestHome withConsentPolicies(TestHome home) {
    return home.write("governance/consent/address.yaml", ADDRESS_POLICY)
        .write("governance/consent/email.yaml", EMAIL_POLICY);
  }

  /** How many of so many profiles are delivered. */
  int deliveredOf(int records) {
    boolean asks = this == CONSENT || this == AUDIT_LOG;
    return asks ? records - records / REFUSES : records;
  }

  /** Writes the profiles that all of them get, made of those of the other contestants. */
  static void writeProfiles(Path from, Path to) throws IOException {
    try (BufferedReader lines = Files.newBufferedReader(from);
        BufferedWriter out = Files.newBufferedWriter(to)) {
      int number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        String share = number % REFUSES == 0 ? "n" : "y";
        out.write(line.replace(CONSENTS, MORE_CONSENTS.formatted(share)));
        out.write('\n');
      }
    }
  }
}
