package org.audienceactivation.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.Profiles;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a consent policy is read. */
class ConsentPolicyTest {

  private static final String FILE = "governance/consent/mail.yaml";
  private static final Rulebook RULES =
      Rules.of("customLabels: {ACME: Ours}\ncustomMarketingActions: {lend: To a partner}");

  private static Checked<ConsentPolicy> read(String yaml) {
    return ConsentPolicy.read(FILE, yaml, text -> text, Optional.of(RULES));
  }

  private static ConsentPolicy policy(String yaml) {
    return read(yaml).toOptional().orElseThrow();
  }

  @Test
  void its_id_is_the_name_of_its_file() {
    assertThat(policy("status: DRAFT\nthen: {path: a, exists: true}").ref().id()).isEqualTo("mail");
  }

  @Test
  void its_version_changes_with_what_it_says() {
    String one = policy("status: ENABLED\nthen: {path: a, exists: true}").ref().version();
    String other = policy("status: ENABLED\nthen: {path: a, exists: false}").ref().version();

    assertThat(one)
        .matches("[0-9a-f]{8}")
        .isNotEqualTo(other)
        .isEqualTo(policy("status: ENABLED\nthen: {path: a, exists: true}").ref().version());
  }

  @Test
  void its_version_changes_with_what_a_placeholder_stands_for_and_not_with_a_comment() {
    String yaml = "status: ENABLED\nthen: {path: a, equals: '{{wanted}}'}";

    assertThat(versionWhere(yaml, "yes"))
        .isNotEqualTo(versionWhere(yaml, "no"))
        .isEqualTo(versionWhere("# as agreed\n" + yaml, "yes"));
  }

