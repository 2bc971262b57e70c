package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** From an HTTP call to a stream: the caller is told what became of each record, and it is true. */
@Timeout(120)
class RestToKinesisTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Faults OUTAGE = Faults.none().with(Fault.HTTP_500, 100);
  private static final String NDJSON = "application/x-ndjson";

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;
  private int port;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void start() throws Exception {
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    home = TestHome.shippedIn(folder);
    home.setting("files.enabled", "false")
        .setting("rest.enabled", "true")
        .setting("rest.port", Integer.toString(port))
        .setting("camel.main.shutdownTimeout", "5");
    home.edit(
        "destinations/prospects.yaml",
        "stream:",
        "delivery: { backoffMin: 5ms, backoffMax: 100ms }\nstream:");
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private Activation activation() {
    return Activation.start(
        home.home(),
        ActivationOptions.of(new ActivationOptions.Sources.Watching())
            .withKinesisEndpoint(kinesis.endpoint()));
  }

  private static Totals stopped(Activation activation) {
    activation.stop();
    OutcomeReport report = activation.report();
    assertThat(report.addsUp()).as(report.toTable()).isTrue();
    return report.destinations().get("prospects");
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/profiles"))
        .timeout(Duration.ofSeconds(60));
  }

  private HttpRequest post(String type, BodyPublisher body) {
    return request().header("Content-Type", type).POST(body).build();
  }

  private HttpResponse<String> send(HttpRequest request) throws Exception {
    return http.send(request, BodyHandlers.ofString());
  }

  private HttpResponse<String> send(String type, String body) throws Exception {
    return send(post(type, BodyPublishers.ofString(body)));
  }

  private CompletableFuture<HttpResponse<String>> sendLater(String body) {
    return http.sendAsync(
        post("application/json", BodyPublishers.ofString(body)), BodyHandlers.ofString());
  }

  private static BodyPublisher chunked(String body) {
    return BodyPublishers.ofInputStream(
        () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  private static JsonNode json(HttpResponse<String> response) throws IOException {
    return JSON.readTree(response.body());
  }

  private static void assertProblem(HttpResponse<String> response, int status) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(json(response).get("status").asInt()).isEqualTo(status);
    assertThat(json(response).get("title").asText()).isNotEmpty();
    assertThat(json(response).get("detail").asText()).isNotEmpty();
  }

  private static List<String> prospects(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> Profiles.prospect("p" + i)).toList();
  }

  private static Set<String> keys(int from, int to) {
    Set<String> keys = new HashSet<>();
    IntStream.range(from, to).forEach(i -> keys.add("p" + i));
    return keys;
  }

  private Map<String, Integer> timesDelivered() {
    Map<String, Integer> times = new HashMap<>();
    kinesis.forEachRecord(record -> times.merge(record.partitionKey(), 1, Integer::sum));
    return times;
  }

  private Set<String> sequenceNumbers() {
    Set<String> numbers = new HashSet<>();
    kinesis.forEachRecord(record -> numbers.add(record.sequenceNumber()));
    return numbers;
  }

  private static Map<String, Long> outcomes(JsonNode answer) {
    Map<String, Long> outcomes = new HashMap<>();
    answer
        .get("results")
        .forEach(result -> outcomes.merge(result.get("outcome").asText(), 1L, Long::sum));
    return outcomes;
  }

  @Test
  void everything_arrives_exactly_as_answered_whatever_the_form_of_the_body() throws Exception {
    try (Activation activation = activation()) {
      List<HttpResponse<String>> answers = new ArrayList<>();
      answers.add(send("application/json", Profiles.prospect("p0")));
      answers.add(send(NDJSON, String.join("\n", prospects(1, 700))));
      answers.add(send("application/json", "[" + String.join(",", prospects(700, 1_900)) + "]"));
      answers.add(send(post(NDJSON, chunked(String.join("\n", prospects(1_900, 3_000))))));
      answers.add(send("application/json", "[]"));
      answers.add(send("application/json; charset=UTF-8", Profiles.refusing("private")));

      Set<String> answered = new HashSet<>();
      for (HttpResponse<String> answer : answers) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        JsonNode document = json(answer);
        assertThat(document.get("results")).hasSize(document.get("received").asInt());
        for (JsonNode result : document.get("results")) {
          if (result.get("outcome").asText().equals("delivered")) {
            assertThat(result.get("shardId").asText()).startsWith("shardId-");
            answered.add(result.get("sequenceNumber").asText());
          }
        }
      }
      assertThat(answered).hasSize(3_000).isEqualTo(sequenceNumbers());
      assertThat(json(answers.get(5)).at("/results/0/outcome").asText()).isEqualTo("excluded");
      assertThat(json(answers.get(5)).at("/results/0/reason").asText())
          .startsWith("consent-refused");
      Totals totals = stopped(activation);
      assertThat(totals.received()).isEqualTo(3_001);
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(3_000);
    }
    assertThat(timesDelivered().keySet()).isEqualTo(keys(0, 3_000));
    assertThat(timesDelivered().values()).containsOnly(1);
  }

  @Test
  void the_answer_is_the_one_that_the_documentation_shows() throws Exception {
    try (Activation activation = activation()) {
      HttpResponse<String> answer =
          send(NDJSON, Profiles.prospect("p0") + "\n{\"person\":\n" + Profiles.refusing("p2"));

      assertThat(answer.statusCode()).isEqualTo(200);
      JsonNode document = json(answer);
      String documented = DocumentedAnswer.read();
      JsonNode expected = JSON.readTree(documented);
      // what Kinesis gives out differs from run to run
      String receipt = document.at("/results/0/sequenceNumber").asText();
      String shard = document.at("/results/0/shardId").asText();
      assertThat(sequenceNumbers()).containsExactly(receipt);
      String same =
          documented
              .replace(expected.at("/results/0/sequenceNumber").asText(), receipt)
              .replace(expected.at("/results/0/shardId").asText(), shard);
      assertThat(document).isEqualTo(JSON.readTree(same));
      assertThat(stopped(activation).of(Outcome.REJECTED)).isEqualTo(1);
    }
    assertThat(home.lines("dead-letter")).hasSize(1);
    assertThat(JSON.readTree(home.lines("dead-letter").get(0)).at("/raw/data").asText())
        .isEqualTo("{\"person\":");
  }

  @Test
  void whoever_prefers_less_gets_the_counts_only() throws Exception {
    try (Activation activation = activation()) {
      HttpResponse<String> answer =
          send(
              request()
                  .header("Content-Type", NDJSON)
                  .header("Prefer", "respond-async, return=minimal")
                  .POST(BodyPublishers.ofString(String.join("\n", prospects(0, 3)) + "\nx"))
                  .build());

      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Preference-Applied")).contains("return=minimal");
      assertThat(json(answer))
          .isEqualTo(
              JSON.readTree(
                  "{\"received\":4,\"outcomes\":{\"prospects\":{\"delivered\":3,\"rejected\":1}}}"));
      stopped(activation);
    }
  }

  @Test
  void what_cannot_be_read_at_all_is_a_bad_request_and_stays_in_the_dead_letter() throws Exception {
    try (Activation activation = activation()) {
      for (String body : List.of("", "hello", "hello\nworld", "{\"person\":", "[{")) {
        HttpResponse<String> answer = send("application/json", body);
        assertProblem(answer, 400);
        assertThat(json(answer).at("/results/0/outcome").asText()).isEqualTo("rejected");
      }
      Totals totals = stopped(activation);
      assertThat(totals.of(Outcome.REJECTED)).isEqualTo(5).isEqualTo(totals.received());
    }
    assertThat(home.lines("dead-letter")).hasSize(5);
  }

  @Test
  void a_body_that_is_too_large_is_refused_before_it_is_read_if_it_says_so() throws Exception {
    home.setting("rest.maxBytes", "100000");
    String large = String.join("\n", prospects(0, 2_000));
    try (Activation activation = activation()) {
      assertProblem(send(NDJSON, large), 413);
      assertThat(kinesis.recordCount()).isZero();

      HttpResponse<String> cut = send(post(NDJSON, chunked(large)));
      assertProblem(cut, 413);

      // what broke off within its first messages.maxRecordBytes was never taken
      assertThat(kinesis.recordCount()).isZero();
      assertThat(send(NDJSON, Profiles.prospect("small")).statusCode()).isEqualTo(200);
      assertThat(stopped(activation).received()).isEqualTo(1);
    }
    assertThat(timesDelivered().keySet()).containsExactly("small");
  }

  @Test
  void of_a_body_that_turns_out_too_large_whole_records_go_on_and_the_rest_is_returned()
      throws Exception {
    home.setting("rest.maxBytes", "1500000");
    String large = String.join("\n", prospects(0, 10_000));
    assertThat(large.length()).isGreaterThan(2_000_000);
    try (Activation activation = activation()) {
      HttpResponse<String> cut = send(post(NDJSON, chunked(large)));

      assertProblem(cut, 413);
      Totals totals = stopped(activation);
      assertThat(totals.of(Outcome.RETURNED)).isEqualTo(1);
      assertThat(totals.of(Outcome.DELIVERED)).isGreaterThan(1_000);
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(kinesis.recordCount());
      JsonNode results = json(cut).get("results");
      assertThat(results).hasSize((int) totals.received());
      JsonNode rest = results.get(results.size() - 1);
      assertThat(rest.get("rest").asBoolean()).isTrue();
      assertThat(rest.get("reason").asText()).isEqualTo("upload-cut");
      assertThat(rest.get("record").asLong()).isEqualTo(totals.received());
    }
  }

  @Test
  void types_and_encodings_that_are_not_taken_are_refused() throws Exception {
    try (Activation activation = activation()) {
      String body = Profiles.prospect("p0");
      for (String type :
          List.of(
              "text/plain", "application/x-www-form-urlencoded", "application/json;charset=x")) {
        HttpResponse<String> answer = send(type, body);
        assertProblem(answer, 415);
        assertThat(answer.headers().firstValue("Accept-Post").orElse(""))
            .contains("application/json", NDJSON);
      }
      assertProblem(send(request().POST(BodyPublishers.ofString(body)).build()), 415);
      HttpResponse<String> packed =
          send(
              request()
                  .header("Content-Type", "application/json")
                  .header("Content-Encoding", "gzip")
                  .POST(BodyPublishers.ofString(body))
                  .build());
      assertProblem(packed, 415);
      assertThat(packed.headers().firstValue("Accept-Encoding")).contains("identity");
      assertThat(stopped(activation).received()).isZero();
    }
  }

  @Test
  void a_key_that_no_header_brings_over_is_refused_at_the_start() {
    home.setting("rest.apiKey", "a-key-with-an-\\u00e9-in-it");
    assertThatThrownBy(this::activation)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("rest.apiKey")
        .hasMessageContaining("ASCII")
        .hasMessageNotContaining("a-key-with");
  }

  @Test
  void whoever_has_no_key_is_not_let_in() throws Exception {
    String key = "a-key-of-some-length";
    home.setting("rest.apiKey", key);
    String body = Profiles.prospect("p0");
    try (Activation activation = activation()) {
      Function<String, HttpRequest> withKey =
          given ->
              request()
                  .header("Content-Type", "application/json")
                  .header("X-API-Key", given)
                  .POST(BodyPublishers.ofString(body))
                  .build();
      HttpResponse<String> without = send("application/json", body);
      assertProblem(without, 401);
      assertThat(without.headers().firstValue("WWW-Authenticate")).isPresent();
      assertProblem(send(withKey.apply(key + "x")), 401);
      assertProblem(send(withKey.apply("")), 401);
      assertThat(send(withKey.apply(key)).statusCode()).isEqualTo(200);
      assertThat(stopped(activation).received()).isEqualTo(1);
    }
  }

  @Test
  void callers_above_the_limit_are_told_to_come_again_and_those_who_waited_get_their_answer()
      throws Exception {
    home.setting("rest.concurrency", "2");
    kinesis.inject(OUTAGE);
    try (Activation activation = activation()) {
      CompletableFuture<HttpResponse<String>> first = sendLater(Profiles.prospect("p0"));
      CompletableFuture<HttpResponse<String>> second = sendLater(Profiles.prospect("p1"));
      await().until(() -> activation.report().destinations().get("prospects").received() == 2);

      HttpResponse<String> third = send("application/json", Profiles.prospect("p2"));
      assertProblem(third, 429);
      assertThat(third.headers().firstValue("Retry-After")).contains("1");
      kinesis.inject(Faults.none());

      assertThat(first.get().statusCode()).isEqualTo(200);
      assertThat(second.get().statusCode()).isEqualTo(200);
      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(2);
    }
    assertThat(timesDelivered().keySet()).isEqualTo(keys(0, 2));
  }

  @Test
  void a_caller_whose_time_is_over_is_told_what_is_returned_and_nothing_of_it_is_sent()
      throws Exception {
    home.setting("rest.timeoutMillis", "1000");
    kinesis.inject(OUTAGE);
    try (Activation activation = activation()) {
      CompletableFuture<HttpResponse<String>> one = sendLater(Profiles.prospect("p0"));
      HttpResponse<String> many = send(NDJSON, String.join("\n", prospects(1, 1_201)));

      assertProblem(many, 503);
      assertThat(many.headers().firstValue("Retry-After")).isPresent();
      assertProblem(one.get(), 503);
      assertThat(json(one.get()).at("/results/0/reason").asText()).isEqualTo("timed-out");
      assertThat(json(one.get()).get("received").asInt()).isEqualTo(1);
      assertThat(outcomes(json(many)).keySet()).containsExactly("returned");
      kinesis.inject(Faults.none());
      assertThat(send("application/json", Profiles.prospect("later")).statusCode()).isEqualTo(200);

      Totals totals = stopped(activation);
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(1);
      assertThat(totals.of(Outcome.RETURNED))
          .isEqualTo(1 + json(many).get("results").size())
          .isEqualTo(totals.received() - 1);
    }
    assertThat(timesDelivered().keySet()).containsExactly("later");
  }

  @Test
  void what_was_delivered_before_the_time_was_over_is_in_the_answer() throws Exception {
    home.setting("rest.timeoutMillis", "1500");
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(400)));
    try (Activation activation = activation()) {
      HttpResponse<String> answer = send(NDJSON, String.join("\n", prospects(0, 5_000)));

      assertProblem(answer, 503);
      Map<String, Long> outcomes = outcomes(json(answer));
      assertThat(outcomes.get("delivered")).isPositive().isEqualTo(kinesis.recordCount());
      assertThat(outcomes.get("returned")).isPositive();
      Totals totals = stopped(activation);
      assertThat(totals.of(Outcome.DELIVERED)).isEqualTo(kinesis.recordCount());
      assertThat(totals.received()).isEqualTo(json(answer).get("received").asLong());
    }
  }

  @Test
  void a_dead_letter_that_cannot_be_written_does_not_hold_the_caller_for_ever() throws Exception {
    home.write("dead-letter/absent", "a file where the folder should be");
    home.edit(
        "routes/dead-letter.camel.yaml",
        "\"{{deadLetter.directory}}\"",
        "\"{{deadLetter.directory}}/absent\"");
    home.setting("camel.main.shutdownTimeout", "1").setting("rest.timeoutMillis", "500");
    try (Activation activation = activation()) {
      HttpResponse<String> answer = send("application/json", "nonsense");

      assertProblem(answer, 503);
      assertThat(json(answer).at("/results/0/reason").asText()).isEqualTo("timed-out");
      Totals totals = stopped(activation);
      assertThat(totals.of(Outcome.RETURNED)).isEqualTo(1).isEqualTo(totals.received());
    }
  }

  @Test
  void what_is_delivered_without_a_part_is_returned_if_that_could_not_be_written_down()
      throws Exception {
    home.write(
            "governance/rules.yaml",
            """
            labels: {fields: {person.email: [I1]}}
            policies:
              - {id: no-names, status: ENABLED, marketingActions: [exportToThirdParty], deny: {label: I1}}
            """)
        .enforcement("strip")
        .setting("governance.audit.file", "{{activation.home}}/audit/audit.ndjson")
        .setting("governance.audit.maxBytes", "100")
        .setting("governance.audit.maxFiles", "2")
        .setting("camel.main.shutdownTimeout", "1")
        .setting("rest.timeoutMillis", "2000");
    try (Activation activation = activation()) {
      String withheld = Profiles.refusing("p0") + "\n" + Profiles.refusing("p1");
      assertThat(send(NDJSON, withheld).statusCode()).isEqualTo(200);
      // the next file cannot take its name
      home.write("audit/audit.ndjson.1/occupied", "x");

      HttpResponse<String> answer = send(NDJSON, Profiles.prospect("p2"));

      assertProblem(answer, 503);
      assertThat(json(answer).at("/results/0/outcome").asText()).isEqualTo("returned");
      Totals totals = stopped(activation);
      assertThat(totals.of(Outcome.DELIVERED)).isZero();
      assertThat(totals.of(Outcome.RETURNED)).isEqualTo(1);
    }
    assertThat(timesDelivered()).containsOnlyKeys("p2");
  }

  @Test
  void two_hundred_callers_at_once_are_served() throws Exception {
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(10)));
    try (Activation activation = activation()) {
      List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
      for (String profile : prospects(0, 200)) {
        calls.add(sendLater(profile));
      }
      for (CompletableFuture<HttpResponse<String>> call : calls) {
        assertThat(call.get().statusCode()).isEqualTo(200);
      }
      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(200);
    }
    assertThat(timesDelivered().keySet()).isEqualTo(keys(0, 200));
  }

  @Test
  void a_stop_settles_what_is_in_flight_and_takes_nothing_new() throws Exception {
    kinesis.inject(OUTAGE);
    try (Activation activation = activation()) {
      CompletableFuture<HttpResponse<String>> call = sendLater(Profiles.prospect("p0"));
      await().until(() -> activation.report().destinations().get("prospects").received() == 1);
      CompletableFuture<Totals> end = CompletableFuture.supplyAsync(() -> stopped(activation));
      await()
          .ignoreExceptions()
          .until(() -> send("application/json", Profiles.prospect("p1")).statusCode() == 503);
      kinesis.inject(Faults.none());

      assertThat(call.get().statusCode()).isEqualTo(200);
      assertThat(end.get().of(Outcome.DELIVERED)).isEqualTo(1).isEqualTo(end.get().received());
    }
  }

  @Test
  void a_stop_in_an_outage_tells_the_caller_that_his_records_are_returned() throws Exception {
    home.setting("camel.main.shutdownTimeout", "1");
    kinesis.inject(OUTAGE);
    try (Activation activation = activation()) {
      CompletableFuture<HttpResponse<String>> call = sendLater(Profiles.prospect("p0"));
      await().until(() -> activation.report().destinations().get("prospects").received() == 1);

      assertThat(stopped(activation).of(Outcome.RETURNED)).isEqualTo(1);
      assertProblem(call.get(), 503);
      assertThat(json(call.get()).at("/results/0/reason").asText()).isEqualTo("stopped");
    }
  }

  /** The example in docs/sources.md. */
  private static final class DocumentedAnswer {
    static String read() throws IOException {
      String page = java.nio.file.Files.readString(Path.of("docs/sources.md"));
      String begin = "```json\n{ \"results\"";
      int from = page.indexOf(begin);
      assertThat(from).as("the page shows an answer").isPositive();
      return page.substring(from + "```json\n".length(), page.indexOf("\n```", from + 8));
    }
  }
}
