package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.state.EmbeddedStore;
import org.audienceactivation.state.Postgres;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a state store: only what has changed is sent, and it is told who has left. */
class ChangesToKinesisTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DESTINATION =
      """
      stream: { name: events, region: eu-west-1 }
      audiences: [{ id: A }, { id: B }]
      attributes: [person.email]
      """;

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;
  private int exports;

  @BeforeEach
  void start() {
    home = TestHome.rememberingIn(folder).without("destinations/prospects.yaml");
    destination("");
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private void destination(String more) {
    home.destination("one", DESTINATION + more);
  }

  /** A profile as {@code ada A B-exited y}: name, memberships, consent to share. */
  private static String profile(String words) {
    List<String> all = List.of(words.split(" "));
    String memberships =
        all.subList(1, all.size()).stream()
            .filter(word -> !word.equals("n"))
            .map(word -> word.split("-", 2))
            .map(
                word ->
                    "\"%s\":{\"status\":\"%s\",\"lastQualificationTime\":\"2026-01-02T03:04:05Z\"}"
                        .formatted(word[0], word.length > 1 ? word[1] : "realized"))
            .collect(Collectors.joining(","));
    String name = all.get(0);
    return """
        {"person":{"email":"%s@example.com"},"identityMap":{"ecid":[{"id":"%s"}]},\
        "segmentMembership":{"ups":{%s}},"consents":{"share":{"val":"%s"}}}"""
        .formatted(name, name, memberships, all.contains("n") ? "n" : "y");
  }

  private OutcomeReport run(String... profiles) throws InterruptedException {
    home.export(
        "export-%04d.ndjson".formatted(++exports),
        Arrays.stream(profiles).map(ChangesToKinesisTest::profile).toArray(String[]::new));
    return runInbox();
  }

  private OutcomeReport runInbox() throws InterruptedException {
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Once())
            .withKinesisEndpoint(kinesis.endpoint());
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.awaitNothingLeft();
      activation.stop();
      assertThat(activation.report().addsUp()).isTrue();
      return activation.report();
    }
  }

  private static Totals one(OutcomeReport report) {
    return report.destinations().get("one");
  }

  private List<JsonNode> allEvents() {
    List<JsonNode> events = new ArrayList<>();
    kinesis.forEachRecord(
        record -> {
          try {
            events.add(JSON.readTree(new String(record.data(), StandardCharsets.UTF_8)));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
    return events;
  }

  /** The events since the last call, as {@code ada A B-exited}, sorted. */
  private List<String> newEvents() {
    List<JsonNode> all = allEvents();
    List<String> news = all.stream().map(ChangesToKinesisTest::inWords).toList();
    List<String> before = new ArrayList<>(known);
    List<String> result = new ArrayList<>(news);
    before.forEach(result::remove);
    known = news;
    return result.stream().sorted().toList();
  }

  private List<String> known = List.of();

  private static String inWords(JsonNode event) {
    StringBuilder words = new StringBuilder();
    words.append(event.at("/identityMap/ecid/0/id").asText());
    event
        .at("/segmentMembership/ups")
        .properties()
        .forEach(
            one -> {
              String status = one.getValue().path("status").asText();
              words.append(' ').append(one.getKey());
              words.append(status.equals("realized") ? "" : "-" + status);
            });
    return words.toString();
  }

  @Nested
  class Snapshots {

    @Test
    void the_same_snapshot_twice_is_sent_once() throws Exception {
      run("ada A", "bob A B", "cyd B");
      Totals second = one(run("ada A", "bob A B", "cyd B"));

      assertThat(second.of(Outcome.UNCHANGED)).isEqualTo(3);
      assertThat(second.reasons()).containsEntry("not-changed", 3L);
      assertThat(newEvents()).containsExactly("ada A", "bob A B", "cyd B");
    }

    @Test
    void only_who_has_changed_is_sent_and_who_has_left_is_told() throws Exception {
      run("ada A", "bob A B", "cyd B");
      newEvents();

      Totals second = one(run("ada A", "bob B", "cyd", "dan A"));

      assertThat(newEvents()).containsExactly("bob A-exited B", "cyd B-exited", "dan A");
      assertThat(second.of(Outcome.DELIVERED)).isEqualTo(3);
      assertThat(second.of(Outcome.UNCHANGED)).isEqualTo(1);
    }

    @Test
    void a_profile_that_was_never_in_a_mapped_audience_is_excluded_as_before() throws Exception {
      Totals totals = one(run("ada U", "bob"));

      assertThat(totals.reasons()).containsExactly(Map.entry("not-in-mapped-audience", 2L));
    }

    @Test
    void a_profile_twice_in_one_file_ends_as_it_stands_last() throws Exception {
      run("ada A");
      newEvents();

      run("ada B", "ada A");
      run("ada A");

      Map<String, String> membership = new TreeMap<>();
      for (JsonNode event : allEvents()) {
        event
            .at("/segmentMembership/ups")
            .properties()
            .forEach(one -> membership.put(one.getKey(), one.getValue().path("status").asText()));
      }
      assertThat(membership).containsEntry("A", "realized").containsEntry("B", "exited");
    }

    @Test
    void what_is_delivered_by_one_run_is_known_to_the_next_also_if_kinesis_refused_before()
        throws Exception {
      destination("delivery: { maxRecordBytes: 300 }\n");
      String large = "x".repeat(300);

      assertThat(one(run(large + " A")).of(Outcome.DEAD_LETTERED)).isEqualTo(1);
      destination("");
      assertThat(one(run(large + " A")).of(Outcome.DELIVERED)).isEqualTo(1);
    }
  }

  @Nested
  class Deltas {

    @Test
    void what_a_delta_does_not_show_has_not_left() throws Exception {
      run("ada A B", "bob A");
      newEvents();
      home.setting("files.input", "delta");

      Totals totals = one(run("ada A-exited", "bob A", "bob"));

      assertThat(newEvents()).containsExactly("ada A-exited");
      assertThat(totals.of(Outcome.UNCHANGED)).isEqualTo(2);
    }
  }

  @Nested
  class Who_may_not_be_sent_any_more {

    @Test
    void stays_a_member_unless_an_exit_is_asked_for() throws Exception {
      run("ada A");
      newEvents();

      assertThat(one(run("ada A n")).of(Outcome.EXCLUDED)).isEqualTo(1);
      assertThat(newEvents()).isEmpty();
    }

    @Test
    void gets_one_last_event_with_his_audiences_as_exited_and_no_attributes() throws Exception {
      destination("activation: { exits: { denied: true } }\n");
      run("ada A B", "bob A n");
      newEvents();

      Totals second = one(run("ada A B n", "bob A n"));
      Totals third = one(run("ada A B n", "bob A n"));

      assertThat(newEvents()).containsExactly("ada A-exited B-exited");
      assertThat(allEvents().stream().filter(event -> !event.has("person"))).hasSize(1);
      assertThat(second.of(Outcome.DELIVERED)).isEqualTo(1);
      assertThat(second.withheld()).containsEntry("consent-refused:consents.share", 1L);
      assertThat(third.of(Outcome.EXCLUDED)).isEqualTo(2);
    }

    @Test
    void is_told_to_be_in_again_when_he_consents_again() throws Exception {
      destination("activation: { exits: { denied: true } }\n");
      run("ada A");
      run("ada A n");
      newEvents();

      run("ada A");

      assertThat(newEvents()).containsExactly("ada A");
    }
  }

  @Nested
  class Missing_profiles {

    @BeforeEach
    void exit() {
      destination("activation: { exits: { missingProfiles: true, missingAtMostPercent: 50 } }\n");
    }

    @Test
    void exit_when_the_snapshot_has_been_read() throws Exception {
      run("ada A", "bob A B", "cyd B");
      newEvents();

      Totals totals = one(run("ada A", "cyd B"));

      assertThat(newEvents()).containsExactly("bob A-exited B-exited");
      assertThat(totals.received()).isEqualTo(3);
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1);
      assertThat(one(run("ada A", "cyd B")).received()).isEqualTo(2);
      assertThat(newEvents()).isEmpty();
    }

    @Test
    void do_not_exit_if_too_many_are_missing() throws Exception {
      run("ada A", "bob A B", "cyd B");
      newEvents();

      run("ada A");

      assertThat(newEvents()).isEmpty();
    }

    @Test
    void do_not_exit_if_the_snapshot_has_what_cannot_be_read() throws Exception {
      run("ada A", "bob A");
      newEvents();
      home.export("broken.ndjson", profile("ada A"), "{broken");

      runInbox();

      assertThat(newEvents()).isEmpty();
    }

    @Test
    void do_not_exit_if_they_were_sent_before_identities_were_kept() throws Exception {
      destination("");
      run("ada A", "bob A");
      newEvents();
      exit();

      run("ada A");
      assertThat(newEvents()).isEmpty();
      try (Activation activation =
          Activation.start(
              home.home(), ActivationOptions.of(new ActivationOptions.Sources.Nothing()))) {
        activation.resend("one", Optional.empty());
      }
      run("ada A", "bob A");
      newEvents();
      run("ada A");

      assertThat(newEvents()).containsExactly("bob A-exited");
    }

    @Test
    void do_not_exit_after_a_delta() throws Exception {
      run("ada A", "bob A");
      newEvents();
      home.setting("files.input", "delta");

      run("ada A");

      assertThat(newEvents()).isEmpty();
    }

    @Test
    void who_is_denied_is_not_missing() throws Exception {
      run("ada A", "bob A");
      newEvents();

      run("ada A", "bob A n");

      assertThat(newEvents()).isEmpty();
    }
  }

  @Nested
  class Mapping_changes {

    @Test
    void a_new_destination_sends_its_members_with_the_next_input() throws Exception {
      run("ada A");
      newEvents();
      home.destination("two", DESTINATION.replace("events", "others"));

      OutcomeReport report = run("ada A");

      assertThat(report.destinations().get("one").of(Outcome.UNCHANGED)).isEqualTo(1);
      assertThat(report.destinations().get("two").of(Outcome.DELIVERED)).isEqualTo(1);
    }

    @Test
    void another_stream_gets_everybody_also_if_segmentation_is_off() throws Exception {
      destination("activation: { triggers: [attribute] }\n");
      run("ada A", "bob B");
      home.edit("destinations/one.yaml", "name: events", "name: elsewhere");

      assertThat(one(run("ada A", "bob B")).of(Outcome.DELIVERED)).isEqualTo(2);
      assertThat(one(run("ada A", "bob B")).of(Outcome.UNCHANGED)).isEqualTo(2);
    }

    @Test
    void a_new_name_of_an_audience_and_attributes_that_are_not_mapped_make_no_event()
        throws Exception {
      destination("audienceNames: true\n");
      home.write("audiences.yaml", "audiences: [{ id: A, name: Before }]\n");
      run("ada A");
      home.write("audiences.yaml", "audiences: [{ id: A, name: After }]\n");
      home.export(
          "other.ndjson", profile("ada A").replace("{\"person\":", "{\"a3\":1,\"person\":"));

      assertThat(one(runInbox()).of(Outcome.UNCHANGED)).isEqualTo(1);
    }

    @Test
    void an_audience_that_is_unmapped_and_mapped_again_sends_its_members_again() throws Exception {
      run("ada A", "bob A B");
      newEvents();
      home.edit("destinations/one.yaml", "[{ id: A }, { id: B }]", "[{ id: A }]");
      assertThat(one(run("ada A", "bob A B")).of(Outcome.UNCHANGED)).isEqualTo(2);

      destination("");
      run("ada A", "bob A B");

      assertThat(newEvents()).containsExactly("bob A B");
    }

    @Test
    void the_members_of_an_unmapped_audience_exit_where_that_is_asked_for() throws Exception {
      destination("activation: { exits: { unmapped: true } }\n");
      run("ada A", "bob A B");
      newEvents();
      home.edit("destinations/one.yaml", "[{ id: A }, { id: B }]", "[{ id: A }]");

      run("ada A", "bob A B");

      assertThat(newEvents()).containsExactly("bob A B-exited");
    }
  }

  @Nested
  class Profiles_that_merge_or_split {

    @BeforeEach
    void byCrmId() {
      destination(
          """
          profileKey: { from: [crmid] }
          activation: { exits: { missingProfiles: true, missingAtMostPercent: 60 } }
          """);
    }

    /** A profile as {@code 1 a,b A,B}: its CRM id, its ECIDs, its audiences. */
    private String known(String words) {
      List<String> parts = List.of(words.split(" ", -1));
      return """
          {"identityMap":{"crmid":[{"id":"%s"}],"ecid":[%s]},"segmentMembership":{"ups":{%s}}}"""
          .formatted(
              parts.get(0),
              each(parts.get(1), "{\"id\":\"%s\"}"),
              each(parts.get(2), "\"%s\":{\"status\":\"realized\"}"));
    }

    private String each(String list, String form) {
      return Arrays.stream(list.split(",", -1))
          .map(form::formatted)
          .collect(Collectors.joining(","));
    }

    private void runKnown(String... profiles) throws InterruptedException {
      home.export(
          "known-%d.ndjson".formatted(++exports),
          Arrays.stream(profiles).map(this::known).toArray(String[]::new));
      runInbox();
    }

    private List<String> knownEvents() {
      return allEvents().stream()
          .map(
              event ->
                  event.at("/identityMap/crmid/0/id").asText()
                      + " with "
                      + event.at("/identityMap/ecid").size()
                      + inWords(event).replaceFirst("^\\S*", ""))
          .toList();
    }

    @Test
    void of_two_that_become_one_the_other_key_exits() throws Exception {
      runKnown("1 a A", "2 b B");
      int before = knownEvents().size();

      runKnown("1 a,b A,B");

      List<String> after = knownEvents();
      assertThat(after).hasSize(before + 2).contains("1 with 2 A B", "2 with 1 B-exited");
    }

    @Test
    void of_one_that_becomes_two_the_key_that_stays_exits_from_what_it_lost() throws Exception {
      runKnown("1 a,b A,B");
      int before = knownEvents().size();

      runKnown("1 a A", "2 b B");

      List<String> after = knownEvents();
      assertThat(after).hasSize(before + 2).contains("1 with 1 A B-exited", "2 with 1 B");
    }
  }

  @Nested
  class Sending_again {

    private ResendStatus ask(Optional<AudienceRef> audience) {
      try (Activation activation = nothingStarted()) {
        return activation.resend("one", audience);
      }
    }

    private ResendStatus status() {
      try (Activation activation = nothingStarted()) {
        return activation.resendStatus("one");
      }
    }

    private Activation nothingStarted() {
      return Activation.start(
          home.home(), ActivationOptions.of(new ActivationOptions.Sources.Nothing()));
    }

    @Test
    void sends_every_member_with_the_next_input_and_ends_with_it() throws Exception {
      run("ada A", "bob B", "cyd A-exited");
      newEvents();
      assertThat(status().stage()).isEqualTo(ResendStatus.Stage.NONE);

      ResendStatus asked = ask(Optional.empty());
      assertThat(asked.stage()).isEqualTo(ResendStatus.Stage.WAITING);
      assertThat(asked.left()).contains(2L);
      Totals again = one(run("ada A", "bob B", "cyd A-exited"));

      assertThat(again.of(Outcome.DELIVERED)).isEqualTo(2);
      assertThat(status().stage()).isEqualTo(ResendStatus.Stage.ENDED);
      assertThat(status().endedAt()).isPresent();
      assertThat(status().left()).contains(0L);
      assertThat(one(run("ada A", "bob B")).of(Outcome.UNCHANGED)).isEqualTo(2);
    }

    @Test
    void may_be_for_the_members_of_one_audience() throws Exception {
      run("ada A", "bob B");
      newEvents();

      ask(Optional.of(AudienceRef.ups("B")));

      assertThat(one(run("ada A", "bob B")).of(Outcome.UNCHANGED)).isEqualTo(1);
    }

    @Test
    void a_request_reaches_the_application_that_runs() throws Exception {
      run("ada A");
      ActivationOptions options =
          ActivationOptions.of(new ActivationOptions.Sources.Watching())
              .withKinesisEndpoint(kinesis.endpoint());
      try (Activation running = Activation.start(home.home(), options)) {
        assertThat(ask(Optional.empty()).stage()).isEqualTo(ResendStatus.Stage.HANDED_OVER);
        await().until(() -> status().stage() == ResendStatus.Stage.WAITING);

        home.export("next.ndjson", profile("ada A"));

        await().until(() -> status().stage() == ResendStatus.Stage.ENDED);
        running.stop();
        assertThat(one(running.report()).of(Outcome.DELIVERED)).isEqualTo(1);
      }
    }

    @Test
    void without_a_store_there_is_nothing_to_send_again() {
      home.setting("state.store", "none");

      assertThatThrownBy(() -> ask(Optional.empty()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("nothing to send again");
    }
  }

  @Nested
  class The_envelope {

    @Test
    void tells_which_event_it_is_and_why() throws Exception {
      destination("envelope: true\n");
      run("ada A");
      run("ada A B");

      List<JsonNode> envelopes =
          allEvents().stream().map(event -> event.path("_activation")).toList();
      assertThat(envelopes).extracting(one -> one.path("version").asInt()).containsExactly(1, 2);
      assertThat(envelopes.get(1).path("causes").toString()).isEqualTo("[\"segmentation\"]");
      assertThat(envelopes)
          .extracting(one -> one.path("eventId").asText())
          .doesNotHaveDuplicates()
          .allMatch(id -> id.matches("[0-9a-f]{32}"));
      assertThat(envelopes.get(0).path("policyVersion").asText()).matches("[0-9a-f]{12}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"embedded", "postgresql"})
  void replaying_the_events_of_a_random_history_gives_the_memberships_of_the_last_snapshot(
      String store) throws Exception {
    home.setting("state.store", store);
    if (store.equals("postgresql")) {
      home.setting("state.url", Postgres.newDatabase("history"));
    }
    destination("activation: { exits: { missingProfiles: true, missingAtMostPercent: 100 } }\n");
    Random random = new Random(11);
    Map<String, Set<String>> last = new HashMap<>();
    for (int round = 0; round < 8; round++) {
      last.clear();
      List<String> lines = new ArrayList<>();
      for (int person = 0; person < 120; person++) {
        if (random.nextInt(6) == 0) {
          continue;
        }
        Set<String> audiences = new TreeSet<>();
        for (String audience : List.of("A", "B", "U")) {
          if (random.nextBoolean()) {
            audiences.add(audience);
          }
        }
        lines.add(("p" + person + " " + String.join(" ", audiences)).strip());
        audiences.remove("U");
        last.put("p" + person, audiences);
      }
      run(lines.toArray(String[]::new));
    }
    last.values().removeIf(Set::isEmpty);

    assertThat(replayed()).isEqualTo(last);
  }

  /** Who is in which audience, as a consumer knows who merges events by audience id. */
  private Map<String, Set<String>> replayed() {
    Map<String, Set<String>> members = new HashMap<>();
    for (JsonNode event : allEvents()) {
      Set<String> audiences =
          members.computeIfAbsent(
              event.at("/identityMap/ecid/0/id").asText(), name -> new TreeSet<>());
      event
          .at("/segmentMembership/ups")
          .properties()
          .forEach(
              one -> {
                if (one.getValue().path("status").asText().equals("exited")) {
                  audiences.remove(one.getKey());
                } else {
                  audiences.add(one.getKey());
                }
              });
    }
    members.values().removeIf(Set::isEmpty);
    return members;
  }

  @Test
  void many_batches_are_decided_over_in_their_order() throws Exception {
    String[] everyone =
        IntStream.range(0, 3_000).mapToObj(i -> "p" + i % 700 + " A").toArray(String[]::new);

    run(everyone);
    Totals second = one(run(Arrays.copyOf(everyone, 700)));

    assertThat(second.of(Outcome.UNCHANGED)).isEqualTo(700);
  }

  @Test
  void a_store_that_another_process_has_open_is_told_with_its_setting() throws Exception {
    Files.createDirectories(folder.resolve("state"));
    try (var other = EmbeddedStore.open(folder.resolve("state"))) {
      assertThat(other).isNotNull();
      assertThatThrownBy(() -> run("ada A"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("state.store")
          .hasMessageContaining("in use by another process");
    }
  }
}
