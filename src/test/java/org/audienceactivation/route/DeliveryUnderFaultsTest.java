package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.localkinesis.StoredRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From a file to a stream that misbehaves: nothing is lost, and nobody overtakes. */
@Timeout(60)
class DeliveryUnderFaultsTest {

  private static final int KEYS = 300;
  private static final Pattern NUMBER = Pattern.compile("\"email\":\"n(\\d+)@");
  private static final Faults EVERYTHING =
      Faults.none()
          .with(Fault.THROTTLE, 10)
          .with(Fault.INTERNAL, 10)
          .with(Fault.HTTP_500, 2)
          .with(Fault.DROP_AFTER, 2);

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() {
    home = TestHome.shippedIn(folder);
    home.edit(
        "destinations/prospects.yaml",
        "stream:",
        "delivery: { backoffMin: 5ms, backoffMax: 100ms }\nstream:");
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  @Test
  void every_event_arrives_and_those_of_a_profile_in_the_order_of_the_file() throws Exception {
    kinesis.inject(EVERYTHING);
    home.export("updates.ndjson", updates(12_000));

    Totals totals = runOnce().destinations().get("prospects");

    assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(12_000);
    assertThat(numbers()).hasSize(12_000);
    assertThat(overtaken()).isEmpty();
  }

  @Test
  void the_newest_event_of_a_profile_arrives_when_the_latest_wins() throws Exception {
    home.edit("destinations/prospects.yaml", "delivery: {", "delivery: { order: latestWins,");
    kinesis.inject(EVERYTHING);
    home.export("updates.ndjson", updates(12_000));

    OutcomeReport report = runOnce();

    Totals totals = report.destinations().get("prospects");
    assertThat(report.addsUp()).isTrue();
    assertThat(totals.of(Outcome.SUPERSEDED)).isPositive();
    assertThat(totals.reasons()).containsKey("newer-event");
    assertThat(totals.of(Outcome.DELIVERED) + totals.of(Outcome.SUPERSEDED)).isEqualTo(12_000);
    assertThat(overtaken()).isEmpty();
    assertThat(numbers()).containsAll(IntStream.range(12_000 - KEYS, 12_000).boxed().toList());
  }

  @Test
  void a_reshard_in_mid_run_costs_neither_events_nor_order() throws Exception {
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(10)));
    home.export("updates.ndjson", updates(12_000));

    try (Activation activation = activation()) {
      await().until(() -> kinesis.recordCount() > 1_000);
      kinesis.updateShardCount("eu-west-1", "prospects-events", 4);
      await().until(() -> kinesis.recordCount() > 4_000);
      kinesis.updateShardCount("eu-west-1", "prospects-events", 2);
      activation.awaitNothingLeft();
      activation.stop();
      assertThat(activation.report().addsUp()).isTrue();
    }

    assertThat(numbers()).hasSize(12_000);
    assertThat(overtaken()).isEmpty();
  }

  @Test
  void a_destination_in_an_outage_keeps_the_file_but_not_the_others_events() throws Exception {
    home.destination(
        "elsewhere",
        """
        stream: { name: elsewhere, region: eu-west-1, endpoint: "http://127.0.0.1:1" }
        audiences: all
        """);
    home.export("few.ndjson", updates(100));

    home.setting("camel.main.shutdownTimeout", "1");
    ActivationOptions options = ActivationOptions.of(new ActivationOptions.Sources.Once());
    home.edit(
        "destinations/prospects.yaml",
        "type: default",
        "type: static\n  accessKeyId: a\n  secretAccessKey: b");
    home.edit(
        "destinations/prospects.yaml",
        "  region:",
        "  endpoint: \"%s\"\n  region:".formatted(kinesis.endpoint()));
    home.edit(
        "destinations/elsewhere.yaml",
        "audiences:",
        "credentials: { type: static, accessKeyId: a, secretAccessKey: b }\naudiences:");
    try (Activation activation = Activation.start(home.home(), options)) {
      await().until(() -> numbers().size() == 100);
      activation.stop();

      OutcomeReport report = activation.report();
      assertThat(report.addsUp()).isTrue();
      assertThat(report.destinations().get("prospects").of(Outcome.DELIVERED)).isEqualTo(100);
      assertThat(report.destinations().get("elsewhere").of(Outcome.RETURNED)).isEqualTo(100);
    }
    assertThat(home.list("inbox")).containsExactly("few.ndjson");
  }

  @Test
  void an_outage_that_began_before_a_stop_and_goes_on_is_not_waited_out() throws Exception {
    home.setting("camel.main.shutdownTimeout", "300");
    kinesis.inject(Faults.none().with(Fault.HTTP_500, 100));
    home.export("few.ndjson", updates(100));

    try (Activation activation = activation()) {
      await().until(() -> kinesis.stats().faults().getOrDefault("http-500", 0L) > 1);
      activation.stop();

      OutcomeReport report = activation.report();
      assertThat(report.addsUp()).isTrue();
      assertThat(report.destinations().get("prospects").of(Outcome.RETURNED)).isEqualTo(100);
    }
    assertThat(home.list("inbox")).containsExactly("few.ndjson");
  }

  @Test
  void a_step_that_takes_a_batch_away_holds_up_none_of_those_behind_it() throws Exception {
    home.edit(
        "routes/enrich.camel.yaml",
        "        - process:\n            id: enrich-namespaces",
        """
                - setBody:
                    id: oops
                    constant:
                      expression: gone
                - process:
                    id: enrich-namespaces\
        """);
    home.setting("enrichment.redeliveries", "0");
    home.export("updates.ndjson", updates(5_000));

    OutcomeReport report = runOnce();

    assertThat(report.addsUp()).isTrue();
    assertThat(report.destinations().get("prospects").of(Outcome.RETURNED)).isEqualTo(5_000);
    assertThat(home.list("inbox")).containsExactly("updates.ndjson");
  }

  private OutcomeReport runOnce() throws InterruptedException {
    try (Activation activation = activation()) {
      activation.awaitNothingLeft();
      activation.stop();
      return activation.report();
    }
  }

  private Activation activation() {
    return Activation.start(
        home.home(),
        ActivationOptions.of(new ActivationOptions.Sources.Once())
            .withKinesisEndpoint(kinesis.endpoint()));
  }

  private static String[] updates(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                Profiles.prospect("p" + i % KEYS)
                    .replaceFirst("\"email\":\"[^@]*@", "\"email\":\"n" + i + "@"))
        .toArray(String[]::new);
  }

  private Set<Integer> numbers() {
    Set<Integer> numbers = new HashSet<>();
    stored().forEach(record -> numbers.add(number(record)));
    return numbers;
  }

  /** Events whose first occurrence comes after that of a newer one of the same key. */
  private List<Integer> overtaken() {
    Map<String, Integer> newest = new HashMap<>();
    Set<Integer> seen = new HashSet<>();
    List<Integer> overtaken = new ArrayList<>();
    for (StoredRecord record : stored()) {
      int number = number(record);
      if (seen.add(number) && newest.merge(record.partitionKey(), number, Math::max) != number) {
        overtaken.add(number);
      }
    }
    return overtaken;
  }

  private List<StoredRecord> stored() {
    List<StoredRecord> all = new ArrayList<>();
    kinesis.forEachRecord(all::add);
    return all;
  }

  private static int number(StoredRecord record) {
    Matcher found = NUMBER.matcher(new String(record.data(), StandardCharsets.UTF_8));
    assertThat(found.find()).isTrue();
    return Integer.parseInt(found.group(1));
  }
}
