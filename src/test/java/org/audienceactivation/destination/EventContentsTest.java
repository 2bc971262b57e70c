package org.audienceactivation.destination;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.audienceactivation.profile.Profiles.profile;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.LenientTime;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.state.ProfileKey;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an event shows of memberships, by the options of a destination (domain.md §3.3, §4.3–4.5).
 */
class EventContentsTest {

  private static final AudienceCatalogue CATALOGUE =
      AudienceCatalogue.read(
              "audiences.yaml",
              """
              audiences:
                - {id: A, name: Lapsed, createdAt: "2025-09-16T05:22:05Z", updatedAt: "2025-09-16T05:22:11Z"}
                - {id: B, name: Prospects}
              """,
              UnaryOperator.identity())
          .toOptional()
          .orElseThrow();

  private static final String PROFILE =
      """
      {"person":{"name":"ada"},"identityMap":{"ecid":[{"id":"1"}]},"segmentMembership":{
       "AAM":{"7":{"status":"realized"}},
       "ups":{"A":{"status":"existing","lastQualificationTime":"2025-11-03T08:14:55.000+0000"},
              "U":{"status":"realized"}}}}
      """;

  private static Destination destination(String yaml) {
    return Destination.read(
            "d.yaml",
            "stream: {name: s, region: r}\naudiences: [{id: A}, {id: B}]\n" + yaml,
            UnaryOperator.identity(),
            CATALOGUE)
        .toOptional()
        .orElseThrow();
  }

  private static GovernedProfile governed(Destination destination) {
    Governance governance = new Governance(destination.consent());
    Profile profile = profile(PROFILE, destination.needs().union(governance.needs()));
    return ((Decision.Allowed) governance.decide(profile)).profile();
  }

  /** The memberships of the event, where nothing is known of before. */
  private static String memberships(String yaml) {
    Destination destination = destination(yaml);
    Mapped mapped = new Mapping(destination, CATALOGUE).map(governed(destination));
    return memberships(((Mapped.Event) mapped).event());
  }

  private static String memberships(ActivationEvent event) {
    return new String(event.data(), UTF_8)
        .replaceAll("^.*\"segmentMembership\":(.*),\"identityMap\".*$", "$1")
        .replace('"', '\'');
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "statuses: asGiven | {'ups':{'A':{'lastQualificationTime':'2025-11-03T08:14:55.000+0000','status':'existing'}}}",
        "statuses: current | {'ups':{'A':{'lastQualificationTime':'2025-11-03T08:14:55.000+0000','status':'realized'}}}",
        "statuses: legacy | {'ups':{'A':{'lastQualificationTime':'2025-11-03T08:14:55.000+0000','status':'existing'}}}",
        "dates: utc | {'ups':{'A':{'lastQualificationTime':'2025-11-03T08:14:55Z','status':'existing'}}}",
        "memberships: all | {'AAM':{'7':{'status':'realized'}},'ups':{'A':{'lastQualificationTime':'2025-11-03T08:14:55.000+0000','status':'existing'},'U':{'status':'realized'}}}",
        "audienceNames: true | {'ups':{'A':{'lastQualificationTime':'2025-11-03T08:14:55.000+0000','status':'existing','name':'Lapsed'}}}",
        "audienceTimestamps: true | {'ups':{'A':{'lastQualificationTime':'2025-11-03T08:14:55.000+0000','status':'existing','createdAt':1758000125000,'updatedAt':1758000131000}}}",
      })
  void an_option_changes_one_thing(String option, String expected) {
    assertThat(memberships(option + "\n")).isEqualTo(expected);
  }

  @Test
  void when_an_audience_was_mapped_stands_in_the_file() {
    Destination destination =
        Destination.read(
                "d.yaml",
                """
                stream: {name: s, region: r}
                audiences: [{id: A, mappedAt: "2025-09-17T07:20:00Z", mappingUpdatedAt: "2025-09-17 07:20:01"}]
                audienceTimestamps: true
                """,
                UnaryOperator.identity(),
                AudienceCatalogue.empty())
            .toOptional()
            .orElseThrow();

    assertThat(
            memberships(
                ((Mapped.Event) new Mapping(destination, CATALOGUE).map(governed(destination)))
                    .event()))
        .contains("'mappingCreatedAt':1758093600000,'mappingUpdatedAt':1758093601000");
  }

  @Nested
  class Where_it_is_known_what_was_delivered {

    private ActivationEvent event(String yaml, Optional<Envelope> envelope) {
      Destination destination = destination(yaml);
      Mapping mapping = new Mapping(destination, CATALOGUE);
      Draft.Mapped draft = (Draft.Mapped) mapping.draft(governed(destination));
      AudienceMappings mappings =
          new AudienceMappings(
              Map.of(
                  AudienceRef.ups("A"),
                  new AudienceMappings.Mapped(1, Instant.ofEpochSecond(1_700_000_000), false)),
              Optional.empty());
      return mapping.event(draft, draft.facts().memberships(), mappings, envelope);
    }

    @Test
    void the_store_tells_when_an_audience_was_mapped() {
      assertThat(memberships(event("audienceTimestamps: true\n", Optional.empty())))
          .contains("'mappingCreatedAt':1700000000000,'mappingUpdatedAt':1700000000000");
    }

    @Test
    void the_event_is_the_same_bytes_as_without_that_knowledge() {
      for (String attributes : List.of("", "attributes: [person]\n")) {
        Destination destination = destination(attributes);
        Mapped mapped = new Mapping(destination, CATALOGUE).map(governed(destination));

        assertThat(new String(event(attributes, Optional.empty()).data(), UTF_8))
            .isEqualTo(new String(((Mapped.Event) mapped).event().data(), UTF_8));
      }
    }

    @Test
    void the_envelope_stands_at_the_end_and_its_id_follows_from_the_event() {
      Envelope envelope =
          new Envelope(
              "d",
              new ProfileKey(1, 2),
              3,
              EnumSet.of(Trigger.IDENTITY, Trigger.SEGMENTATION),
              "v");

      String first = new String(event("", Optional.of(envelope)).data(), UTF_8);
      String second = new String(event("", Optional.of(envelope)).data(), UTF_8);
      String other = new String(event("dates: utc\n", Optional.of(envelope)).data(), UTF_8);

      assertThat(first)
          .isEqualTo(second)
          .matches(
              ".*},\"_activation\":\\{\"eventId\":\"[0-9a-f]{32}\",\"version\":3,"
                  + "\"causes\":\\[\"segmentation\",\"identity\"],\"policyVersion\":\"v\"}}");
      assertThat(id(other)).isNotEqualTo(id(first));
    }

    private static String id(String event) {
      return event.replaceAll(".*\"eventId\":\"(.*?)\".*", "$1");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-11-03T08:14:55Z",
        "2025-11-03T08:14:55+0000",
        "2025-11-03T08:14:55.000+0000",
        "2025-11-03T08:14:55+00:00",
        "2025-11-03T09:14:55+01",
        "2025-11-03 08:14:55",
        " 2025-11-03t08:14:55z ",
      })
  void every_spelling_of_a_moment_is_read(String spelling) {
    assertThat(LenientTime.parse(spelling)).contains(Instant.parse("2025-11-03T08:14:55Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "yesterday", "2025-11-03", "2025-13-03T08:14:55Z", "1762157695"})
  void what_is_no_moment_is_none(String text) {
    assertThat(LenientTime.parse(text)).isEmpty();
    assertThat(Dates.UTC.shown(text)).isEqualTo(text);
  }
}
