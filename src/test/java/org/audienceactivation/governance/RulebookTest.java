package org.audienceactivation.governance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.XdmPath;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Governance files: what they may hold, and how their mistakes are told. */
class RulebookTest {

  private static final String POLICY =
      "policies: [{id: p, status: ENABLED, marketingActions: [analytics], deny: %s}]";

  @Nested
  class Mistakes {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "lables: {}                              | lables: unknown key; allowed: customLabels, customMarketingActions, labels, enabledCorePolicies, policies",
          "labels: {field: {}}                     | labels.field: unknown key; allowed: fields, audiences, namespaces, datasets",
          "labels: {fields: {a: C2}}               | labels.fields.a: must be a list, is a string",
          "labels: {fields: {a: []}}               | labels.fields.a: must not be empty",
          "labels: {fields: {a: [C2, C2]}}         | labels.fields.a: holds the same item twice",
          "labels: {fields: {a: [C2, c2]}}         | labels.fields.a[1]: unknown label \"c2\"; allowed: C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, I1, I2, S1, S2, PSPD, RHD, Third-Party; define others under customLabels",
          "labels: {fields: {a..b: [C2]}}          | labels.fields.a..b: is no path; must be keys joined by dots, where * stands for any whole key, such as _acme.devices.*.serial",
          "labels: {fields: {'a[0].b': [C2]}}      | labels.fields.a[0].b: is no path; must be keys joined by dots, where * stands for any whole key, such as _acme.devices.*.serial",
          "labels: {fields: {/properties/a: [C2]}} | labels.fields./properties/a: is no path; must be keys joined by dots, where * stands for any whole key, such as _acme.devices.*.serial",
          "labels: {fields: {a.b*: [C2]}}          | labels.fields.a.b*: is no path; must be keys joined by dots, where * stands for any whole key, such as _acme.devices.*.serial",
          "labels: {audiences: [{labels: [C2]}]}   | labels.audiences[0]: needs either id or name",
          "labels: {audiences: [{name: Nobody}]}   | labels.audiences[0].name: audiences.yaml has no audience named \"Nobody\"; it has Prospects, Twice",
          "labels: {audiences: [{name: Twice}]}    | labels.audiences[0].name: several audiences are named \"Twice\"; use one of the ids 1, 2",
          "labels: {audiences: [{id: A, builtOn: [a.]}]} | labels.audiences[0].builtOn[0]: is no path; must be keys joined by dots, where * stands for any whole key, such as _acme.devices.*.serial",
          "customLabels: {C2: Ours}                | customLabels.C2: is built in already",
          "customLabels: {ACME: ''}                | customLabels.ACME: must not be empty",
          "customMarketingActions: {analytics: x}  | customMarketingActions.analytics: is built in already",
          "enabledCorePolicies: [core-c2]          | enabledCorePolicies[0]: \"core-c2\" is not allowed; allowed: core-c1-aggregates-only, core-c2-no-third-party, core-c3-not-combined, core-c3-not-beside-i1, core-c4-no-targeting, core-c5-no-cross-site-targeting, core-c6-no-onsite-advertising, core-c7-no-onsite-personalization, core-c8-no-analytics, core-c9-no-data-science, core-c10-no-stitched-identity, core-c11-no-segment-match",
          "policies: [{id: p, marketingActions: [analytics], deny: {label: C2}}] | policies[0].status: is missing",
          "policies: [{id: p, status: ON, marketingActions: [analytics], deny: {label: C2}}] | policies[0].status: \"ON\" is not allowed; allowed: DRAFT, ENABLED, DISABLED",
          "policies: [{id: p, status: DRAFT, marketingActions: [], deny: {label: C2}}] | policies[0].marketingActions: must not be empty",
          "policies: [{id: p, status: DRAFT, marketingActions: [mail], deny: {label: C2}}] | policies[0].marketingActions[0]: unknown marketing action \"mail\"; allowed: analytics, combineData, crossSiteTargeting, dataScience, emailTargeting, exportToThirdParty, onsiteAdvertising, onsitePersonalization, segmentMatch, singleIdentityPersonalization; define others under customMarketingActions",
          "policies: [{id: a b, status: DRAFT, marketingActions: [analytics], deny: {label: C2}}] | policies[0].id: \"a b\" is not allowed; must be up to 100 letters, digits, dots, underscores or hyphens",
          "policies: [{id: C12, status: DRAFT, marketingActions: [analytics], deny: {label: C8}}] | policy C12: is no id, since reports and logs use it for something else",
          "policies: [{id: core-c8-no-analytics, status: DRAFT, marketingActions: [analytics], deny: {label: C8}}] | policy core-c8-no-analytics: is the id of a core policy"
        })
    void are_told_with_file_and_line(String yaml, String problem) {
      assertThat(Rules.problems("# one line\n" + yaml)).containsExactly("g.yaml:2: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{}                              | policies[0].deny: needs either label, or operator with operands",
          "{label: C2, operator: OR, operands: [{label: C3}]} | policies[0].deny: needs either label, or operator with operands",
          "{operator: AND}                 | policies[0].deny: operator and operands go together",
          "{operands: [{label: C2}]}       | policies[0].deny: operator and operands go together",
          "{operator: AND, operands: []}   | policies[0].deny.operands: must not be empty",
          "{operator: NOT, operands: [{label: C2}]} | policies[0].deny.operator: \"NOT\" is not allowed; allowed: AND, OR",
          "{operator: OR, operands: [{label: C2}, {}]} | policies[0].deny.operands[1]: needs either label, or operator with operands",
          "{operator: OR, operands: [{operator: AND, operands: [{lable: C2}]}]} | policies[0].deny.operands[0].operands[0].lable: unknown key; allowed: label, operator, operands",
          "{label: C22}                    | policies[0].deny.label: unknown label \"C22\"; allowed: C1, C2, C3, C4, C5, C6, C7, C8, C9, C10, C11, C12, I1, I2, S1, S2, PSPD, RHD, Third-Party; define others under customLabels"
        })
    void in_expressions_too(String deny, String problem) {
      assertThat(Rules.problems(POLICY.formatted(deny))).contains("g.yaml:1: " + problem);
    }

    @Test
    void an_id_that_two_policies_have() {
      assertThat(
              Rules.problems(
                  """
                  policies:
                    - {id: p, status: DRAFT, marketingActions: [analytics], deny: {label: C2}}
                    - {id: p, status: DRAFT, marketingActions: [analytics], deny: {label: C3}}
                  """))
          .containsExactly("g.yaml:3: policy p: is the id of the policy in g.yaml:2 already");
    }

    @Test
    void what_two_files_define() {
      assertThat(
              Rules.problems(
                  "customLabels: {ACME: Ours}\ncustomMarketingActions: {lend: Ours}",
                  "customLabels: {ACME: Ours}\ncustomMarketingActions: {lend: Ours}"))
          .containsExactly(
              "g.yaml:1: customLabels.ACME: is defined a second time",
              "g.yaml:2: customMarketingActions.lend: is defined a second time");
    }
  }

  @Nested
  class The_policy_api {

    private static final String CREATED =
        """
        {"id": "5c6dacdf", "imsOrg": "ORG@AdobeOrg", "created": 1550691551888,
         "createdClient": "x", "createdUser": "y", "updated": 1550701472910,
         "updatedClient": "x", "updatedUser": "y",
         "_links": {"self": {"href": "https://example.com/policies/custom/5c6dacdf"}},
         "name": "No raw identity to partners", "status": "ENABLED",
         "description": "Blocks third-party export",
         "marketingActionRefs": [
           "https://platform.adobe.io/data/foundation/dulepolicy/marketingActions/core/exportToThirdParty",
           "../marketingActions/custom/lend/"],
         "deny": {"operator": "OR", "operands": [{"label": "C2"},
           {"operator": "AND", "operands": [{"label": "C3"}, {"label": "ACME"}]}]}}
        """;

    private static Policy only(String json) {
      List<Policy> policies = Rules.of(json).policies();
      assertThat(policies).hasSize(1);
      return policies.get(0);
    }

    @Test
    void gives_one_policy_with_members_that_mean_nothing_here() {
      Policy policy = only(CREATED);

      assertThat(policy.id()).isEqualTo("5c6dacdf");
      assertThat(policy.name()).isEqualTo("No raw identity to partners");
      assertThat(policy.version()).isEqualTo("1550701472910");
      assertThat(policy.status()).isEqualTo(PolicyStatus.ENABLED);
      assertThat(policy.marketingActions()).containsExactlyInAnyOrder("exportToThirdParty", "lend");
      assertThat(policy.deny()).hasToString("C2 OR (C3 AND ACME)");
      assertThat(policy.place()).hasToString("g.json:1");
    }

    @Test
    void takes_one_without_id_which_is_then_made_of_the_name() {
      Policy policy = only(CREATED.replace("\"id\": \"5c6dacdf\", ", ""));

      assertThat(policy.id()).isEqualTo("no-raw-identity-to-partners");
    }

    @Test
    void gives_a_list_as_it_pages_it() {
      Rulebook rules =
          Rules.of(
              """
              {"_page": {"start": "5c6dacdf", "count": 2},
               "_links": {"page": {"href": "https://example.com/policies{?limit,start}", "templated": true}},
               "children": [%s, %s]}
              """
                  .formatted(
                      CREATED, CREATED.replace("5c6dacdf", "6d7e").replace("ENABLED", "DRAFT")));

      assertThat(rules.policies()).extracting(Policy::id).containsExactly("5c6dacdf", "6d7e");
      assertThat(rules.policies().get(1).status()).isEqualTo(PolicyStatus.DRAFT);
    }

    @Test
    void may_be_indented_with_tabs_and_escape_as_json_does() {
      Policy policy =
          only(
              CREATED
                  .replace("\n", "\n\t\t")
                  .replace("No raw identity", "No \\\"raw\\\" \\u00e9 \\/ {{x}}"));

      assertThat(policy.name()).isEqualTo("No \"raw\" é / {{x}} to partners");
    }

    @Test
    void defines_what_it_speaks_of() {
      Rulebook rules = Rules.of(CREATED, "labels: {fields: {a: [ACME]}}");

      assertThat(rules.marketingActions()).contains("lend");
    }

    @Test
    void says_both_a_label_and_operands_against_its_own_rules_and_then_either_is_denied() {
      Policy policy =
          only(
              """
              {"name": "n", "status": "ENABLED", "marketingActionRefs": ["analytics"],
               "deny": {"label": "C1", "operator": "AND", "operands": [{"label": "C2"}, {"label": "C3"}]}}
              """);

      assertThat(policy.deny()).hasToString("C1 OR (C2 AND C3)");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "\"status\": \"ENABLED\"  | \"status\": \"ON\" | g.json:5: status: \"ON\" is not allowed; allowed: DRAFT, ENABLED, DISABLED",
          "\"status\": \"ENABLED\"  | \"state\": 1       | g.json:1: status: is missing",
          "\"operator\": \"OR\"     | \"operator\": \"XOR\" | g.json:10: deny.operator: \"XOR\" is not allowed; allowed: AND, OR",
          "\"operator\": \"OR\",    | \"x\": 1,          | g.json:10: deny: operands need an operator; allowed: AND, OR",
          "{\"label\": \"C2\"}      | {\"lable\": \"C2\"} | g.json:10: deny.operands[0]: needs a label, or an operator with operands",
          "\"deny\"                 | \"allow\"          | g.json:1: deny: is missing",
          "\"marketingActionRefs\"  | \"refs\"           | g.json:1: marketingActionRefs: is missing",
          "}}                       | }                 | g.json:12: not JSON: expected ',' or '}', but got <stream end>"
        })
    void has_mistakes_told_with_file_and_line(String from, String to, String problem) {
      String json = CREATED.replace(from, to);
      assertThat(json).isNotEqualTo(CREATED);

      assertThat(Rules.problems(json)).containsExactly(problem);
    }
  }

  @Nested
  class What_else_the_policy_api_gives {

    private static final String CORE =
        """
        {"children": [
          {"id": "corepolicy_0001", "name": "One", "status": "ENABLED", "marketingActionRefs": ["analytics"], "deny": {"label": "C8"}},
          {"id": "corepolicy_0002", "name": "Two", "status": "DISABLED", "marketingActionRefs": ["analytics"], "deny": {"label": "C9"}},
          {"id": "77", "name": "Own", "status": "ENABLED", "marketingActionRefs": ["analytics"], "deny": {"label": "C9"},
           "_links": {"self": {"href": "https://example.com/policies/custom/77"}}},
          {"id": "78", "name": "Three", "status": "ENABLED", "marketingActionRefs": ["analytics"], "deny": {"label": "C9"},
           "_links": {"self": {"href": "https://example.com/policies/core/78"}}}]}
        """;

    private static List<String> enabled(String... files) {
      return Rules.of(files).policies().stream()
          .filter(Policy::isEnabled)
          .map(Policy::id)
          .sorted()
          .toList();
    }

    @Test
    void its_list_of_enabled_core_policies_decides_which_are_on() {
      assertThat(enabled(CORE)).containsExactly("77", "78", "corepolicy_0001");
      assertThat(enabled(CORE, "{\"policyIds\": [\"corepolicy_0002\"], \"imsOrg\": \"x\"}"))
          .containsExactly("77", "corepolicy_0002");
      assertThat(enabled(CORE, "{\"policyIds\": []}")).containsExactly("77");
    }

    @Test
    void shipped_ones_may_stand_in_it_too() {
      assertThat(
              enabled(
                  "{\"policyIds\": [\"core-c8-no-analytics\"]}",
                  "enabledCorePolicies: [core-c9-no-data-science]"))
          .containsExactly("core-c8-no-analytics", "core-c9-no-data-science");
    }

    @Test
    void one_that_nobody_knows_is_a_mistake_since_it_would_protect_nothing() {
      assertThat(
              Rules.problems(
                  "{\"policyIds\":\n [\"core-c8-no-analytics\",\n \"corepolicy_0001\"]}"))
          .singleElement()
          .asString()
          .startsWith(
              "g.json:3: policyIds[1]: no core policy is called \"corepolicy_0001\"; put the vendor's"
                  + " list of core policies into a file beside this one, or name shipped ones:"
                  + " core-c1-aggregates-only, core-c2-no-third-party, ");
    }

    @Test
    void custom_labels_and_marketing_actions_are_then_defined() {
      Rulebook rules =
          Rules.of(
              """
              {"name": "ACME-CARD", "category": "Custom", "friendlyName": "Loyalty card",
               "description": "Stays in the house", "imsOrg": "x", "_links": {"self": {"href": "y"}}}
              """,
              """
              {"_page": {"count": 1}, "children": [{"name": "lend", "description": "To a partner",
               "imsOrg": "x", "created": 1, "updated": 1, "_links": {"self": {"href": "y"}}}]}
              """,
              "labels: {fields: {a: [ACME-CARD]}}\n"
                  + "policies: [{id: p, status: ENABLED, marketingActions: [lend], deny: {label: ACME-CARD}}]");

      assertThat(rules.labelNames()).contains("ACME-CARD");
      assertThat(rules.marketingActions()).contains("lend");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"entityId\": {\"namespace\": \"AEP\", \"id\": \"5abd\", \"type\": \"dataset\"}, \"labels\": [\"C2\"], \"parents\": [], \"optionalLabels\": [{\"option\": {\"id\": \"s\", \"contentType\": \"c\", \"schemaPath\": \"/properties/a/items/properties/b/additionalProperties/properties/c\"}, \"labels\": [\"ACME\"]}]}",
          "{\"AEP:dataset:5abd\": {\"imsOrg\": \"x\", \"labels\": [\"C2\"], \"optionalLabels\": [{\"option\": {\"id\": \"s\", \"contentType\": \"c\", \"schemaPath\": \"/properties/a/items/properties/b/additionalProperties/properties/c\"}, \"labels\": [\"ACME\"]}]}}"
        })
    void labels_of_a_dataset_and_of_its_fields_count(String json) {
      Rulebook rules = Rules.of(json);

      assertThat(rules.labelsOf(outgoing("z"))).containsExactly("C2");
      assertThat(rules.labelsOf(outgoing("a.b.k.c"))).containsExactlyInAnyOrder("C2", "ACME");
      assertThat(rules.labelsOf(outgoing("a.b.k.d"))).containsExactly("C2");
    }

    @Test
    void a_field_may_be_called_as_a_step_of_a_schema_path_is() {
      Rulebook rules =
          Rules.of(
              "{\"AEP:dataset:1\": {\"labels\": [], \"optionalLabels\": [{\"option\":"
                  + " {\"schemaPath\": \"/properties/a/properties/items/items/properties/properties\"},"
                  + " \"labels\": [\"I1\"]}]}}");

      assertThat(rules.labelsOf(outgoing("a.items.properties"))).containsExactly("I1");
      assertThat(rules.labelsOf(outgoing("a.properties"))).isEmpty();
    }

    @Test
    void labels_of_an_identity_as_a_field_are_those_of_its_namespace() {
      Rulebook rules =
          Rules.of(
              "{\"AEP:dataset:1\": {\"labels\": [], \"optionalLabels\": [{\"option\":"
                  + " {\"schemaPath\": \"/properties/identityMap\"}, \"labels\": [\"I1\"]}]}}");

      assertThat(rules.labelsOf(outgoing("z"))).containsExactly("I1");
    }

    private static Outgoing outgoing(String attribute) {
      return new Outgoing(
          List.of("analytics"), List.of(XdmPath.of(attribute)), AudienceScope.all());
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"name\": \"x\", \"denies\": {}}      | g.json:1: denies: unknown key; allowed: name, description, id, imsOrg",
          "{\"id\": \"x\"}                        | g.json:1: the value is not allowed; must be a policy, a label, a marketing action, the enabled core policies, the labels of a dataset, or a list of them, as the policy API gives them",
          "{\"entityId\": {\"id\": \"x\", \"type\": \"dataset\"}, \"lables\": []} | g.json:1: labels: is missing",
          "{\"entityId\": {\"id\": \"x\", \"type\": \"connection\"}, \"labels\": []} | g.json:1: entityId.type: \"connection\" is not allowed; allowed: dataset",
          "{\"AEP:dataset:1\": {\"labels\": []}, \"AEP:batch:1\": {}} | g.json:1: AEP:batch:1: unknown key",
          "{\"AEP:dataset:1\": {\"labels\": [], \"optionalLabels\": [{\"option\": {\"schemaPath\": \"/personalEmail\"}, \"labels\": [\"I1\"]}]}} | g.json:1: AEP:dataset:1.optionalLabels[0].option.schemaPath: \"/personalEmail\" is not allowed; must be a path such as /properties/personalEmail/properties/address"
        })
    void what_is_none_of_these_is_a_mistake(String json, String problem) {
      assertThat(Rules.problems(json)).first().asString().startsWith(problem);
    }
  }

  @Nested
  class Versions {

    private static String version(String yaml) {
      return Rules.of("policies: [{id: p, status: DRAFT, " + yaml + "}]")
          .policies()
          .get(0)
          .version();
    }

    @Test
    void are_given_or_change_with_what_the_policy_says() {
      String one = version("marketingActions: [analytics], deny: {label: C2}");

      assertThat(version("version: 3, marketingActions: [analytics], deny: {label: C2}"))
          .isEqualTo("3");
      assertThat(one).matches("[0-9a-f]{8}");
      assertThat(version("name: Other, marketingActions: [analytics], deny: {label: C2}"))
          .isEqualTo(one);
      assertThat(version("marketingActions: [analytics], deny: {label: C3}")).isNotEqualTo(one);
      assertThat(version("marketingActions: [dataScience], deny: {label: C2}")).isNotEqualTo(one);
    }
  }

  @Nested
  class Core_policies {

    @Test
    void are_those_that_the_schema_lists() throws IOException {
      try (InputStream schema =
          Rulebook.class.getResourceAsStream("/schemas/governance.schema.json")) {
        List<String> listed = new ArrayList<>();
        JsonNode root = new ObjectMapper().readTree(schema);
        root.at("/properties/enabledCorePolicies/items/enum")
            .forEach(id -> listed.add(id.asText()));

        assertThat(CorePolicies.ALL).extracting(Policy::id).containsExactlyElementsOf(listed);
      }
    }

    @Test
    void are_on_by_one_line_each() {
      Rulebook rules = Rules.of("enabledCorePolicies: [core-c2-no-third-party]");

      assertThat(rules.policies()).extracting(Policy::id).containsExactly("core-c2-no-third-party");
      assertThat(Rulebook.empty().policies()).isEmpty();
    }
  }

  @Test
  void a_violation_shows_the_way_from_label_to_use() {
    Rulebook rules =
        Rules.of(
            """
            labels:
              fields:
                a: [C3]
                b.c: [I1]
              audiences:
                - name: Prospects
                  builtOn: [b.c.d]
              datasets:
                crm: [I1]
            """,
            POLICY.formatted("{operator: AND, operands: [{label: C3}, {label: I1}]}"));

    Verdict verdict =
        rules.judge(
            new Outgoing(
                List.of("dataScience", "analytics"),
                List.of(XdmPath.of("a.x"), XdmPath.of("z")),
                AudienceScope.all()));

    assertThat(verdict.violations()).hasSize(1);
    Violation violation = verdict.violations().get(0);
    assertThat(violation.marketingActions()).containsExactly("analytics");
    assertThat(violation.lineage())
        .extracting(Evidence::toString)
        .containsExactly(
            "attribute a.x carries C3 (inherited from a, g.yaml:3)",
            "audience A carries I1 (inherited from b.c, g.yaml:4)",
            "dataset crm carries I1 (g.yaml:9)");
    assertThat(violation.leftOut()).extracting(Part::toString).containsExactly("attribute a.x");
  }

  @Test
  void a_policy_of_very_many_labels_takes_away_all_that_carries_any_of_them() {
    StringBuilder fields = new StringBuilder("labels: {fields: {");
    StringBuilder custom = new StringBuilder("customLabels: {");
    StringBuilder operands = new StringBuilder();
    List<XdmPath> attributes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      fields.append("f" + i + ": [L" + i + "], ");
      custom.append("L" + i + ": Label, ");
      operands.append("{label: L" + i + "}, ");
      attributes.add(XdmPath.of("f" + i));
    }
    Rulebook rules =
        Rules.of(
            custom + "}",
            fields + "}}",
            POLICY.formatted("{operator: AND, operands: [" + operands + "]}"));

    Verdict verdict =
        rules.judge(new Outgoing(List.of("analytics"), attributes, AudienceScope.all()));

    assertThat(verdict.violations().get(0).leftOut()).hasSize(40);
  }
}
