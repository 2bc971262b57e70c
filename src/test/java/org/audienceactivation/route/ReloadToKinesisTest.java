package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.appender.AppenderLoggingException;
import org.apache.logging.log4j.core.config.Property;
import org.audienceactivation.LogLines;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Changes of the configuration as they are made: in the files of an application that runs. */
@Timeout(120)
class ReloadToKinesisTest {
  private static final String RULES =
      """
      labels: {fields: {person.email: [I1]}}
      policies:
        - id: no-names
          status: DRAFT
          marketingActions: [exportToThirdParty]
          deny: {label: I1}
      """;
  private static final String EVERYONE =
      "stream: {name: everyone-events, region: eu-west-1}\naudiences: all\n";
  private static final int KEYS = 200;
  private static final Pattern NUMBER = Pattern.compile("\"email\":\"n(\\d+)@");

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;
  private LogLines log;

  @BeforeEach
  void start() {
    log = LogLines.open();
    home =
        TestHome.shippedIn(folder)
            .setting("reload.pollMillis", "50")
            .write("governance/rules.yaml", RULES)
            .enforcement("strip");
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
  }

  @AfterEach
  void stop() {
    kinesis.close();
    log.close();
  }

  private Activation run() {
    URI endpoint = kinesis.endpoint();
    return Activation.start(
        home.home(),
        ActivationOptions.of(new ActivationOptions.Sources.Watching())
            .withKinesisEndpoint(endpoint));
  }

