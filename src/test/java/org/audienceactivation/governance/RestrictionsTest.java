package org.audienceactivation.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.audienceactivation.profile.Profiles.profile;
import static org.audienceactivation.profile.Profiles.wanting;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.XdmPath;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken out of a profile, and when nothing of it remains to be sent. */
class RestrictionsTest {

  private static final ConsentRules NO_CONSENT = new ConsentRules(List.of(), MissingConsent.ALLOW);
  private static final String MEMBER_OF_A =
      "\"segmentMembership\":{\"ups\":{\"A\":{\"status\":\"realized\"}}}";
  private static final String ECID = "\"identityMap\":{\"ECID\":[{\"id\":\"1\"}]}";

  private static Decision decide(
      String rules, AudienceScope audiences, String attributes, String json) {
    List<XdmPath> paths =
        attributes.isEmpty()
            ? List.of()
            : Arrays.stream(attributes.split(",", -1)).map(XdmPath::of).toList();
    Outgoing outgoing = new Outgoing(List.of("analytics"), paths, audiences);
    Verdict verdict = Rules.of(rules).judge(outgoing);
    Governance governance =
        new Governance(NO_CONSENT).with(Restrictions.all(verdict, outgoing), Restrictions.NONE);
    Profile read =
        profile(
            json,
            wanting(
                AudienceScope.all(), paths.stream().map(XdmPath::toString).toArray(String[]::new)));
    return governance.decide(read);
  }

  private static GovernedProfile allowed(Decision decision) {
    assertThat(decision).isInstanceOf(Decision.Allowed.class);
    return ((Decision.Allowed) decision).profile();
  }

