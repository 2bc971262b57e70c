package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.audienceactivation.LogLines;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What callers are told while a former sender still has what came before. */
@Timeout(120)
class ReloadWithCallsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NDJSON = "application/x-ndjson";

  /** A step of a user that the first batch passes only when it is let. */
  public static final class FirstWaits {
    private static volatile CountDownLatch reached = new CountDownLatch(1);
    private static volatile CountDownLatch mayGoOn = new CountDownLatch(1);

    /** Called by the route. */
    public static void run() throws InterruptedException {
      boolean isFirst = reached.getCount() > 0;
      reached.countDown();
      if (isFirst) {
        mayGoOn.await();
      }
    }
  }

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;
  private LogLines log;
  private int port;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void start() throws Exception {
    FirstWaits.reached = new CountDownLatch(1);
    FirstWaits.mayGoOn = new CountDownLatch(1);
    log = LogLines.open();
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(1));
    port = FreePort.find();
    home = TestHome.shippedIn(folder);
    home.setting("files.enabled", "false")
        .setting("rest.enabled", "true")
        .setting("rest.port", Integer.toString(port))
        .setting("reload.pollMillis", "20")
        .edit(
            "routes/enrich.camel.yaml",
            "      steps:\n",
            """
                  steps:
                    - bean:
                        id: waits
                        beanType: org.audienceactivation.route.ReloadWithCallsTest$FirstWaits
                        method: run
            """);
  }

  @AfterEach
  void stop() {
    FirstWaits.mayGoOn.countDown();
    kinesis.close();
    log.close();
  }

  private Activation run() {
    return Activation.start(
        home.home(),
        ActivationOptions.of(new ActivationOptions.Sources.Watching())
            .withKinesisEndpoint(kinesis.endpoint()));
  }

  private CompletableFuture<HttpResponse<String>> send(String body) {
    return http.sendAsync(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/profiles"))
            .timeout(Duration.ofSeconds(60))
            .header("Content-Type", NDJSON)
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private void awaitInForce() {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> !log.with("is in force. Changed: ").isEmpty());
  }

  private static boolean isAnyCallHeld() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().equals(PlansInForce.class.getName()));
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    kinesis.forEachRecord(record -> keys.add(record.partitionKey()));
    return keys;
  }

  private List<String> events() {
    List<String> events = new ArrayList<>();
    kinesis.forEachRecord(record -> events.add(new String(record.data(), StandardCharsets.UTF_8)));
    return events;
  }

  private static void assertTimedOut(HttpResponse<String> answer, int records) throws Exception {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    JsonNode told = JSON.readTree(answer.body());
    assertThat(told.get("received").asInt()).isEqualTo(records);
    assertThat(told.get("results")).hasSize(records);
    for (JsonNode result : told.get("results")) {
      assertThat(result.get("outcome").asText()).isEqualTo("returned");
      assertThat(result.get("reason").asText()).isEqualTo("timed-out");
    }
  }

  @Test
  void callers_whose_time_ends_while_batches_are_held_are_told_that_theirs_are_returned()
      throws Exception {
    home.setting("rest.timeoutMillis", "3000");
    try (Activation activation = run()) {
      CompletableFuture<HttpResponse<String>> first = send(Profiles.prospect("first"));
      FirstWaits.reached.await();
      home.edit("destinations/prospects.yaml", "stream:", "delivery: {callsInFlight: 2}\nstream:");
      awaitInForce();
      String several =
          String.join(
              "\n", IntStream.range(0, 3).mapToObj(i -> Profiles.prospect("k" + i)).toList());
      CompletableFuture<HttpResponse<String>> held = send(several);
      CompletableFuture<HttpResponse<String>> heldToo = send(Profiles.prospect("k3"));

      assertTimedOut(held.get(), 3);
      assertTimedOut(heldToo.get(), 1);
      assertTimedOut(first.get(), 1);

      FirstWaits.mayGoOn.countDown();
      CompletableFuture<HttpResponse<String>> later = send(Profiles.prospect("later"));
      assertThat(later.get().statusCode()).as(later.get().body()).isEqualTo(200);
      activation.stop();
      assertThat(activation.report().addsUp()).isTrue();
      assertThat(activation.report().count(Outcome.RETURNED)).isEqualTo(5);
    }
    assertThat(keys()).containsExactly("later");
  }

  @Test
  void a_destination_whose_file_gets_another_name_keeps_the_order_of_its_stream() throws Exception {
    try (Activation activation = run()) {
      CompletableFuture<HttpResponse<String>> older = send(Profiles.prospect("p"));
      FirstWaits.reached.await();
      Files.move(home.path("destinations/prospects.yaml"), home.path("destinations/buyers.yaml"));
      awaitInForce();
      CompletableFuture<HttpResponse<String>> newer =
          send(Profiles.prospect("p").replace("p@", "newer@"));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> isAnyCallHeld() || kinesis.recordCount() > 0);
      FirstWaits.mayGoOn.countDown();

      assertThat(older.get().statusCode()).as(older.get().body()).isEqualTo(200);
      assertThat(newer.get().statusCode()).as(newer.get().body()).isEqualTo(200);
      activation.stop();
    }
    assertThat(events())
        .containsExactly(Profiles.event("p"), Profiles.event("p").replace("p@", "newer@"));
  }
}