  private void awaitInForce(int changes) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> log.with("is in force. Changed: ").size() >= changes);
  }

  private void send(String name, String... lines) {
    home.export(name, lines);
    await().atMost(Duration.ofSeconds(60)).until(() -> home.list("done").contains(name));
  }

  private List<String> eventsIn(String stream) {
    List<String> events = new ArrayList<>();
    kinesis.forEachRecord(
        record -> {
          if (record.stream().equals(stream)) {
            events.add(new String(record.data(), StandardCharsets.UTF_8));
          }
        });
    return events;
  }

  private static Map<String, Totals> stopped(Activation activation) {
    activation.stop();
    OutcomeReport report = activation.report();
    assertThat(report.addsUp()).isTrue();
    return report.destinations();
  }

  private static String withoutEmail(String ecid) {
    return Profiles.event(ecid).replaceFirst("\"person\":\\{.*?},", "");
  }

  @Test
  void a_policy_that_is_enabled_holds_from_the_next_profile_on() {
    try (Activation activation = run()) {
      send("a.ndjson", Profiles.prospect("a"));
      home.edit("governance/rules.yaml", "DRAFT", "ENABLED");
      awaitInForce(1);
      send("b.ndjson", Profiles.prospect("b"));

      assertThat(eventsIn("prospects-events"))
          .containsExactlyInAnyOrder(Profiles.event("a"), withoutEmail("b"));
      assertThat(log.with("attribute person.email is left out of every event")).hasSize(1);
      assertThat(stopped(activation).get("prospects").of(Outcome.DELIVERED)).isEqualTo(2);
    }
  }

  @Test
  void a_consent_policy_excludes_from_the_next_profile_on() {
    try (Activation activation = run()) {
      send("a.ndjson", Profiles.prospect("a"));
      home.write(
          "governance/consent/adults.yaml",
          "status: ENABLED\nthen: {path: _acme.age, greaterThan: 17}\n");
      awaitInForce(1);
      send(
          "b.ndjson",
          Profiles.prospect("b"),
          Profiles.prospect("c").replaceFirst("\\{", "{\"_acme\":{\"age\":18},"));

      assertThat(eventsIn("prospects-events"))
          .containsExactlyInAnyOrder(Profiles.event("a"), Profiles.event("c"));
      assertThat(stopped(activation).get("prospects").reasons())
          .containsEntry("consent-policy:adults", 1L);
    }
  }

  @Test
  void a_mistake_changes_nothing_and_its_mending_does() {
    try (Activation activation = run()) {
      home.edit("governance/rules.yaml", "DRAFT", "ENABLED")
          .edit("governance/rules.yaml", "[I1]", "[I1");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !log.with("is refused as a whole").isEmpty());
      send("a.ndjson", Profiles.prospect("a"));
      assertThat(log.with("WARN governance/rules.yaml:")).isNotEmpty();

      home.edit("governance/rules.yaml", "[I1", "[I1]");
      awaitInForce(1);
      send("b.ndjson", Profiles.prospect("b"));

      assertThat(eventsIn("prospects-events"))
          .containsExactlyInAnyOrder(Profiles.event("a"), withoutEmail("b"));
      stopped(activation);
    }
  }

  @Test
  void destinations_come_and_go_and_no_other_route_stops() {
    try (Activation activation = run()) {
      send("a.ndjson", Profiles.prospect("a"));
      home.destination("everyone", EVERYONE);
      awaitInForce(1);
      send("b.ndjson", Profiles.prospect("b"));
      home.without("destinations/everyone.yaml");
      awaitInForce(2);
      send("c.ndjson", Profiles.prospect("c"));
      await().until(() -> !log.with("Stopped destination-everyone").isEmpty());
      home.destination("everyone", EVERYONE);
      awaitInForce(3);
      send("d.ndjson", Profiles.prospect("d"));

      assertThat(eventsIn("prospects-events")).hasSize(4);
      assertThat(eventsIn("everyone-events"))
          .containsExactlyInAnyOrder(withoutEmail("b"), withoutEmail("d"));
      assertThat(log.with("Stopped "))
          .isNotEmpty()
          .allMatch(line -> line.contains("destination-everyone"));
      Map<String, Totals> totals = stopped(activation);
      assertThat(totals.get("everyone").received()).isEqualTo(2);
      assertThat(totals.get("prospects").received()).isEqualTo(4);
    }
  }

  @Test
  void another_stream_gets_what_comes_afterwards() {
    try (Activation activation = run()) {
      send("a.ndjson", Profiles.prospect("a"));
      home.edit("destinations/prospects.yaml", "prospects-events", "other-events");
      awaitInForce(1);
      send("b.ndjson", Profiles.prospect("b"));

      assertThat(eventsIn("prospects-events")).containsExactly(Profiles.event("a"));
      assertThat(eventsIn("other-events")).containsExactly(Profiles.event("b"));
      await().until(() -> !log.with("Stopped destination-prospects ").isEmpty());
      assertThat(activation.skew().get("prospects").shards()).isNotEmpty();
      assertThat(stopped(activation).get("prospects").of(Outcome.DELIVERED)).isEqualTo(2);
    }
  }

  @Test
  void changes_in_mid_file_cost_neither_events_nor_order() {
    kinesis.inject(
        Faults.none()
            .withLatency(Duration.ofMillis(10))
            .with(Fault.THROTTLE, 10)
            .with(Fault.INTERNAL, 5));
    home.export(
        "updates.ndjson",
        IntStream.range(0, 6_000)
            .mapToObj(
                i -> Profiles.prospect("k" + i % KEYS).replace("k" + i % KEYS + "@", "n" + i + "@"))
            .toArray(String[]::new));
    try (Activation activation = run()) {
      for (int i = 1; i <= 4; i++) {
        int seen = 1_000 * i;
        await().atMost(Duration.ofSeconds(60)).until(() -> kinesis.recordCount() > seen);
        if (i > 1) {
          home.edit(
              "destinations/prospects.yaml", "callsInFlight: " + i, "callsInFlight: " + (i + 1));
        } else {
          home.edit(
              "destinations/prospects.yaml",
              "stream:",
              "delivery: {callsInFlight: 2, backoffMin: 5ms, backoffMax: 100ms}\nstream:");
        }
        awaitInForce(i);
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> home.list("done").contains("updates.ndjson"));

      assertThat(stopped(activation).get("prospects").of(Outcome.DELIVERED)).isEqualTo(6_000);
      assertThat(eventsIn("prospects-events")).hasSize(6_000);
      assertThat(overtaken()).isZero();
    }
  }

  /** How many events stand behind a newer one of their partition key. */
  private int overtaken() {
    Map<String, Integer> last = new HashMap<>();
    int[] overtaken = {0};
    kinesis.forEachRecord(
        record -> {
          Matcher number = NUMBER.matcher(new String(record.data(), StandardCharsets.UTF_8));
          assertThat(number.find()).isTrue();
          int now = Integer.parseInt(number.group(1));
          if (last.getOrDefault(record.partitionKey(), -1) > now) {
            overtaken[0]++;
          }
          last.put(record.partitionKey(), now);
        });
    return overtaken[0];
  }

  @Test
  void what_a_stream_that_is_down_does_not_take_comes_again_for_the_one_that_takes_its_place() {
    try (Activation activation = run()) {
      kinesis.inject(Faults.none().with(Fault.HTTP_500, 100));
      home.export("a.ndjson", Profiles.prospect("a"));
      await().until(() -> kinesis.faults().equals(Faults.none().with(Fault.HTTP_500, 100)));
      await().atMost(Duration.ofSeconds(30)).until(() -> !log.with("prospects-events").isEmpty());
      home.edit("destinations/prospects.yaml", "prospects-events", "other-events");
      awaitInForce(1);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> activation.report().count(Outcome.RETURNED) == 1);
      kinesis.inject(Faults.none());
      await().atMost(Duration.ofSeconds(60)).until(() -> home.list("done").contains("a.ndjson"));

      assertThat(eventsIn("prospects-events")).isEmpty();
      assertThat(eventsIn("other-events")).containsExactly(Profiles.event("a"));
      stopped(activation);
    }
  }

  @Test
  void all_senders_that_are_replaced_have_the_same_time_to_let_go() {
    for (int i = 1; i <= 4; i++) {
      home.destination("more" + i, EVERYONE.replace("everyone", "more" + i));
    }
    try (Activation activation = run()) {
      kinesis.inject(Faults.none().with(Fault.HTTP_500, 100));
      home.export("a.ndjson", Profiles.prospect("a"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  activation.report().destinations().size() == 5
                      && activation.report().destinations().values().stream()
                          .allMatch(totals -> totals.received() == 1));
      String catalogue = home.read("audiences.yaml");
      home.write("audiences.yaml", "nothing takes effect until all is written");
      for (int i = 1; i <= 4; i++) {
        home.edit("destinations/more" + i + ".yaml", "-events", "-others");
      }
      home.edit("destinations/prospects.yaml", "prospects-events", "prospects-others");
      home.write("audiences.yaml", catalogue);
      awaitInForce(1);

      // each has five seconds in an outage; one after the other they would have 25
      await()
          .atMost(Duration.ofSeconds(17))
          .until(() -> activation.report().count(Outcome.RETURNED) >= 5);
      kinesis.inject(Faults.none());
      stopped(activation);
    }
  }

  /** Fails when it is to write that a change is in force, once. */
  private static final class FailsOnce extends AbstractAppender {
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    FailsOnce() {
      super("fails-once", null, null, false, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      boolean isIt = event.getMessage().getFormattedMessage().contains("is in force. Changed: ");
      if (isIt && hasFailed.compareAndSet(false, true)) {
        throw new AppenderLoggingException("the disk of the log is full");
      }
    }
  }

  @Test
  void a_failure_in_mid_change_holds_up_no_source() {
    FailsOnce fails = new FailsOnce();
    LoggerContext logging = LoggerContext.getContext(false);
    fails.start();
    logging.getConfiguration().getRootLogger().addAppender(fails, Level.INFO, null);
    logging.updateLoggers();
    try (Activation activation = run()) {
      send("a.ndjson", Profiles.prospect("a"));
      home.edit("destinations/prospects.yaml", "prospects-events", "other-events");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !log.with("a look at the configuration has failed").isEmpty());
      send("b.ndjson", Profiles.prospect("b"));

      assertThat(eventsIn("other-events")).containsExactly(Profiles.event("b"));
      stopped(activation);
    } finally {
      logging.getConfiguration().getRootLogger().removeAppender(fails.getName());
      logging.updateLoggers();
      fails.stop();
    }
  }

  @Test
  void what_policies_take_away_is_said_again_only_of_those_for_which_it_has_changed() {
    home.edit("governance/rules.yaml", "DRAFT", "ENABLED");
    home.destination(
        "more",
        EVERYONE.replace("everyone", "more")
            + """
        attributes: [person.email]
        marketingActions: [exportToThirdParty]
        enforcement: strip
        """);
    try (Activation activation = run()) {
      assertThat(log.with("person.email is left out of every event")).hasSize(2);
      home.edit("destinations/more.yaml", "audiences: all", "audiences: all\n# seen");
      awaitInForce(1);
      assertThat(log.with("person.email is left out of every event")).hasSize(2);
      stopped(activation);
    }
  }

  @Test
  void a_destination_whose_route_cannot_start_is_refused_by_its_file() {
    // a home of which a user has made the route of prospects his own
    home.setting("order-of-prospects", "perKey")
        .edit("routes/pipeline.camel.yaml", "{{order}}", "{{order-of-{{destination}}}}");
    try (Activation activation = run()) {
      home.destination("everyone", EVERYONE);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !log.with("is refused as a whole").isEmpty());

      assertThat(log.with("WARN destinations/everyone.yaml:1: ")).hasSize(1);
      assertThat(stopped(activation).keySet()).containsExactly("prospects");
    }
  }

  @Test
  void a_destination_that_is_refused_has_no_account() {
    try (Activation activation = run()) {
      home.destination("everyone", EVERYONE)
          .edit("destinations/prospects.yaml", "attributes:", "atributes:");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> activation.refusedConfiguration().isPresent());

      assertThat(stopped(activation).keySet()).containsExactly("prospects");
    }
  }

  /** A step of a user that one profile passes only when it is let. */
  public static final class Waits {
    private static volatile CountDownLatch reached = new CountDownLatch(1);
    private static volatile CountDownLatch mayGoOn = new CountDownLatch(1);

    /** Called by the route. */
    public static void run() throws InterruptedException {
      reached.countDown();
      mayGoOn.await();
    }
  }

  @Test
  void a_batch_that_is_under_way_ends_under_the_configuration_under_which_it_began()
      throws Exception {
    Waits.reached = new CountDownLatch(1);
    Waits.mayGoOn = new CountDownLatch(1);
    home.destination("everyone", EVERYONE);
    home.edit(
        "routes/enrich.camel.yaml",
        "      steps:\n",
        """
              steps:
                - bean:
                    id: waits
                    beanType: org.audienceactivation.route.ReloadToKinesisTest$Waits
                    method: run
        """);
    try (Activation activation = run()) {
      home.export("a.ndjson", Profiles.prospect("a"));
      Waits.reached.await();
      home.edit("governance/rules.yaml", "DRAFT", "ENABLED")
          .edit("destinations/prospects.yaml", "missing: allow", "missing: deny")
          .without("destinations/everyone.yaml")
          .destination("more", EVERYONE.replace("everyone", "more"));
      awaitInForce(1);
      Waits.mayGoOn.countDown();
      await().atMost(Duration.ofSeconds(60)).until(() -> home.list("done").contains("a.ndjson"));
      send("b.ndjson", Profiles.prospect("b"));

      assertThat(eventsIn("prospects-events"))
          .containsExactlyInAnyOrder(Profiles.event("a"), withoutEmail("b"));
      assertThat(eventsIn("everyone-events")).containsExactly(withoutEmail("a"));
      assertThat(eventsIn("more-events")).containsExactly(withoutEmail("b"));
      stopped(activation);
    }
  }

  @Test
  void it_can_be_switched_off() {
    home.setting("reload.enabled", "false");
    try (Activation activation = run()) {
      home.edit("governance/rules.yaml", "DRAFT", "ENABLED");
      send("a.ndjson", Profiles.prospect("a"));
      send("b.ndjson", Profiles.prospect("b"));

      assertThat(eventsIn("prospects-events")).hasSize(2).contains(Profiles.event("b"));
      assertThat(log.with("Changed: ")).isEmpty();
      stopped(activation);
    }
  }
}