  private static String versionWhere(String yaml, String wanted) {
    return ConsentPolicy.read(
            FILE, yaml, text -> text.replace("{{wanted}}", wanted), Optional.of(RULES))
        .toOptional()
        .orElseThrow()
        .ref()
        .version();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "consents.share.val | {\"consents\":{\"share\":{\"val\":\"n\"}}} | is \"n\"",
        "consentPoliciesResultMap.p.status | {\"consentPoliciesResultMap\":{\"p\":{\"status\":\"exited\"}}} | is \"exited\"",
        "_acme.pregnant | {\"_acme\":{\"pregnant\":true}} | is a boolean",
        "_acme.answer | {\"_acme\":{\"answer\":\"y\"}} | is a string",
        "_acme.answer | {} | is absent"
      })
  void of_values_only_the_words_of_consent_are_shown(String path, String json, String shown) {
    ConsentPolicy policy =
        policy("status: ENABLED\nthen: {path: " + path + ", equals: no such value}");
    Governance governance =
        new Governance(
            new ConsentRules(List.of(), MissingConsent.ALLOW),
            List.of(policy),
            Set.of("analytics"),
            Set.of());

    List<Explanation> explained = governance.explain(Profiles.profile(json, governance.needs()));

    assertThat(explained.toString()).contains(shown).doesNotContain("true");
  }

  @Test
  void only_what_it_names_is_read_of_a_profile() {
    ConsentPolicy policy =
        policy(
            """
            status: ENABLED
            then:
              operator: AND
              operands:
                - { path: consents.marketing.email.val, equals: y }
                - { path: "_acme.given[].channel", equals: email }
                - { path: "_acme.brands.*.val", equals: y }
            """);

    assertThat(policy.needs())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder("consents.marketing.email.val", "_acme.given", "_acme.brands");
  }

  @Test
  void it_may_speak_of_whatever_labels_and_marketing_actions_there_are() {
    assertThat(
            read("""
                    status: ENABLED
                    if:
                      operator: AND
                      operands: [{label: ACME}, {marketingAction: ../custom/lend/}, {label: C2}]
                    then: {path: a, exists: true}
                    """)
                .problems())
        .isEmpty();
  }

  @Nested
  class Mistakes {

    @ParameterizedTest(name = "{1}")
    @CsvSource(
        delimiter = '|',
        value = {
          "then: {path: a, exists: true} | 1 | status: is missing",
          "status: ENABLED | 1 | then: is missing",
          "status: ON#then: {path: a, exists: true} | 1 | status: \"ON\" is not allowed; allowed: DRAFT, ENABLED, DISABLED",
          "status: ENABLED#when: {}#then: {path: a, exists: true} | 2 | when: unknown key; allowed: description, status, if, then",
          "status: ENABLED#then:#  path: a | 2 | then: needs exactly one of equals, notEquals",
          "status: ENABLED#then:#  path: a#  equals: x#  exists: true | 2 | then: needs exactly one of equals, notEquals",
          "status: ENABLED#then:#  equals: x | 2 | then: needs either path, or operator with operands",
          "status: ENABLED#then:#  operator: AND | 2 | then: needs either path, or operator with operands",
          "status: ENABLED#then:#  operator: NOT#  operands: [{path: a, exists: true}] | 3 | then.operator: \"NOT\" is not allowed; allowed: AND, OR",
          "status: ENABLED#then:#  operator: AND#  operands: [] | 4 | then.operands: must not be empty",
          "status: ENABLED#then:#  path: a..b#  exists: true | 3 | then.path: a path needs a key between any two dots",
          "status: ENABLED#then:#  path: 'a[0].b'#  exists: true | 3 | then.path: a list is followed by []",
          "status: ENABLED#then:#  operator: AND#  operands:#    - {path: 'l[].a', equals: x}#    - {operator: OR, operands: [{path: 'l[].b', equals: x}, {path: c, equals: x}]}#    - {operator: OR, operands: [{path: 'l[].d', equals: x}, {path: e, equals: x}]} | 2 | then: an AND may have one OR that asks an element of a list or map and something else as well; write it as an OR of ANDs",
          "status: ENABLED#then:#  path: 'segments[].status'#  equals: realized | 3 | then.path: conditions ask attributes and consents; not segments",
          "status: ENABLED#then:#  path: 'identities[].id'#  exists: false | 3 | then.path: conditions ask attributes and consents; not identities",
          "status: ENABLED#then:#  path: identityMap.ecid#  exists: true | 3 | then.path: conditions ask attributes and consents; not identityMap",
          "status: ENABLED#then:#  path: a#  greaterThan: x | 4 | then.greaterThan: must be a number, is a string",
          "status: ENABLED#then:#  path: a#  lessThan: .inf | 4 | not a number that can be used",
          "status: ENABLED#then:#  path: a#  exists: x | 4 | then.exists: must be true or false, is a string",
          "status: ENABLED#then:#  path: a#  type: date#  equals: tomorrow | 5 | then.equals: must be a date such as 2026-01-31",
          "status: ENABLED#then:#  path: a#  type: date#  lessThan: 3 | 5 | then.lessThan: compares numbers",
          "status: ENABLED#if: {}#then: {path: a, exists: true} | 2 | if: needs either marketingAction, or label, or operator with operands",
          "status: ENABLED#if:#  label: C2#  marketingAction: x#then: {path: a, exists: true} | 2 | if: needs either marketingAction, or label",
          "status: ENABLED#if:#  label: c2#then: {path: a, exists: true} | 3 | if.label: unknown label \"c2\"; allowed: C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, I1, I2, S1, S2, PSPD, RHD, Third-Party, ACME; define others in governance/, under customLabels",
          "status: ENABLED#if:#  operator: OR#  operands:#    - label: ACME#    - marketingAction: https://x.example/custom/mail?a=b#then: {path: a, exists: true} | 6 | if.operands[1].marketingAction: unknown marketing action \"mail\"; allowed: analytics, combineData, crossSiteTargeting, dataScience, emailTargeting, exportToThirdParty, onsiteAdvertising, onsitePersonalization, segmentMatch, singleIdentityPersonalization, lend; define others in governance/, under customMarketingActions",
          "status: ENABLED#if:#  operator: OR#  operands:#    - label: C2#    - lable: C3#then: {path: a, exists: true} | 6 | if.operands[1].lable: unknown key; allowed: marketingAction, label, operator, operands",
        })
    void name_the_line_and_what_is_allowed(String yaml, int line, String message) {
      List<Problem> problems = read(yaml.replace('#', '\n')).problems();

      assertThat(problems)
          .anySatisfy(
              problem -> {
                assertThat(problem.file()).isEqualTo(FILE);
                assertThat(problem.line()).isEqualTo(line);
                assertThat(problem.message()).startsWith(message);
              });
    }

    @Test
    void in_nesting_that_no_end_is_seen_of_are_refused() {
      String deep =
          "{operator: AND, operands: [".repeat(30) + "{path: a, exists: true}" + "]}".repeat(30);

      assertThat(read("status: ENABLED\nthen: " + deep).problems())
          .extracting(Problem::message)
          .anyMatch(message -> message.contains("is nested deeper than 20 levels"));
    }

    @Test
    void in_the_name_of_the_file_are_too() {
      assertThat(
              ConsentPolicy.read(
                      "governance/consent/consent.yaml",
                      "status: DRAFT\nthen: {path: a, exists: true}",
                      text -> text,
                      Optional.empty())
                  .problems())
          .singleElement()
          .extracting(Problem::message)
          .asString()
          .startsWith("the file's name is the policy's id");
    }
  }
}