  @Nested
  class Attributes {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "a       | a   | {\"a\":1,\"b\":2}                             | {}",
          "a.b     | a   | {\"a\":{\"b\":1,\"c\":2}}                     | {\"a\":{\"c\":2}}",
          "a.b     | a   | {\"xdm:a\":{\"xdm:b\":1,\"xdm:c\":2}}         | {\"a\":{\"c\":2}}",
          "a.b     | a   | {\"a\":{\"b\":{\"x\":[1,{\"y\":2}]},\"c\":2}} | {\"a\":{\"c\":2}}",
          "a.b     | a   | {\"a\":\"text\"}                              | {\"a\":\"text\"}",
          "a.b     | a   | {\"a\":{\"c\":{\"b\":1}}}                     | {\"a\":{\"c\":{\"b\":1}}}",
          "a.*.c   | a   | {\"a\":{\"k\":{\"c\":1,\"d\":2},\"l\":{\"c\":3}}} | {\"a\":{\"k\":{\"d\":2},\"l\":{}}}",
          "a.*     | a   | {\"a\":{\"k\":1,\"l\":{\"m\":2}}}             | {\"a\":{}}",
          "a.*.c   | a.k | {\"a\":{\"k\":{\"c\":1,\"d\":2}}}             | {\"a\":{\"k\":{\"d\":2}}}",
          "a.b     | a   | {\"a\":[{\"b\":1,\"c\":2},3,[{\"b\":4}]]}     | {\"a\":[{\"c\":2},3,[{}]]}",
          "a[*].b  | a   | {\"a\":[{\"b\":1,\"c\":2}]}                   | {\"a\":[{\"c\":2}]}",
          "a.*.b   | a   | {\"a\":[{\"b\":1,\"c\":2}]}                   | {\"a\":[{\"c\":2}]}",
          "a.*     | a   | {\"a\":[1,2]}                                 | {}",
          "a.*.*.b | a   | {\"a\":[[{\"b\":1,\"c\":{\"b\":5,\"d\":6}}]]} | {\"a\":[[{\"c\":{\"d\":6}}]]}"
        })
    void under_a_denied_path_are_gone_whatever_its_shape(
        String denied, String mapped, String before, String after) {
      GovernedProfile governed =
          allowed(
              decide(
                  "labels: {fields: {'" + denied + "': [C12]}}",
                  AudienceScope.all(),
                  mapped,
                  before.substring(0, before.length() - 1) + "," + ECID + "," + MEMBER_OF_A + "}"));

      assertThat(json(governed.profile().attributes())).isEqualTo(after);
    }

    private static String json(JsonValue value) {
      if (value instanceof JsonValue.Obj object) {
        return object.members().entrySet().stream()
            .map(member -> "\"" + member.getKey() + "\":" + json(member.getValue()))
            .collect(Collectors.joining(",", "{", "}"));
      }
      if (value instanceof JsonValue.Arr array) {
        return array.items().stream()
            .map(Attributes::json)
            .collect(Collectors.joining(",", "[", "]"));
      }
      return value instanceof JsonValue.Text text
          ? "\"" + text.value() + "\""
          : ((JsonValue.Num) value).source();
    }

    @Test
    void are_counted_where_the_profile_had_them_each_once() {
      String rules = "labels: {fields: {a.*.c: [C12], a.z: [C12]}}";
      String profile = "{\"a\":{\"k\":{\"c\":1},\"l\":{\"c\":2}}," + ECID + "," + MEMBER_OF_A + "}";

      assertThat(allowed(decide(rules, AudienceScope.all(), "a", profile)).withheld())
          .extracting(Withheld::label)
          .containsExactly("C12:attribute a.*.c");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "consents | {\"consents\":{\"share\":{\"val\":\"y\"},\"idSpecific\":{\"Email\":{\"a@x\":{}}}}} | {\"consents\":{\"share\":{\"val\":\"y\"}}}",
          "consents | {\"xdm:consents\":{\"xdm:idSpecific\":{\"Email\":{\"a@x\":{}}}}} | {\"consents\":{}}",
          "consents.marketing | {\"consents\":{\"marketing\":{\"email\":{\"val\":\"y\",\"subscriptions\":{\"d\":{\"val\":\"y\",\"subscribers\":{\"a@x\":{}}}}}}}} | {\"consents\":{\"marketing\":{\"email\":{\"val\":\"y\",\"subscriptions\":{\"d\":{\"val\":\"y\"}}}}}}",
          "consentPoliciesResultMap | {\"consentPoliciesResultMap\":{\"p\":{\"status\":\"realized\",\"identityLevelConsents\":{\"Email\":[{\"identity\":\"a@x\"}]}}}} | {\"consentPoliciesResultMap\":{\"p\":{\"status\":\"realized\"}}}",
          "consentPoliciesIDMapV2.p | {\"consentPoliciesIDMapV2\":{\"p\":{\"status\":\"realized\",\"identityLevelConsents\":{\"Email\":[{\"identity\":\"a@x\"}]}}}} | {\"consentPoliciesIDMapV2\":{\"p\":{\"status\":\"realized\"}}}"
        })
    void that_are_consents_go_without_the_identities_that_they_name(
        String mapped, String before, String after) {
      String profile = before.substring(0, before.length() - 1) + "," + ECID + "," + MEMBER_OF_A;

      GovernedProfile governed =
          allowed(decide("labels: {}", AudienceScope.all(), mapped, profile + "}"));

      assertThat(json(governed.profile().attributes())).isEqualTo(after);
      assertThat(governed.withheld()).isEmpty();
    }

    @Test
    void and_a_profile_without_them_stays_the_same_object() {
      String profile = "{\"a\":{\"d\":{\"e\":[1]}}," + ECID + "," + MEMBER_OF_A + "}";
      JsonValue.Obj before = profile(profile, wanting(AudienceScope.all(), "a")).attributes();

      GovernedProfile governed =
          allowed(decide("labels: {fields: {a.*.c: [C12]}}", AudienceScope.all(), "a", profile));

      assertThat(governed.profile().attributes()).isEqualTo(before);
      assertThat(governed.withheld()).isEmpty();
    }
  }

  @Nested
  class Identities {

    private static final String TWO =
        "{\"identityMap\":{\"Email\":[{\"id\":\"e\"}],\"ECID\":[{\"id\":\"1\"}]},"
            + MEMBER_OF_A
            + "}";

    @ParameterizedTest
    @ValueSource(
        strings = {
          "EMAIL",
          "Emails",
          "https://data.adobe.io/entities/namespace/6",
          "https://data.adobe.io/entities/namespace/4711"
        })
    void of_a_namespace_are_gone_however_it_is_spelled(String spelled) {
      GovernedProfile governed =
          allowed(
              decide(
                  "labels: {namespaces: {email: [C12]}}",
                  AudienceScope.all(),
                  "",
                  TWO.replace("Email", spelled)));

      assertThat(governed.profile().identities().namespaces()).containsExactly("ECID");
      assertThat(governed.withheld())
          .extracting(Withheld::label)
          .containsExactly("C12:identities email");
    }

    @ParameterizedTest
    @CsvSource({"'email: [C12], ecid: [C12]'", "'*: [C12]'"})
    void that_are_all_gone_exclude_the_profile(String namespaces) {
      String quoted = namespaces.replace("*", "'*'");

      assertThat(decide("labels: {namespaces: {" + quoted + "}}", AudienceScope.all(), "", TWO))
          .isInstanceOfSatisfying(
              Decision.Denied.class,
              denied -> assertThat(denied.reason().label()).isEqualTo("no-identity-allowed:C12"));
    }
  }

  @Nested
  class Audiences {

    private static final String RULES =
        """
        labels: {audiences: [{id: A, labels: [C2]}]}
        policies: [{id: p, status: ENABLED, marketingActions: [analytics], deny: {label: C2}}]
        """;
    private static final String IN_A_AND_B =
        "{\"segmentMembership\":{\"ups\":{\"A\":{},\"B\":{}}}," + ECID + "}";

    @Test
    void are_gone_and_the_others_stay() {
      GovernedProfile governed = allowed(decide(RULES, AudienceScope.all(), "", IN_A_AND_B));

      assertThat(governed.profile().memberships())
          .extracting(membership -> membership.audience().id())
          .containsExactly("B");
      assertThat(governed.withheld()).extracting(Withheld::label).containsExactly("p:audience A");
    }

    @ParameterizedTest
    @CsvSource({"UPS, A", "Ups, a"})
    void are_gone_in_letters_of_any_case(String namespace, String id) {
      String spelled = IN_A_AND_B.replace("ups", namespace).replace("\"A\"", "\"" + id + "\"");

      assertThat(allowed(decide(RULES, AudienceScope.all(), "", spelled)).profile().memberships())
          .extracting(membership -> membership.audience().id())
          .containsExactly("B");
    }

    @Test
    void that_another_destination_maps_do_not_keep_a_profile_in() {
      AudienceScope mapped = AudienceScope.of(AudienceRef.ups("A"), AudienceRef.ups("C"));

      assertThat(decide(RULES, mapped, "", IN_A_AND_B))
          .isInstanceOfSatisfying(
              Decision.Denied.class,
              denied -> assertThat(denied.reason().label()).isEqualTo("no-audience-allowed:p"));
    }
  }

  @Nested
  class Lineage {

    private static List<Withheld> parts(String rules, String attribute) {
      Outgoing outgoing =
          new Outgoing(
              List.of("analytics"),
              List.of(XdmPath.of(attribute)),
              AudienceScope.of(AudienceRef.ups("A"), AudienceRef.ups("B")));
      return Restrictions.all(Rules.of(rules).judge(outgoing), outgoing).parts();
    }

    @Test
    void goes_from_the_label_to_the_use_that_is_forbidden() {
      assertThat(
              parts(
                  """
                  labels: {fields: {a: [I1]}}
                  policies: [{id: p, version: 1, status: ENABLED, marketingActions: [analytics, dataScience], deny: {label: I1}}]
                  """,
                  "a.b"))
          .extracting(Withheld::lineage)
          .containsExactly(
              "it carries I1 (inherited from a, g.yaml:1); policy p, version 1, forbids analytics of"
                  + " what carries I1 (g.yaml:2)");
    }

    @Test
    void names_what_it_would_go_out_beside_but_no_other_audience_and_nothing_forbidden_alone() {
      List<Withheld> parts =
          parts(
              """
              labels:
                datasets: {d: [C3]}
                fields: {a: [C9]}
                audiences: [{id: A, labels: [I1]}, {id: B, labels: [C2]}]
              policies:
                - id: p
                  version: 1
                  status: ENABLED
                  marketingActions: [analytics]
                  deny:
                    operator: OR
                    operands:
                      - {label: C2}
                      - {operator: AND, operands: [{label: C3}, {label: I1}]}
              """,
              "a");

      assertThat(parts)
          .extracting(part -> part.part() + ": " + part.labels())
          .containsExactly("audience A: [I1, C3]", "audience B: [C2]");
      assertThat(parts.get(0).lineage())
          .startsWith("it carries I1 (g.yaml:4), dataset d carries C3 (g.yaml:2); policy p");
    }

    @Test
    void of_c12_tells_every_place_where_it_stands() {
      assertThat(parts("labels: {datasets: {d: [C12], e: [C12]}}", "a"))
          .extracting(Withheld::lineage)
          .containsExactly(
              "dataset d carries C12 (g.yaml:1), dataset e carries C12 (g.yaml:1); C12 leaves no"
                  + " destination");
    }
  }

  @Test
  void what_is_only_watched_stays_and_is_told() {
    Outgoing outgoing =
        new Outgoing(List.of("analytics"), List.of(XdmPath.of("a")), AudienceScope.all());
    Verdict verdict =
        Rules.of(
                """
                labels: {fields: {a.b: [C2], a.c: [C12]}}
                enabledCorePolicies: [core-c2-no-third-party]
                policies:
                  - {id: p, status: ENABLED, marketingActions: [analytics], deny: {label: C2}}
                """)
            .judge(outgoing);
    Governance governance =
        new Governance(NO_CONSENT)
            .with(
                Restrictions.always(verdict, outgoing), Restrictions.ofPolicies(verdict, outgoing));

    GovernedProfile governed =
        allowed(
            governance.decide(
                profile(
                    "{\"a\":{\"b\":1,\"c\":2}," + ECID + "," + MEMBER_OF_A + "}",
                    wanting(AudienceScope.all(), "a"))));

    assertThat(((JsonValue.Obj) governed.profile().attributes().get("a").orElseThrow()).members())
        .containsOnlyKeys("b");
    assertThat(governed.withheld())
        .extracting(Withheld::label)
        .containsExactly("C12:attribute a.c");
    assertThat(governed.audited()).extracting(Withheld::label).containsExactly("p:attribute a.b");
  }
}
