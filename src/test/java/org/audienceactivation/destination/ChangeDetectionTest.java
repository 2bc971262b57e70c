package org.audienceactivation.destination;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.Membership;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What makes an event, and what it shows of memberships. A profile is written as {@code A B-exited;
 * a1=x; ecid=1}: its audiences, attributes and identities, as a destination would be shown them. A
 * and B are mapped.
 */
class ChangeDetectionTest {
  private static final Instant NOW = Instant.parse("2026-11-27T10:00:00Z");
  private static final AudienceMappings A_AND_B = mapping(1, "A", "B");

  private final Rules rules = new Rules();

  /** Rules that are built up. */
  private static final class Rules {
    Set<Trigger> triggers = Trigger.SWITCHED;
    boolean onWrite;
    boolean onlyMembers = true;
    ActivationRules.Exits exits = ActivationRules.Exits.DEFAULT;
    Optional<Duration> visibleFor = Optional.empty();
    Statuses statuses = Statuses.AS_GIVEN;

    ChangeDetection detection() {
      return new ChangeDetection(
          new ActivationRules(true, triggers, onWrite, onlyMembers, exits, visibleFor), statuses);
    }
  }

  static AudienceMappings mapping(long number, String... audiences) {
    Map<AudienceRef, AudienceMappings.Mapped> listed = new HashMap<>();
    for (String audience : audiences) {
      listed.put(
          AudienceRef.ups(audience), new AudienceMappings.Mapped(number, Instant.EPOCH, false));
    }
    return new AudienceMappings(listed, Optional.empty());
  }

  static ProfileFacts facts(String profile) {
    String[] parts = (profile + ";;;").split(";", -1);
    List<Membership> memberships =
        words(parts[0]).stream()
            .map(word -> word.split("-", 2))
            .map(
                word ->
                    new Membership(
                        AudienceRef.ups(word[0]),
                        Optional.of(word.length > 1 ? word[1] : "realized"),
                        Optional.of("2026-11-01T00:00:00Z")))
            .toList();
    long[] attributes =
        words(parts[1]).stream()
            .map(word -> word.split("=", 2))
            .mapToLong(
                word ->
                    ProfileFacts.ofAttribute(
                        ProfileFacts.ofPath(word[0]), word[1].getBytes(UTF_8), 0, word[1].length()))
            .toArray();
    IdentityMap.Builder identities = new IdentityMap.Builder();
    words(parts[2]).stream()
        .map(word -> word.split("=", 2))
        .forEach(word -> identities.add(word[0], Identity.of(word[1])));
    return new ProfileFacts(memberships, attributes, identities.build());
  }

