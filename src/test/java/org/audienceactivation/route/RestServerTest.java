package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.http.TokenCheck;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Callers who are slow, break off or try tricks, on bare sockets: what they get, what they cost.
 */
@Timeout(120)
class RestServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String REFUSAL =
      """
            steps:
              - choice:
                  id: rest-who
                  when:
                    - id: rest-stranger
                      expression:
                        simple:
                          expression: "${header.X-Friend} != 'yes'"
                      steps:
                        - setHeader:
                            id: rest-status
                            name: CamelHttpResponseCode
                            expression:
                              constant:
                                expression: "403"
                        - setBody:
                            id: rest-no
                            expression:
                              constant:
                                expression: "no"
                        - stop:
                            id: rest-stop
      """;

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;
  private int port;

  @BeforeEach
  void start() throws Exception {
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    home = TestHome.shippedIn(folder);
    home.setting("files.enabled", "false")
        .setting("rest.enabled", "true")
        .setting("rest.port", Integer.toString(port));
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

  private Socket call(String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    say(socket, text);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** All that comes until the other side closes. */
  private static String heard(Socket socket) throws IOException {
    StringBuilder heard = new StringBuilder();
    byte[] bytes = new byte[8_192];
    try {
      for (int read; (read = socket.getInputStream().read(bytes)) >= 0; ) {
        heard.append(new String(bytes, 0, read, StandardCharsets.UTF_8));
      }
    } catch (SocketException reset) {
      return heard.toString();
    }
    return heard.toString();
  }

  private static String head(String line, String... headers) {
    return line + " HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }

  private String answerTo(String line, String... headers) throws IOException {
    String[] all = new String[headers.length + 1];
    System.arraycopy(headers, 0, all, 0, headers.length);
    all[headers.length] = "Connection: close";
    try (Socket socket = call(head(line, all))) {
      return heard(socket);
    }
  }

  private static String post(String body) {
    return head(
            "POST /profiles",
            "Content-Type: application/json",
            "Connection: close",
            "Content-Length: " + body.length())
        + body;
  }

  private static JsonNode body(String answer) throws IOException {
    return JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }

  @Test
  void paths_are_taken_as_they_come_and_other_methods_are_told_what_is_allowed() throws Exception {
    try (Activation activation = activation()) {
      for (String path :
          List.of(
              "/",
              "/profiles/",
              "/profiles/..",
              "/profiles/../profiles",
              "/%2e%2e/profiles",
              "/profiles/%2e%2e/etc",
              "/profiles%2f",
              "/%70rofiles",
              "//profiles",
              "/openapi.json/../../application.properties",
              "/application.properties",
              "/profiles;a=b",
              "*")) {
        String answer = answerTo("POST " + path, "Content-Length: 0");
        assertThat(answer).as(path).matches("(?s)HTTP/1.1 40[04] .*");
      }
      for (String method : List.of("GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")) {
        assertThat(answerTo(method + " /profiles", "Content-Length: 0"))
            .as(method)
            .startsWith("HTTP/1.1 405 ")
            .containsIgnoringCase("\r\nallow: POST\r\n");
      }
      assertThat(answerTo("POST /openapi.json", "Content-Length: 0"))
          .startsWith("HTTP/1.1 405 ")
          .containsIgnoringCase("\r\nallow: GET, HEAD\r\n");
      assertThat(stopped(activation).received()).isZero();
    }
  }

  @Test
  void whoever_calls_while_it_stops_is_told_to_come_again_as_long_as_it_listens() throws Exception {
    try (Activation activation = activation();
        Socket unfinished =
            call(
                head(
                    "POST /profiles",
                    "Content-Type: application/json",
                    "Expect: 100-continue",
                    "Content-Length: 100"))) {
      // it is known, and its body is waited for, for a moment
      assertThat(unfinished.getInputStream().readNBytes(21)).hasSize(21);
      Thread stopping = new Thread(activation::stop);
      List<String> answers = new ArrayList<>();
      stopping.start();
      try {
        while (stopping.isAlive()) {
          try (Socket socket = call(post(Profiles.prospect("late")))) {
            answers.add(heard(socket));
          }
        }
      } catch (ConnectException closed) {
        // nobody listens any more
      }
      stopping.join();

      assertThat(answers.stream().filter(answer -> !answer.isEmpty()))
          .isNotEmpty()
          .allMatch(answer -> answer.matches("(?s)HTTP/1.1 (200|503) .*"));
      assertThat(answers).anyMatch(answer -> answer.contains("the service is stopping"));
    }
  }

  @Test
  void a_port_that_another_program_has_is_named_with_its_setting() throws Exception {
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();

      assertThatThrownBy(this::activation)
          .isInstanceOf(ConfigurationException.class)
          .hasMessageMatching(
              "(?s)application.properties:\\d+: rest.port: 127.0.0.1:" + port + " cannot be.*");
    }
  }

  @Test
  void an_address_of_another_machine_is_named_with_its_setting() {
    home.setting("rest.host", "192.0.2.1").setting("rest.apiKey", "0123456789abcdef");

    assertThatThrownBy(this::activation)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageMatching("(?s)application.properties:\\d+: rest.host: 192.0.2.1 is no.*");
  }

  @Test
  void every_answer_has_its_date_and_the_name_of_its_status() throws Exception {
    try (Activation activation = activation()) {
      String answer =
          answerTo("POST /profiles", "Content-Type: application/json", "Content-Length: 999999999");

      assertThat(answer)
          .startsWith("HTTP/1.1 413 Content Too Large\r\n")
          .containsPattern("(?i)\r\ndate: \\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT\r\n");
      assertThat(stopped(activation).received()).isZero();
    }
  }

  @Test
  void the_description_says_that_a_key_is_asked_for_only_where_it_is() throws Exception {
    try (Activation open = activation()) {
      assertThat(security()).isEqualTo("[{},{\"key\":[]},{\"token\":[]}]");
      assertThat(stopped(open).received()).isZero();
    }
    home.setting("rest.apiKey", "0123456789abcdef");
    try (Activation closed = activation()) {
      assertThat(security()).isEqualTo("[{\"key\":[]},{\"token\":[]}]");
      assertThat(stopped(closed).received()).isZero();
    }
  }

  private String security() throws IOException {
    return body(answerTo("GET /openapi.json")).at("/paths/~1profiles/post/security").toString();
  }

  @Test
  void heads_that_are_too_large_or_nonsense_are_refused() throws Exception {
    try (Activation activation = activation()) {
      assertThat(answerTo("POST /profiles", "X-Large: " + "x".repeat(20_000)))
          .matches("(?s)HTTP/1.[01] 431 .*");
      assertThat(answerTo("POST /profiles?" + "x".repeat(5_000))).matches("(?s)HTTP/1.[01] 414 .*");
      assertThat(answerTo("POST /profiles", "Content-Type: application/json", "Content-Length: x"))
          .matches("(?s)HTTP/1.[01] 4.*");
      assertThat(stopped(activation).received()).isZero();
    }
  }

  @Test
  void whoever_asks_first_whether_the_body_is_wanted_is_told_before_he_sends_it() throws Exception {
    try (Activation activation = activation()) {
      String[] headers = {
        "Content-Type: application/json", "Expect: 100-continue", "Content-Length: 99999999"
      };
      assertThat(answerTo("POST /profiles", headers)).startsWith("HTTP/1.1 413 ");
      String profile = Profiles.prospect("p0");
      headers[2] = "Content-Length: " + profile.length();
      try (Socket socket = call(head("POST /profiles", headers))) {
        byte[] first = socket.getInputStream().readNBytes(21);
        assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo("HTTP/1.1 100 Continue");
        say(socket, profile);
        await().until(() -> kinesis.recordCount() == 1);
      }
      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(1);
    }
  }

  @Test
  void callers_who_are_slow_hold_no_thread_and_are_cut_off() throws Exception {
    home.setting("rest.quietMillis", "1000").setting("rest.concurrency", "2");
    try (Activation activation = activation()) {
      List<Socket> slow = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        slow.add(
            call(
                head("POST /profiles", "Content-Type: application/json", "Content-Length: 100")
                    + "{\"a\""));
      }
      Socket silent = call("");
      Socket halfHead = call("POST /profiles HTTP/1.1\r\nHost: x\r\n");
      try (Socket quick = call(post(Profiles.prospect("p0")))) {
        assertThat(heard(quick)).startsWith("HTTP/1.1 200 ");
      }
      for (Socket socket : slow) {
        assertThat(heard(socket)).startsWith("HTTP/1.1 408 ");
        socket.close();
      }
      assertThat(heard(silent)).isEmpty();
      assertThat(heard(halfHead)).isEmpty();
      silent.close();
      halfHead.close();
      assertThat(stopped(activation).received()).isEqualTo(1);
    }
  }

  @Test
  void a_call_whose_time_is_over_before_enough_has_come_is_told_to_come_again() throws Exception {
    home.setting("rest.quietMillis", "900").setting("rest.timeoutMillis", "1000");
    String head =
        head("POST /profiles", "Content-Type: application/json", "Content-Length: 100000");
    try (Activation activation = activation();
        Socket trickle = call(head)) {
      await()
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> {
                say(trickle, " ");
                return trickle.getInputStream().available() > 0;
              });

      assertThat(heard(trickle)).startsWith("HTTP/1.1 503 ").contains("Retry-After: 10");
      assertThat(stopped(activation).received()).isZero();
    }
  }

  @Test
  void of_an_upload_that_breaks_off_whole_records_go_on_and_the_rest_is_one_returned_record()
      throws Exception {
    home.setting("messages.maxRecordBytes", "10000");
    List<String> lines =
        IntStream.range(0, 2_000).mapToObj(i -> Profiles.prospect("p" + i)).toList();
    String half = String.join("\n", lines);
    try (Activation activation = activation()) {
      Socket socket =
          call(
              head(
                      "POST /profiles",
                      "Content-Type: application/x-ndjson",
                      "Content-Length: " + (half.length() + 1_000))
                  + half.substring(0, half.length() - 10));
      await().until(() -> kinesis.recordCount() >= 500);
      socket.close();
      await()
          .until(
              () -> activation.report().destinations().get("prospects").of(Outcome.RETURNED) == 1);

      Totals totals = stopped(activation);
      assertThat(totals.of(Outcome.DELIVERED))
          .isEqualTo(kinesis.recordCount())
          .isEqualTo(totals.received() - 1)
          .isBetween(500L, 1_999L);
    }
  }

  @Test
  void an_upload_that_breaks_off_at_once_was_never_received() throws Exception {
    try (Activation activation = activation()) {
      call(head("POST /profiles", "Content-Type: application/json", "Content-Length: 1000")
              + Profiles.prospect("p0"))
          .close();
      try (Socket quick = call(post(Profiles.prospect("p1")))) {
        assertThat(heard(quick)).startsWith("HTTP/1.1 200 ");
      }
      assertThat(stopped(activation).received()).isEqualTo(1);
    }
  }

  @Test
  void a_caller_who_hangs_up_after_his_body_changes_nothing() throws Exception {
    kinesis.inject(
        org.audienceactivation.localkinesis.Faults.none().withLatency(Duration.ofMillis(300)));
    try (Activation activation = activation()) {
      Socket socket = call(post(Profiles.prospect("p0")));
      await().until(() -> activation.report().destinations().get("prospects").received() == 1);
      socket.close();

      assertThat(stopped(activation).of(Outcome.DELIVERED)).isEqualTo(1);
    }
  }

  /** Lets in who bears the word. */
  public static final class OneWord implements TokenCheck {
    @Override
    public boolean accepts(String token) {
      if (token.equals("fail")) {
        throw new IllegalStateException(token);
      }
      return token.equals("word");
    }
  }

  @Test
  void bearers_of_tokens_are_let_in_if_a_bean_accepts_them() throws Exception {
    home.setting("rest.host", "0.0.0.0")
        .setting("camel.beans.tokens", "#class:" + OneWord.class.getName())
        .setting("rest.tokenCheck", "tokens");
    try (Activation activation = activation()) {
      for (String token : List.of("other", "fail", "")) {
        assertThat(bearing("Authorization: Bearer " + token))
            .startsWith("HTTP/1.1 401 ")
            .containsIgnoringCase("www-authenticate: Bearer");
      }
      assertThat(bearing("X-API-Key: word")).startsWith("HTTP/1.1 401 ");
      assertThat(bearing("Authorization: bearer word")).startsWith("HTTP/1.1 200 ");
      assertThat(stopped(activation).received()).isEqualTo(1);
    }
  }

  private String bearing(String header) throws IOException {
    String profile = Profiles.prospect("p0");
    try (Socket socket = call(post(profile).replace("Host: x", "Host: x\r\n" + header))) {
      return heard(socket);
    }
  }

  @Test
  void a_step_before_the_split_may_refuse_a_call() throws Exception {
    home.edit(
        "routes/rest.camel.yaml",
        "      steps:\n        - setProperty:\n            id: rest-input",
        REFUSAL + "        - setProperty:\n            id: rest-input");
    try (Activation activation = activation()) {
      assertThat(bearing("X-Friend: no")).startsWith("HTTP/1.1 403 ").endsWith("no");
      assertThat(bearing("X-Friend: yes")).startsWith("HTTP/1.1 200 ");
      assertThat(stopped(activation).received()).isEqualTo(1);
    }
  }

  @Test
  void what_is_answered_is_what_the_open_api_document_says() throws Exception {
    home.setting("rest.apiKey", "a-key-of-some-length");
    try (Activation activation = activation()) {
      JsonNode openApi = body(answerTo("GET /openapi.json"));
      JsonNode operation = openApi.at("/paths/~1profiles/post");
      assertThat(operation.at("/requestBody/content").fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder(consumed());
      String ok = bearing("X-API-Key: a-key-of-some-length");
      String unknown = bearing("X-API-Key: another-key");
      String poison = post("nonsense").replace("Host: x", "X-API-Key: a-key-of-some-length");
      String bad;
      try (Socket socket = call(poison.replace("HTTP/1.1\r\n", "HTTP/1.1\r\nHost: x\r\n"))) {
        bad = heard(socket);
      }
      for (String answer : List.of(ok, unknown, bad)) {
        String status = answer.substring(9, 12);
        assertThat(operation.get("responses").has(status)).as(answer).isTrue();
        String schema = status.equals("200") ? "Results" : "Problem";
        assertThat(schema(openApi, schema).validate(body(answer))).as(answer).isEmpty();
      }
      assertThat(List.of(ok, unknown, bad))
          .extracting(answer -> answer.substring(9, 12))
          .containsExactly("200", "401", "400");
      assertThat(stopped(activation).received()).isEqualTo(2);
    }
  }

  private String[] consumed() {
    String route = home.read("routes/rest.camel.yaml");
    String list = route.substring(route.indexOf("consumes: \"") + 11);
    return list.substring(0, list.indexOf('"')).split(",");
  }

  private static JsonSchema schema(JsonNode openApi, String name) {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("$ref", "#/components/schemas/" + name);
    schema.set("components", openApi.get("components"));
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::"})
  void with_a_key_others_may_reach_it(String host) throws Exception {
    home.setting("rest.host", host).setting("rest.apiKey", "a-key-of-some-length");
    try (Activation activation = activation()) {
      assertThat(bearing("X-API-Key: a-key-of-some-length")).startsWith("HTTP/1.1 200 ");
      assertThat(stopped(activation).received()).isEqualTo(1);
    }
  }

  @Test
  void what_lets_a_caller_in_is_not_seen_by_any_step() throws Exception {
    home.edit(
        "routes/rest.camel.yaml",
        "      steps:\n        - setProperty:\n            id: rest-input",
        REFUSAL.replaceAll(
                "constant:(\\s+)expression: \"no\"", "simple:$1expression: \"seen \\${headers}\"")
            + "        - setProperty:\n            id: rest-input");
    try (Activation activation = activation()) {
      String answer =
          bearing(
              "X-Other: kept\r\nX-API-Key: hush1\r\nAuthorization: Basic hush2\r\n"
                  + "proxy-authorization: Basic hush3\r\nCookie: hush4");
      assertThat(answer).contains("seen ", "kept").doesNotContain("hush");
      assertThat(stopped(activation).received()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xchunked",
        "chunked, identity",
        "gzip, chunked",
        "identity",
        "chunked\r\nTransfer-Encoding: chunked",
        "chunked\r\nContent-Length: 5",
        "xchunked\r\nContent-Length: 5"
      })
  void a_body_whose_end_is_in_doubt_is_refused_and_nothing_after_it_is_a_call(String encoding)
      throws Exception {
    try (Activation activation = activation()) {
      String head =
          head(
              "POST /profiles", "Content-Type: application/json", "Transfer-Encoding: " + encoding);
      try (Socket socket = call(head + "0\r\n\r\n" + post(Profiles.prospect("smuggled")))) {
        assertThat(heard(socket))
            .matches("(?s)HTTP/1.1 (400|501) .*")
            .doesNotContain("HTTP/1.1 200")
            .containsOnlyOnce("HTTP/1.1 ");
      }
      assertThat(stopped(activation).received()).isZero();
    }
  }

  @Test
  void chunks_in_http_1_0_and_no_or_two_hosts_in_http_1_1_are_refused() throws Exception {
    try (Activation activation = activation()) {
      String profile = Profiles.prospect("p0");
      String good = post(profile);
      String old =
          good.replace("HTTP/1.1", "HTTP/1.0")
              .replace("Connection: close", "Transfer-Encoding: chunked");
      for (String bad :
          List.of(
              old,
              good.replace("Host: x\r\n", ""),
              good.replace("Host: x", "Host: x\r\nHost: y"))) {
        try (Socket socket = call(bad)) {
          assertThat(heard(socket)).matches("(?s)HTTP/1.[01] 400 .*");
        }
      }
      assertThat(stopped(activation).received()).isZero();
    }
  }

  @Test
  void as_many_callers_as_are_allowed_are_never_too_many() throws Exception {
    int callers = 4;
    home.setting("rest.concurrency", Integer.toString(callers));
    try (Activation activation = activation()) {
      List<CompletableFuture<Set<String>>> all =
          IntStream.range(0, callers)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> statuses("c" + i, 100)))
              .toList();
      for (CompletableFuture<Set<String>> one : all) {
        assertThat(one.get()).containsExactly("200");
      }
      assertThat(stopped(activation).received()).isEqualTo(400);
    }
  }

  /** Of so many calls on one connection, each as soon as the one before is answered. */
  private Set<String> statuses(String name, int rounds) {
    Set<String> statuses = new TreeSet<>();
    String post = post(Profiles.prospect(name)).replace("Connection: close\r\n", "");
    try (Socket socket = call("")) {
      for (int i = 0; i < rounds; i++) {
        say(socket, post);
        statuses.add(answer(socket).substring(9, 12));
      }
    } catch (IOException e) {
      statuses.add(e.toString());
    }
    return statuses;
  }

  private static String answer(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new IOException("closed after: " + head);
      }
      head.append((char) next);
    }
    String lower = head.toString().toLowerCase(Locale.ROOT);
    int at = lower.indexOf("content-length: ") + 16;
    int length = Integer.parseInt(lower.substring(at, lower.indexOf("\r", at)));
    socket.getInputStream().readNBytes(length);
    return head.toString();
  }

  /** Never comes to a decision, before it is let. */
  public static final class Undecided implements TokenCheck {
    static final CountDownLatch DECIDE = new CountDownLatch(1);

    @Override
    public boolean accepts(String token) {
      try {
        return DECIDE.await(60, TimeUnit.SECONDS) && token.equals("word");
      } catch (InterruptedException e) {
        return false;
      }
    }
  }

  @Test
  void bearers_of_tokens_are_let_in_before_their_body_is_taken_and_hold_nobody_up()
      throws Exception {
    home.setting("rest.concurrency", "1")
        .setting("rest.apiKey", "a-key-of-some-length")
        .setting("camel.beans.tokens", "#class:" + Undecided.class.getName())
        .setting("rest.tokenCheck", "tokens");
    String profile = Profiles.prospect("p0");
    String[] asking = {
      "Authorization: Bearer other",
      "Content-Type: application/json",
      "Expect: 100-continue",
      "Content-Length: " + profile.length()
    };
    try (Activation activation = activation();
        Socket bad = call(head("POST /profiles", asking));
        Socket good = call(head("POST /profiles", asking).replace("other", "word") + profile)) {
      assertThat(bearing("X-API-Key: a-key-of-some-length")).startsWith("HTTP/1.1 200 ");
      Undecided.DECIDE.countDown();
      assertThat(heard(bad)).startsWith("HTTP/1.1 401 ");
      assertThat(new String(good.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 100");
      await().until(() -> kinesis.recordCount() == 2);
      assertThat(stopped(activation).received()).isEqualTo(2);
    }
  }
}
