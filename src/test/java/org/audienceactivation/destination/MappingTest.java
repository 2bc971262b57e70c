package org.audienceactivation.destination;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.audienceactivation.profile.Profiles.profile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Rejection;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingTest {

  private static final ObjectMapper JSON = new ObjectMapper();

  private static final AudienceCatalogue CATALOGUE =
      AudienceCatalogue.read(
              "audiences.yaml",
              "audiences: [{id: a, name: Prospects}, {id: z, namespace: AAM, name: Zed}]",
              UnaryOperator.identity())
          .toOptional()
          .orElseThrow();

  private static Destination destination(String yaml) {
    var checked =
        Destination.read(
            "d.yaml", "stream: {name: s, region: r}\n" + yaml, UnaryOperator.identity(), CATALOGUE);
    assertThat(checked.problems()).isEmpty();
    return checked.toOptional().orElseThrow();
  }

  private static Mapped map(String yaml, String json) {
    Destination destination = destination(yaml);
    Governance governance = new Governance(destination.consent());
    Profile profile = profile(json, destination.needs().union(governance.needs()));
    Decision.Allowed allowed = (Decision.Allowed) governance.decide(profile);
    return new Mapping(destination, CATALOGUE).map(allowed.profile());
  }

  private static ActivationEvent event(String yaml, String json) {
    Mapped mapped = map(yaml, json);
    assertThat(mapped).isInstanceOf(Mapped.Event.class);
    return ((Mapped.Event) mapped).event();
  }

  private static String data(String yaml, String json) {
    return new String(event(yaml, json).data(), UTF_8);
  }

  private static String compact(String json) throws IOException {
    return JSON.writeValueAsString(JSON.readTree(json));
  }

  @Test
  void the_profile_of_the_published_page_becomes_its_event() throws IOException {
    String profile =
        """
        {"person":{"email":"yourstruly@adobe.con","name":{"firstName":"Your"}},
         "identityMap":{
           "ecid":[{"id":"14575006536349286404619648085736425115","primary":true},{"id":"66478888669296734530114754794777368480"}],
           "email_lc_sha256":[{"id":"655332b5fa2aea4498bf7a290cff017cb4"},{"id":"66baf76ef9de8b42df8903f00e0e3dc0b7"}]},
         "segmentMembership":{"ups":{
           "59bd2fkd-3c48-4b18-bf56-4f5c5e6967ae":{"lastQualificationTime":"2020-05-25T23:37:33Z","status":"existing","version":"2"},
           "11111111-0000-0000-0000-000000000000":{"lastQualificationTime":"2020-05-25T23:37:33Z","status":"realized"},
           "7841ba61-23c1-4bb3-a495-00d3g5fe1e93":{"status":"exited","lastQualificationTime":"2020-05-25T21:24:39Z"}}},
         "consents":{"share":{"val":"y"}}}
        """;
    String published =
        """
        {
          "person": { "email": "yourstruly@adobe.con" },
          "segmentMembership": {
            "ups": {
              "7841ba61-23c1-4bb3-a495-00d3g5fe1e93": {
                "lastQualificationTime": "2020-05-25T21:24:39Z",
                "status": "exited"
              },
              "59bd2fkd-3c48-4b18-bf56-4f5c5e6967ae": {
                "lastQualificationTime": "2020-05-25T23:37:33Z",
                "status": "existing"
              }
            }
          },
          "identityMap": {
            "ecid": [
              { "id": "14575006536349286404619648085736425115" },
              { "id": "66478888669296734530114754794777368480" }
            ],
            "email_lc_sha256": [
              { "id": "655332b5fa2aea4498bf7a290cff017cb4" },
              { "id": "66baf76ef9de8b42df8903f00e0e3dc0b7" }
            ]
          }
        }
        """;

    ActivationEvent event =
        event(
            """
            audiences:
              - id: 7841ba61-23c1-4bb3-a495-00d3g5fe1e93
              - id: 59bd2fkd-3c48-4b18-bf56-4f5c5e6967ae
            attributes: [person.email]
            """,
            profile);

    assertThat(new String(event.data(), UTF_8)).isEqualTo(compact(published));
    assertThat(event.partitionKey()).isEqualTo("14575006536349286404619648085736425115");
  }

  @Nested
  class Attributes {

    private static final String NOBODY = ",\"identityMap\":{\"ecid\":[{\"id\":\"1\"}]}}";
    private static final String REST =
        "\"segmentMembership\":{},\"identityMap\":{\"ecid\":[{\"id\":\"1\"}]}}";

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "a.b          | {\"a\":{\"b\":1,\"c\":2}                    | {\"a\":{\"b\":1},",
          "z, a.c, y, a.b | {\"a\":{\"b\":1,\"c\":2},\"y\":3,\"z\":4  | {\"z\":4,\"a\":{\"c\":2,\"b\":1},\"y\":3,",
          "a.b, c       | {\"a\":{\"b\":null}                         | {",
          "a.b.c        | {\"a\":{\"b\":null,\"d\":1}                 | {",
          "a.b.c        | {\"a\":null                                 | {",
          "a            | {\"a\":{\"k\":{},\"m\":{\"n\":null},\"o\":1} | {\"a\":{\"o\":1},",
          "a            | {\"a\":{\"k\":{\"l\":{\"m\":null}}}         | {",
          "a            | {\"a\":[1,null,{},{\"b\":null}]             | {\"a\":[1,null,{},{\"b\":null}],",
          "a            | {\"a\":[]                                   | {\"a\":[],",
          "a.b          | {\"a\":{\"b\":12345678901234567890.0100}    | {\"a\":{\"b\":12345678901234567890.0100},",
          "_t.x-y       | {\"_t\":{\"x-y\":{\"shop 1\":true}}         | {\"_t\":{\"x-y\":{\"shop 1\":true}},",
          "a            | {\"a\":\"é€😀 \\\\ \\\" \\/ \\u0041 \\n \\u0001\\u007f\" | {\"a\":\"é€😀 \\\\ \\\" / A \\n \\u0001\u007f\",",
          "a            | {\"a\":\"\\ud83d!\"                         | {\"a\":\"\\uD83D!\",",
          "a            | {\"a\":false                                | {\"a\":false,"
        })
    void mapped_and_present_is_exported(String paths, String profile, String expected) {
      assertThat(data("audiences: all\nattributes: [" + paths + "]", profile + NOBODY))
          .isEqualTo(expected + REST);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "person.email      | {\"person\":\"Ada\"                   | person: must be an object, is a string",
          "a.b.c             | {\"a\":{\"b\":[1]}                    | a.b: must be an object, is an array",
          "x, a.b            | {\"x\":1,\"a\":7                      | a: must be an object, is a number"
        })
    void a_path_through_something_else_is_rejected(String paths, String profile, String detail) {
      Mapped mapped = map("audiences: all\nattributes: [" + paths + "]", profile + NOBODY);

      assertThat(mapped)
          .isInstanceOfSatisfying(
              Mapped.Rejected.class,
              rejected -> {
                assertThat(rejected.rejection().reason().label()).isEqualTo("wrong-type");
                assertThat(rejected.rejection().detail()).isEqualTo(detail);
              });
    }
  }

  @Nested
  class Memberships {

    private static final String PROFILE =
        """
        {"segmentMembership":{
          "ups":{"b":{"status":"realized"},"a":{"lastQualificationTime":"t"},"c":{"status":"?"}},
          "AAM":{"z":{"status":"exited","lastQualificationTime":"2021-03-10 10:03:08"}}},
         "identityMap":{"x":[{"id":"1"}]}}
        """;

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "audiences: all | {\"AAM\":{\"z\":{\"lastQualificationTime\":\"2021-03-10 10:03:08\",\"status\":\"exited\"}},\"ups\":{\"a\":{\"lastQualificationTime\":\"t\",\"status\":\"realized\"},\"b\":{\"status\":\"realized\"},\"c\":{\"status\":\"?\"}}}",
          "audiences: [{id: c}, {id: z, namespace: AAM}, {id: a}, {id: d}] | {\"AAM\":{\"z\":{\"lastQualificationTime\":\"2021-03-10 10:03:08\",\"status\":\"exited\"}},\"ups\":{\"c\":{\"status\":\"?\"},\"a\":{\"lastQualificationTime\":\"t\",\"status\":\"realized\"}}}",
          "audiences: [{id: d}] | {}",
          "{audiences: [{id: b}, {id: a}, {name: Zed}], audienceNames: true} | {\"AAM\":{\"z\":{\"lastQualificationTime\":\"2021-03-10 10:03:08\",\"status\":\"exited\",\"name\":\"Zed\"}},\"ups\":{\"b\":{\"status\":\"realized\"},\"a\":{\"lastQualificationTime\":\"t\",\"status\":\"realized\",\"name\":\"Prospects\"}}}"
        })
    void mapped_audiences_in_their_order(String yaml, String expected) {
      String block =
          yaml.startsWith("{") ? yaml.substring(1, yaml.length() - 1).replace("], ", "]\n") : yaml;

      assertThat(data(block, PROFILE))
          .isEqualTo(
              "{\"segmentMembership\":" + expected + ",\"identityMap\":{\"x\":[{\"id\":\"1\"}]}}");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "all | true",
          "[{id: a}, {id: nowhere}] | true",
          "[{id: z, namespace: AAM}] | true",
          "[{id: z}] | false"
        })
    void a_profile_is_selected_by_any_membership_also_an_exited_one(
        String audiences, boolean selected) {
      Destination destination = destination("audiences: " + audiences);

      assertThat(
              new Selection(destination.audiences()).selects(profile(PROFILE, destination.needs())))
          .isEqualTo(selected);
    }

    @Test
    void without_any_membership_nobody_is_selected() {
      Destination all = destination("audiences: all");

      assertThat(new Selection(all.audiences()).selects(profile("{}", all.needs()))).isFalse();
      assertThat(Selection.NOT_SELECTED.label()).isEqualTo("not-in-mapped-audience");
    }
  }

  @Nested
  class Partition_keys {

    @Test
    void a_refusing_identity_is_no_key_either() {
      String json =
          """
          {"identityMap":{"ecid":[{"id":"1"}],"crm":[{"id":"2"}]},\
          "consents":{"idSpecific":{"ecid":{"1":{"share":{"val":"n"}}}}}}""";

      ActivationEvent event = event("audiences: all\npartitionKey: {namespaces: [ecid]}", json);

      assertThat(event.partitionKey()).isEqualTo("2");
      assertThat(new String(event.data(), UTF_8)).doesNotContain("ecid");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "{\"b\":[{\"id\":\"1\"}],\"email_lc_sha256\":[{\"id\":\"2\"}],\"ECID\":[{\"id\":\"3\"},{\"id\":\"4\"}]} | 3",
          "{\"b\":[{\"id\":\"1\"}],\"Email_LC_SHA256\":[{\"id\":\"2\"}]} | 2",
          "{\"b\":[{\"id\":\"1\"}],\"a\":[{\"id\":\"2\"}]} | 2"
        })
    void the_first_preferred_namespace_decides_then_the_first_in_order(String map, String key) {
      assertThat(event("audiences: all", "{\"identityMap\":" + map + "}").partitionKey())
          .isEqualTo(key);
    }

    @Test
    void a_key_that_is_too_long_is_hashed() {
      String profile = "{\"identityMap\":{\"x\":[{\"id\":\"%s\"}]}}";

      assertThat(event("audiences: all", profile.formatted("k".repeat(256))).partitionKey())
          .hasSize(256);
      assertThat(event("audiences: all", profile.formatted("k".repeat(257))).partitionKey())
          .matches("[0-9a-f]{64}");
    }

    @Test
    void nobody_has_no_event() {
      assertThat(map("audiences: all", "{}"))
          .isEqualTo(new Mapped.Rejected(Rejection.noIdentity()));
    }
  }

  private static final List<String> MAPPED = List.of("a", "b.c", "b.d.e", "f.g");

  @Property(tries = 500)
  void an_event_holds_exactly_what_is_mapped_and_present(@ForAll("profiles") ObjectNode profile)
      throws IOException {
    String yaml = "audiences: all\nattributes: [" + String.join(", ", MAPPED) + "]";
    boolean fits =
        isObjectOrAbsent(profile, "b")
            && isObjectOrAbsent(profile, "f")
            && isObjectOrAbsent(profile.path("b"), "d");

    Mapped mapped = map(yaml, profile.toString());

    assertThat(mapped instanceof Mapped.Event).isEqualTo(fits);
    if (mapped instanceof Mapped.Event first) {
      JsonNode event = JSON.readTree(first.event().data());
      assertThat(leaves(withoutSections(event))).isEqualTo(expectedLeaves(profile));
      assertThat(event.has("segmentMembership") && event.has("identityMap")).isTrue();
      assertThat(event.toString()).isEqualTo(new String(first.event().data(), UTF_8));
      assertThat(event(yaml, profile.toString()).data()).isEqualTo(first.event().data());
    }
  }

  private static boolean isObjectOrAbsent(JsonNode parent, String key) {
    JsonNode value = parent.path(key);
    return value.isMissingNode() || value.isNull() || value.isObject();
  }

  private static JsonNode withoutSections(JsonNode event) {
    return event.deepCopy() instanceof ObjectNode copy
        ? copy.without(List.of("segmentMembership", "identityMap"))
        : event;
  }

  /** Everything but containers by its path; nulls and empty objects are no leaves. */
  private static Map<String, JsonNode> leaves(JsonNode node) {
    Map<String, JsonNode> leaves = new TreeMap<>();
    collect(node, "", leaves);
    return leaves;
  }

  private static void collect(JsonNode node, String path, Map<String, JsonNode> into) {
    if (!node.isObject()) {
      into.put(path, node);
      return;
    }
    for (Map.Entry<String, JsonNode> member : node.properties()) {
      String key = member.getKey();
      collect(member.getValue(), path.isEmpty() ? key : path + "." + key, into);
    }
  }

  private static Map<String, JsonNode> expectedLeaves(JsonNode profile) {
    Map<String, JsonNode> expected = leaves(profile);
    expected.values().removeIf(JsonNode::isNull);
    Set<String> wanted = new TreeSet<>(expected.keySet());
    wanted.removeIf(
        path -> MAPPED.stream().noneMatch(m -> path.equals(m) || path.startsWith(m + ".")));
    expected.keySet().retainAll(wanted);
    return expected;
  }

  @Provide
  Arbitrary<ObjectNode> profiles() {
    Arbitrary<JsonNode> scalars =
        Arbitraries.oneOf(
            Arbitraries.strings().ofMaxLength(6).map(JsonNodeFactory.instance::textNode),
            Arbitraries.integers().map(JsonNodeFactory.instance::numberNode),
            Arbitraries.of(true, false).map(JsonNodeFactory.instance::booleanNode),
            Arbitraries.just(JsonNodeFactory.instance.nullNode()));
    Arbitrary<JsonNode> deep = objects(objects(objects(scalars)));
    Arbitrary<JsonNode> attributes = objects(Arbitraries.oneOf(scalars, objects(scalars), deep));
    Arbitrary<List<String>> ids =
        Arbitraries.strings().ofMinLength(1).ofMaxLength(4).list().ofMinSize(1).ofMaxSize(3);
    return Combinators.combine(attributes, ids)
        .as(
            (tree, identities) -> {
              ObjectNode profile = tree.deepCopy();
              var array = profile.putObject("identityMap").putArray("x");
              identities.forEach(id -> array.addObject().put("id", id));
              return profile;
            });
  }

  private static Arbitrary<JsonNode> objects(Arbitrary<? extends JsonNode> values) {
    return Arbitraries.maps(Arbitraries.of("a", "b", "c", "d", "e", "f", "g", "h"), values)
        .ofMaxSize(6)
        .map(
            members -> {
              ObjectNode object = JsonNodeFactory.instance.objectNode();
              members.forEach(object::set);
              return object;
            });
  }
}