  private static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split("\\s+"));
  }

  private Change change(LastDelivered before, String now, InputKind kind, AudienceMappings mapped) {
    return rules.detection().of(before, facts(now), kind, mapped, false, NOW);
  }

  private Change change(LastDelivered before, String now) {
    return change(before, now, InputKind.SNAPSHOT, A_AND_B);
  }

  /** What is known after an event of this profile. */
  private LastDelivered delivered(String profile) {
    return export(change(LastDelivered.NOTHING, profile)).after();
  }

  private static Change.Export export(Change change) {
    assertThat(change).isInstanceOf(Change.Export.class);
    return (Change.Export) change;
  }

  private static String shown(Change change) {
    Map<String, String> shown = new TreeMap<>();
    export(change)
        .memberships()
        .forEach(one -> shown.put(one.audience().id(), one.statusOrDefault()));
    return shown.toString();
  }

  private static void assertSuppressed(Change change, ReasonCode why) {
    assertThat(change).isInstanceOf(Change.Suppressed.class);
    assertThat(((Change.Suppressed) change).why().code()).isEqualTo(why);
  }

  /**
   * domain.md §3.4, every row of it; the profile was delivered in B and with a1, a2 and an ECID.
   */
  @Nested
  class The_worked_matrix {
    private static final String BEFORE = "B; a1=x a2=y; ecid=1";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
      "enters A,                      A B; a1=x a2=y; ecid=1,        '{A=realized, B=realized}'",
      "a1 gets another value,         B; a1=z a2=y; ecid=1,          {B=realized}",
      "a1 is removed,                 B; a2=y; ecid=1,               {B=realized}",
      "new ECID,                      B; a1=x a2=y; ecid=1 ecid=2,   {B=realized}",
      "an identity is gone,           B; a1=x a2=y; email=e,         {B=realized}",
    })
    void makes_an_event(String what, String now, String memberships) {
      assertThat(shown(change(delivered(BEFORE), now))).isEqualTo(memberships);
    }

    @Test
    void exits_A() {
      LastDelivered before = delivered("A B; a1=x a2=y; ecid=1");

      assertThat(shown(change(before, "A-exited B; a1=x a2=y; ecid=1")))
          .isEqualTo("{A=exited, B=realized}");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
      "a1 rewritten with the same value, B; a1=x a2=y; ecid=1",
      "the same in another order,        B; a2=y a1=x; ecid=1",
    })
    void makes_none(String what, String now) {
      assertSuppressed(change(delivered(BEFORE), now), ReasonCode.NOT_CHANGED);
    }

    @Test
    void enters_U_which_is_not_mapped() {
      assertSuppressed(change(delivered(BEFORE), "B U; a1=x a2=y; ecid=1"), ReasonCode.NOT_CHANGED);
    }

    @Test
    void a1_rewritten_with_the_same_value_where_writes_count() {
      rules.onWrite = true;

      Change.Export change = export(change(delivered(BEFORE), BEFORE));

      assertThat(change.causes()).containsExactly(Trigger.ATTRIBUTE);
    }

    @Test
    void A_is_unmapped() {
      LastDelivered before = delivered("A B; a1=x a2=y; ecid=1");

      assertSuppressed(
          change(before, BEFORE, InputKind.SNAPSHOT, mapping(1, "B")), ReasonCode.NOT_CHANGED);
    }

    @Test
    void A_is_unmapped_and_its_members_are_to_exit() {
      rules.exits = new ActivationRules.Exits(false, true, false, 10);
      LastDelivered before = delivered("A B; a1=x a2=y; ecid=1");

      Change.Export change = export(change(before, BEFORE, InputKind.SNAPSHOT, mapping(1, "B")));

      assertThat(shown(change)).isEqualTo("{A=exited, B=realized}");
      assertSuppressed(
          change(change.after(), BEFORE, InputKind.SNAPSHOT, mapping(1, "B")),
          ReasonCode.NOT_CHANGED);
    }

    @Test
    void B_is_mapped_and_the_profile_is_in_it_already() {
      LastDelivered before =
          export(
                  change(
                      LastDelivered.NOTHING,
                      "A; a1=x a2=y; ecid=1",
                      InputKind.SNAPSHOT,
                      mapping(1, "A")))
              .after();

      Change.Export change = export(change(before, "A B; a1=x a2=y; ecid=1"));

      assertThat(change.causes()).containsExactly(Trigger.SEGMENTATION);
      assertThat(shown(change)).isEqualTo("{A=realized, B=realized}");
    }
  }

  @Nested
  class Triggers {

    @Test
    void all_of_a_profile_that_was_never_sent_is_new() {
      assertThat(export(change(LastDelivered.NOTHING, "A; a1=x; ecid=1")).causes())
          .isEqualTo(Trigger.SWITCHED);
    }

    @ParameterizedTest
    @CsvSource({
      "SEGMENTATION, A B; a1=x; ecid=1",
      "IDENTITY,     A; a1=x; ecid=1 email=e",
      "ATTRIBUTE,    A; a1=z; ecid=1",
    })
    void one_that_is_off_suppresses_what_it_alone_causes(Trigger off, String now) {
      LastDelivered before = delivered("A; a1=x; ecid=1");
      rules.triggers = EnumSet.complementOf(EnumSet.of(off, Trigger.RESEND));

      assertSuppressed(change(before, now), ReasonCode.TRIGGER_OFF);
    }

    @Test
    void of_several_causes_one_that_is_on_suffices_and_all_of_the_event_is_sent() {
      LastDelivered before = delivered("A; a1=x; ecid=1");
      rules.triggers = Set.of(Trigger.SEGMENTATION);

      Change.Export change = export(change(before, "A B; a1=z; ecid=2"));

      assertThat(change.causes()).containsExactly(Trigger.SEGMENTATION);
      assertSuppressed(change(change.after(), "A B; a1=z; ecid=2"), ReasonCode.NOT_CHANGED);
    }

    @Test
    void what_was_suppressed_counts_as_soon_as_its_trigger_is_on() {
      LastDelivered before = delivered("A; a1=x; ecid=1");
      rules.triggers = Set.of(Trigger.ATTRIBUTE);

      assertThat(export(change(before, "A; a1=z; ecid=1")).causes())
          .containsExactly(Trigger.ATTRIBUTE);
    }

    @Test
    void realized_and_existing_are_one_status_to_them() {
      assertSuppressed(
          change(delivered("A; ; ecid=1"), "A-existing; ; ecid=1"), ReasonCode.NOT_CHANGED);
    }
  }

  @Nested
  class The_gate {

    @ParameterizedTest
    @CsvSource({"A-exited; a1=z; ecid=1", "A-exited; a1=x; ecid=2"})
    void who_is_in_no_mapped_audience_is_not_sent_for_other_changes(String now) {
      LastDelivered before =
          export(change(delivered("A; a1=x; ecid=1"), "A-exited; a1=x; ecid=1")).after();

      assertSuppressed(change(before, now), ReasonCode.NOT_A_MEMBER);
    }

    @Test
    void it_can_be_opened() {
      rules.onlyMembers = false;
      LastDelivered before =
          export(change(delivered("A; a1=x; ecid=1"), "A-exited; a1=x; ecid=1")).after();

      assertThat(shown(change(before, "A-exited; a1=z; ecid=1"))).isEqualTo("{A=exited}");
    }

    @Test
    void an_exit_of_which_nobody_was_told_the_beginning_is_no_news() {
      assertSuppressed(
          change(LastDelivered.NOTHING, "A-exited; a1=x; ecid=1"), ReasonCode.NOT_A_MEMBER);
    }

    @Test
    void a_profile_in_no_mapped_audience_now_or_before_is_not_selected() {
      assertSuppressed(
          change(LastDelivered.NOTHING, "; a1=x; ecid=1"), ReasonCode.NOT_IN_MAPPED_AUDIENCE);
    }
  }

  @Nested
  class Snapshots_and_deltas {

    @Test
    void an_audience_that_is_missing_in_a_snapshot_is_an_exit() {
      Change.Export change = export(change(delivered("A B; ; ecid=1"), "B; ; ecid=1"));

      assertThat(shown(change)).isEqualTo("{A=exited, B=realized}");
      assertThat(change.memberships().get(1).lastQualificationTime())
          .contains("2026-11-27T10:00:00Z");
    }

    @Test
    void so_are_all_of_a_profile_that_shows_none() {
      assertThat(shown(change(delivered("A B; ; ecid=1"), "; ; ecid=1")))
          .isEqualTo("{A=exited, B=exited}");
    }

    @ParameterizedTest
    @CsvSource({"B; ; ecid=1", "; a1=x;", "; ; email=e", "A-existing; ; "})
    void what_a_delta_does_not_show_is_as_it_was(String delta) {
      LastDelivered before = delivered("A B; a1=x a2=y; ecid=1 email=e");

      assertSuppressed(change(before, delta, InputKind.DELTA, A_AND_B), ReasonCode.NOT_CHANGED);
    }

    @Test
    void deltas_add_up() {
      LastDelivered first =
          export(change(LastDelivered.NOTHING, "A; a1=x; ecid=1", InputKind.DELTA, A_AND_B))
              .after();
      LastDelivered second =
          export(change(first, "B; a1=z a2=y; email=e", InputKind.DELTA, A_AND_B)).after();

      assertSuppressed(change(second, "A B; a1=z a2=y; ecid=1 email=e"), ReasonCode.NOT_CHANGED);
    }

    @Test
    void a_delta_of_a_member_is_sent_though_it_shows_no_audience() {
      LastDelivered before = delivered("A; a1=x; ecid=1");

      assertThat(shown(change(before, "; a1=z; ecid=1", InputKind.DELTA, A_AND_B))).isEqualTo("{}");
    }
  }

  @Nested
  class Mappings {

    @Test
    void an_audience_that_is_mapped_again_sends_its_members_again() {
      LastDelivered before = delivered("A; a1=x; ecid=1");

      Change.Export change =
          export(change(before, "A; a1=x; ecid=1", InputKind.SNAPSHOT, mapping(2, "A", "B")));

      assertThat(change.causes()).containsExactly(Trigger.SEGMENTATION);
    }

    @Test
    void what_is_to_be_sent_again_is_sent_whatever_is_switched_off() {
      rules.triggers = Set.of(Trigger.ATTRIBUTE);
      LastDelivered before = delivered("A; a1=x; ecid=1");
      AudienceMappings again =
          new AudienceMappings(
              Map.of(AudienceRef.ups("A"), new AudienceMappings.Mapped(2, Instant.EPOCH, true)),
              Optional.empty());

      Change.Export change = export(change(before, "A; a1=x; ecid=1", InputKind.SNAPSHOT, again));

      assertThat(change.causes()).containsExactly(Trigger.RESEND);
      assertSuppressed(
          change(change.after(), "A; a1=x; ecid=1", InputKind.SNAPSHOT, again),
          ReasonCode.NOT_CHANGED);
    }

    @Test
    void of_an_older_mapping_an_exit_is_told_nevertheless() {
      LastDelivered before = delivered("A; ; ecid=1");

      assertThat(shown(change(before, "; ; ecid=1", InputKind.SNAPSHOT, mapping(2, "A", "B"))))
          .isEqualTo("{A=exited}");
    }
  }

  @Nested
  class Exits {

    private Change later(LastDelivered before, String now, Duration after) {
      return rules
          .detection()
          .of(before, facts(now), InputKind.SNAPSHOT, A_AND_B, false, NOW.plus(after));
    }

    @Test
    void one_stays_visible_as_long_as_is_asked_for_whether_the_source_shows_it_or_not() {
      rules.visibleFor = Optional.of(Duration.ofDays(30));
      LastDelivered before =
          export(change(delivered("A B; a1=x; ecid=1"), "B; a1=x; ecid=1")).after();

      assertThat(shown(later(before, "B; a1=y; ecid=1", Duration.ofDays(29))))
          .isEqualTo("{A=exited, B=realized}");
      assertThat(shown(later(before, "B; a1=y; ecid=1", Duration.ofDays(31))))
          .isEqualTo("{B=realized}");
    }

    @Test
    void one_that_the_source_shows_for_ever_is_hidden_after_that() {
      rules.visibleFor = Optional.of(Duration.ZERO);
      LastDelivered before = delivered("A B; a1=x; ecid=1");
      Change.Export exit = export(change(before, "A-exited B; a1=x; ecid=1"));

      assertThat(shown(exit)).isEqualTo("{A=exited, B=realized}");
      assertThat(shown(later(exit.after(), "A-exited B; a1=y; ecid=1", Duration.ofHours(1))))
          .isEqualTo("{B=realized}");
    }

    @Test
    void without_being_asked_events_show_what_the_source_shows() {
      LastDelivered before =
          export(change(delivered("A B; a1=x; ecid=1"), "A-exited B; a1=x; ecid=1")).after();

      assertThat(shown(later(before, "A-exited B; a1=y; ecid=1", Duration.ofDays(99))))
          .isEqualTo("{A=exited, B=realized}");
    }

    @Test
    void who_has_exited_may_enter_again() {
      rules.visibleFor = Optional.of(Duration.ofDays(30));
      LastDelivered before = export(change(delivered("A; ; ecid=1"), "; ; ecid=1")).after();

      Change.Export change = export(change(before, "A; ; ecid=1"));

      assertThat(change.causes()).containsExactly(Trigger.SEGMENTATION);
      assertThat(shown(change)).isEqualTo("{A=realized}");
    }
  }

  @Nested
  class Statuses_by_era {

    @Test
    void legacy_tells_who_was_in_before_from_who_has_entered() {
      rules.statuses = Statuses.LEGACY;

      Change.Export first = export(change(LastDelivered.NOTHING, "A-existing; ; ecid=1"));
      Change second = change(first.after(), "A B-existing; ; ecid=1");

      assertThat(shown(first)).isEqualTo("{A=realized}");
      assertThat(shown(second)).isEqualTo("{A=existing, B=realized}");
    }

    @Test
    void current_knows_no_existing() {
      rules.statuses = Statuses.CURRENT;

      assertThat(shown(change(LastDelivered.NOTHING, "A-existing B-exited; ; ecid=1")))
          .isEqualTo("{A=realized, B=exited}");
    }

    @Test
    void otherwise_they_are_as_given() {
      assertThat(shown(change(LastDelivered.NOTHING, "A-existing B; ; ecid=1")))
          .isEqualTo("{A=existing, B=realized}");
    }
  }

  @Nested
  class What_is_on_its_way {

    @Test
    void nothing_is_unchanged_while_an_event_of_the_profile_is_on_its_way() {
      LastDelivered possible = delivered("A; a1=x; ecid=1");

      Change change =
          rules
              .detection()
              .of(possible, facts("A; a1=x; ecid=1"), InputKind.SNAPSHOT, A_AND_B, true, NOW);

      assertThat(change).isInstanceOf(Change.Export.class);
    }

    @Test
    void an_exit_is_told_of_every_membership_that_may_have_been_delivered() {
      LastDelivered possible = delivered("B; ; ecid=1").orMemberAs(delivered("A; ; ecid=1"));

      assertThat(shown(change(possible, "; ; ecid=1"))).isEqualTo("{A=exited, B=exited}");
    }

    @Test
    void what_is_uncertain_is_a_change_whatever_comes() {
      LastDelivered uncertain = delivered("A; a1=x; ecid=1").uncertain();

      assertThat(change(uncertain, "A; a1=x; ecid=1")).isInstanceOf(Change.Export.class);
    }
  }

  @Nested
  class What_is_kept {

    @ParameterizedTest
    @CsvSource({
      "A; ;",
      "A B-exited; a1=x a2=y; ecid=1 email=e",
      "; a1=x; ecid=ümläut",
      "7841ba61-23c1-4bb3-a495-00d3a5fe1e93 7841BA61-23c1-4bb3-a495-00d3a5fe1e93; ; ecid=1",
    })
    void is_the_same_when_it_was_bytes(String profile) {
      rules.visibleFor = Optional.of(Duration.ofDays(30));
      rules.onlyMembers = false;
      for (boolean keepsIdentities : new boolean[] {false, true}) {
        rules.exits = new ActivationRules.Exits(keepsIdentities, false, false, 10);
        AudienceMappings all =
            new AudienceMappings(
                Map.of(), Optional.of(new AudienceMappings.Mapped(3, Instant.EPOCH, false)));
        Change change = change(LastDelivered.NOTHING, profile + "; x=1", InputKind.SNAPSHOT, all);
        if (change instanceof Change.Export export) {
          LastDelivered read = LastDelivered.of(export.after().toByteArray());

          assertThat(read).usingRecursiveComparison().isEqualTo(export.after());
          assertThat(read.kept().isPresent()).isEqualTo(keepsIdentities);
        }
      }
    }

    @Test
    void is_small() {
      LastDelivered usual =
          delivered("A B; a1=x a2=y a3=z; ecid=12345678901234567890 email=somebody@example.net");

      assertThat(usual.toByteArray()).hasSizeLessThan(70);
    }

    @Test
    void nothing_is_no_bytes() {
      assertThat(LastDelivered.of(new byte[0])).isSameAs(LastDelivered.NOTHING);
    }
  }
}
