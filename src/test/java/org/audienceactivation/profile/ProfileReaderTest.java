package org.audienceactivation.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.audienceactivation.profile.Profiles.profile;
import static org.audienceactivation.profile.Profiles.rejection;
import static org.audienceactivation.profile.Profiles.wanting;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.accounting.ReasonCode;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileReaderTest {

  private static final Projection ALL_AUDIENCES = wanting(AudienceScope.all());

  private static JsonValue at(Profile profile, String path) {
    return profile.attributes().at(XdmPath.of(path)).orElseThrow();
  }

  @Nested
  class Attributes {

    @Test
    void only_wanted_paths_are_built() {
      Profile profile =
          profile(
              """
              {"person":{"email":"a@example.net","name":{"firstName":"Ada","lastName":"M"}},"x":{"y":1}}
              """,
              wanting(AudienceScope.none(), "person.name.firstName"));

      assertThat(profile.attributes().members()).containsOnlyKeys("person");
      assertThat(at(profile, "person.name.firstName")).isEqualTo(new JsonValue.Text("Ada"));
      assertThat(profile.attributes().at(XdmPath.of("person.email"))).isEmpty();
      assertThat(profile.attributes().at(XdmPath.of("person.name.lastName"))).isEmpty();
    }

    @Test
    void a_path_of_an_object_takes_all_of_it() {
      Profile profile =
          profile(
              "{\"_tenant\":{\"points\":{\"shop\":12,\"app\":[1,null,{\"a\":true}]}}}",
              wanting(AudienceScope.none(), "_tenant.points"));

      assertThat(at(profile, "_tenant.points.shop")).isEqualTo(new JsonValue.Num("12"));
      JsonValue.Arr app = (JsonValue.Arr) at(profile, "_tenant.points.app");
      assertThat(app.items()).hasSize(3).contains(JsonValue.Null.NULL);
    }

    @Test
    void a_wider_path_wins_over_a_narrower_one() {
      Profile profile =
          profile(
              "{\"person\":{\"name\":{\"firstName\":\"Ada\"},\"gender\":\"f\"}}",
              wanting(AudienceScope.none(), "person", "person.name.firstName"));

      assertThat(at(profile, "person.gender")).isEqualTo(new JsonValue.Text("f"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "-0.0", "1E400", "123456789012345678901234567890.10"})
    void a_number_keeps_its_spelling(String number) {
      Profile profile = profile("{\"n\":" + number + "}", wanting(AudienceScope.none(), "n"));

      assertThat(at(profile, "n")).isEqualTo(new JsonValue.Num(number));
    }

    @Test
    void null_is_absent() {
      Profile profile =
          profile("{\"person\":{\"email\":null}}", wanting(AudienceScope.none(), "person.email"));

      assertThat(profile.attributes().members()).isEmpty();
    }

    @Test
    void an_unexpected_type_on_the_way_is_kept_for_the_destination_to_judge() {
      Profile profile =
          profile("{\"person\":\"Ada\"}", wanting(AudienceScope.none(), "person.email"));

      assertThat(at(profile, "person")).isEqualTo(new JsonValue.Text("Ada"));
    }

    @Test
    void the_prefix_of_the_schema_is_dropped_on_every_level() {
      Profile profile =
          profile(
              """
              {"xdm:person":{"xdm:name":{"xdm:firstName":"Ada"}},
               "xdm:segmentMembership":{"ups":{"a":{"xdm:status":"exited"}}},
               "xdm:identityMap":{"ECID":[{"xdm:id":"1","xdm:primary":true}]},
               "xdm:consents":{"xdm:share":{"xdm:val":"n"}}}
              """,
              wanting(AudienceScope.all(), "person.name", "consents.share.val"));

      assertThat(at(profile, "person.name.firstName")).isEqualTo(new JsonValue.Text("Ada"));
      assertThat(at(profile, "consents.share.val")).isEqualTo(new JsonValue.Text("n"));
      assertThat(profile.memberships().get(0).status()).contains("exited");
      assertThat(profile.identities().firstOf("ECID").orElseThrow().primary()).isTrue();
    }
  }

  @Nested
  class Memberships {

    @Test
    void a_membership_has_status_and_date_as_given() {
      Profile profile =
          profile(
              """
              {"segmentMembership":{"ups":{
                "a":{"status":"existing","lastQualificationTime":"2021-03-10 10:03:08","version":"3"},
                "b":{"validUntil":"2026-11-03T08:14:55Z","payload":{"payloadType":"number"}}}}}
              """,
              ALL_AUDIENCES);

      assertThat(profile.memberships())
          .containsExactly(
              new Membership(
                  AudienceRef.ups("a"),
                  Optional.of("existing"),
                  Optional.of("2021-03-10 10:03:08")),
              new Membership(AudienceRef.ups("b"), Optional.empty(), Optional.empty()));
      assertThat(profile.memberships().get(1).statusOrDefault()).isEqualTo("realized");
    }

    @Test
    void only_wanted_audiences_are_built() {
      Profile profile =
          profile(
              """
              {"segmentMembership":{"ups":{"a":{},"b":{}},"AAM":{"a":{}}}}
              """,
              wanting(AudienceScope.of(new AudienceRef("AAM", "a"), AudienceRef.ups("b"))));

      assertThat(profile.memberships())
          .extracting(Membership::audience)
          .containsExactly(AudienceRef.ups("b"), new AudienceRef("AAM", "a"));
    }

    @Test
    void the_deprecated_array_adds_what_the_map_does_not_say() {
      Profile profile =
          profile(
              """
              {"segments":[
                 {"segmentID":{"@id":"a","namespace":{"code":"ups"}},"status":"exited"},
                 {"xdm:segmentID":{"@id":"b"},"xdm:timestamp":"2020-05-25T21:24:39Z"},
                 {"other":1}, null],
               "segmentMembership":{"ups":{"a":{"status":"realized"}}}}
              """,
              ALL_AUDIENCES);

      assertThat(profile.memberships())
          .containsExactly(
              new Membership(AudienceRef.ups("a"), Optional.of("realized"), Optional.empty()),
              new Membership(
                  AudienceRef.ups("b"), Optional.empty(), Optional.of("2020-05-25T21:24:39Z")));
    }

    @Test
    void null_levels_are_absent() {
      assertThat(
              profile("{\"segmentMembership\":{\"ups\":{\"a\":null},\"x\":null}}", ALL_AUDIENCES)
                  .memberships())
          .isEmpty();
      assertThat(profile("{\"segmentMembership\":null}", ALL_AUDIENCES).memberships()).isEmpty();
    }
  }

  @Nested
  class Identities {

    @Test
    void identities_keep_order_flags_and_spelling() {
      Profile profile =
          profile(
              """
              {"identityMap":{"ECID":[{"id":"2","authenticatedState":"ambiguous"},{"id":"1","primary":true},{"id":"2"}],
                              "crm":[{"id":12345678901234567890}], "empty":[], "none":null}}
              """,
              Projection.NOTHING);

      assertThat(profile.identities().namespaces()).containsExactly("ECID", "crm");
      assertThat(profile.identities().of("ECID"))
          .containsExactly(
              new Identity("2", false, Optional.of("ambiguous")),
              new Identity("1", true, Optional.empty()));
      assertThat(profile.identities().firstOf("CRM")).contains(Identity.of("12345678901234567890"));
    }

    @Test
    void the_array_of_the_profile_api_is_merged() {
      Profile profile =
          profile(
              """
              {"identities":[{"id":"1","namespace":{"code":"ecid"}},{"id":7,"namespace":{"code":"ecid"}},{"id":"x"}],
               "identityMap":{"ecid":[{"id":"1"}]}}
              """,
              Projection.NOTHING);

      assertThat(profile.identities().of("ecid"))
          .extracting(Identity::id)
          .containsExactly("1", "7");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{}",
          "{\"identityMap\":{}}",
          "{\"identityMap\":{\"ecid\":[]}}",
          "{\"identityMap\":{\"ecid\":[{\"id\":\"\"},{\"id\":null},{},null]}}"
        })
    void a_profile_may_name_nobody(String json) {
      assertThat(profile(json, Projection.NOTHING).hasIdentity()).isFalse();
    }
  }

  @Nested
  class What_is_no_usable_profile {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{\"a\":",
          "{\"a\":1",
          "{\"a\":1}}",
          "{\"a\":1} {\"b\":2}",
          "{\"a\":tru}",
          "{'a':1}",
          "{\"a\":01}",
          "{\"a\":NaN}",
          "{\"a\":\"\\x\"}",
          "{\"skipped\":[1,2}",
          "secret",
          "{\"a\":\"tab\there\"}"
        })
    void broken_json_is_malformed_and_its_text_stays_out_of_the_detail(String json) {
      Rejection rejection = rejection(json, Projection.NOTHING);

      assertThat(rejection.reason().code()).isEqualTo(ReasonCode.MALFORMED_JSON);
      assertThat(rejection.detail()).matches("column \\d+: [a-z ,-]+").doesNotContain("secret");
    }

    @Test
    void the_column_points_at_the_place() {
      assertThat(rejection("{\"a\":1;\"b\":2}", Projection.NOTHING).detail())
          .isEqualTo("column 7: unexpected character");
    }

    @Test
    void of_a_profile_over_several_lines_the_line_is_told_too() {
      assertThat(rejection("{\n  \"a\": 1;\n}", Projection.NOTHING).detail())
          .isEqualTo("line 2, column 9: unexpected character");
    }

    @Test
    void bottomless_nesting_is_malformed() {
      String deep = "[".repeat(100_000);

      assertThat(rejection("{\"a\":" + deep, wanting(AudienceScope.none(), "a")).reason().code())
          .isEqualTo(ReasonCode.MALFORMED_JSON);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "[1]                                            | the record: must be an object, is an array",
          "\"text\"                                       | the record: must be an object, is a string",
          "{\"segmentMembership\":[]}                     | segmentMembership: must be an object, is an array",
          "{\"segmentMembership\":{\"ups\":1}}            | segmentMembership.<namespace>: must be an object, is a number",
          "{\"segmentMembership\":{\"ups\":{\"a\":true}}} | segmentMembership.<namespace>.<audience>: must be an object, is a boolean",
          "{\"segmentMembership\":{\"ups\":{\"a\":{\"status\":1}}}} | segmentMembership.<namespace>.<audience>.status: must be a string, is a number",
          "{\"identityMap\":\"x\"}                        | identityMap: must be an object, is a string",
          "{\"identityMap\":{\"ecid\":{}}}                | identityMap.<namespace>: must be an array, is an object",
          "{\"identityMap\":{\"ecid\":[\"1\"]}}           | identityMap.<namespace>[]: must be an object, is a string",
          "{\"identityMap\":{\"ecid\":[{\"id\":[]}]}}     | identityMap.<namespace>[].id: must be a string, is an array",
          "{\"consents\":\"y\"}                           | consents: must be an object, is a string"
        })
    void a_wrong_type_where_it_decides_is_rejected_with_its_place(String json, String detail) {
      Rejection rejection =
          rejection(json, wanting(AudienceScope.all(), "consents.marketing.email.val"));

      assertThat(rejection.reason().code()).isEqualTo(ReasonCode.WRONG_TYPE);
      assertThat(rejection.detail()).isEqualTo(detail);
    }

    @Test
    void another_encoding_is_malformed_even_where_a_parser_could_guess_it() {
      RawRecord wide = RawRecord.of("test", 1, "{}".getBytes(StandardCharsets.UTF_16LE));

      assertThat(new ProfileReader(Projection.NOTHING).read(wide))
          .isEqualTo(
              Rejection.of(ReasonCode.MALFORMED_JSON, "column 1: a zero byte; it must be UTF-8"));
    }

    @Test
    void an_unusable_record_gives_its_own_rejection() {
      RawRecord broken = RawRecord.of("test", 1, new byte[] {'{', (byte) 0xC3, '}'});

      assertThat(new ProfileReader(Projection.NOTHING).read(broken))
          .isEqualTo(broken.rejection().orElseThrow())
          .isEqualTo(Rejection.of(ReasonCode.INVALID_UTF8, "column 2: not a UTF-8 sequence"));
    }
  }

  @Test
  void nothing_of_a_profile_shows_in_its_text() {
    Profile profile =
        profile(
            "{\"person\":{\"email\":\"ada@example.net\"},\"identityMap\":{\"crm\":[{\"id\":\"4711\"}]}}",
            wanting(AudienceScope.none(), "person"));

    assertThat(List.of(profile, profile.attributes(), profile.identities()).toString())
        .doesNotContain("ada")
        .doesNotContain("4711");
  }
}
