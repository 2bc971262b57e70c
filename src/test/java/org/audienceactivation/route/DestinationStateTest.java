package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.state.EmbeddedStore;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of a destination, while its events are on their way and after. */
class DestinationStateTest {

  @TempDir Path folder;

  @Nested
  class Mappings {

    private static final AudienceScope A_B =
        AudienceScope.of(AudienceRef.ups("A"), AudienceRef.ups("B"));
    private static final AudienceScope A = AudienceScope.of(AudienceRef.ups("A"));

    @Test
    void an_audience_keeps_its_number_until_it_is_unmapped() {
      try (EmbeddedStore store = EmbeddedStore.open(folder)) {
        DestinationState state = new DestinationState("d", store, Clock.systemUTC());

        MappingRecord first = state.change(record -> record.mapping(A_B, "s", state.now()));
        MappingRecord same = state.change(record -> record.mapping(A_B, "s", state.now()));
        MappingRecord one = state.change(record -> record.mapping(A, "s", state.now()));
        MappingRecord again = state.change(record -> record.mapping(A_B, "s", state.now()));

        assertThat(same).isEqualTo(first);
        assertThat(one.listed()).containsOnlyKeys(AudienceRef.ups("A"));
        assertThat(again.listed().get(AudienceRef.ups("A")))
            .isEqualTo(first.listed().get(AudienceRef.ups("A")));
        assertThat(again.listed().get(AudienceRef.ups("B")).number())
            .isGreaterThan(first.listed().get(AudienceRef.ups("B")).number());
        assertThat(new DestinationState("d", store, Clock.systemUTC()).mappings())
            .isEqualTo(again.mappings());
      }
    }

    @Test
    void to_another_stream_nothing_was_delivered() {
      try (EmbeddedStore store = EmbeddedStore.open(folder)) {
        DestinationState state = new DestinationState("d", store, Clock.systemUTC());
        MappingRecord here = state.change(record -> record.mapping(A_B, "s", state.now()));

        MappingRecord there = state.change(record -> record.mapping(A, "t", state.now()));

        assertThat(there.listed().get(AudienceRef.ups("A")).number())
            .isGreaterThanOrEqualTo(here.next());
        assertThat(there.listed().get(AudienceRef.ups("A")).isResend()).isTrue();
        assertThat(state.change(record -> record.mapping(A, "t", state.now()))).isEqualTo(there);
      }
    }

    @Test
    void all_audiences_have_one_number_that_a_request_raises() {
      try (EmbeddedStore store = EmbeddedStore.open(folder)) {
        DestinationState state = new DestinationState("d", store, Clock.systemUTC());
        MappingRecord all =
            state.change(record -> record.mapping(AudienceScope.all(), "s", state.now()));

        MappingRecord again =
            state.change(record -> record.resending(Optional.empty(), state.now()));

        assertThat(again.others().orElseThrow().number())
            .isGreaterThan(all.others().orElseThrow().number());
        assertThat(again.others().orElseThrow().isResend()).isTrue();
        assertThat(MappingRecord.of(Optional.of(again.toBytes()))).isEqualTo(again);
      }
    }
  }

  /** Files in which profiles come several times, while Kinesis fails now and then. */
  @Test
  void however_events_fail_and_overlap_the_last_snapshot_wins() throws Exception {
    TestHome home =
        TestHome.rememberingIn(folder)
            .without("destinations/prospects.yaml")
            .destination(
                "one",
                """
                stream: { name: events, region: eu-west-1 }
                audiences: [{ id: A }, { id: B }]
                delivery: { maxAttempts: 2, backoffMin: 1ms, backoffMax: 2ms }
                """);
    Random random = new Random(3);
    Map<String, Set<String>> last = new HashMap<>();
    try (LocalKinesis kinesis =
        LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2))) {
      for (int round = 0; round < 4; round++) {
        kinesis.inject(Faults.parse("throttle=30,internal=10"));
        home.export("round-" + round + ".ndjson", lines(random, last, 2_500));
        run(home, kinesis);
      }
      kinesis.inject(Faults.none());
      home.export("last.ndjson", lines(random, last, 2_500));
      Totals totals = run(home, kinesis);

      assertThat(totals.of(Outcome.DEAD_LETTERED)).isZero();
      Map<String, Set<String>> members = new HashMap<>(last);
      members.values().removeIf(Set::isEmpty);
      assertThat(replayed(kinesis)).isEqualTo(members);
    }
  }

  private static String[] lines(Random random, Map<String, Set<String>> last, int count) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "p" + (i < 400 ? i : random.nextInt(400));
      Set<String> audiences = new TreeSet<>();
      List.of("A", "B").stream().filter(one -> random.nextBoolean()).forEach(audiences::add);
      lines.add(line(name, audiences));
      last.put(name, audiences);
    }
    return lines.toArray(String[]::new);
  }

  private static String line(String name, Set<String> audiences) {
    return "{\"identityMap\":{\"ecid\":[{\"id\":\"%s\"}]},\"segmentMembership\":{\"ups\":{%s}}}"
        .formatted(
            name,
            String.join(
                ",",
                audiences.stream()
                    .map(one -> "\"%s\":{\"status\":\"realized\"}".formatted(one))
                    .toList()));
  }

  private static Totals run(TestHome home, LocalKinesis kinesis) throws InterruptedException {
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Once())
            .withKinesisEndpoint(kinesis.endpoint());
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.awaitNothingLeft();
      activation.stop();
      assertThat(activation.report().addsUp()).isTrue();
      return activation.report().destinations().get("one");
    }
  }

  private static Map<String, Set<String>> replayed(LocalKinesis kinesis) {
    Map<String, Set<String>> members = new HashMap<>();
    kinesis.forEachRecord(
        record -> {
          String event = new String(record.data(), StandardCharsets.UTF_8);
          String name = event.replaceAll(".*\"id\":\"(.*?)\".*", "$1");
          Set<String> audiences = members.computeIfAbsent(name, key -> new HashSet<>());
          for (String audience : List.of("A", "B")) {
            if (event.contains("\"" + audience + "\":{\"status\":\"realized\"")) {
              audiences.add(audience);
            } else if (event.matches(".*\"" + audience + "\":\\{[^}]*\"exited\".*")) {
              audiences.remove(audience);
            }
          }
        });
    members.values().removeIf(Set::isEmpty);
    return members;
  }
}
