package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The packaged program behind HTTP: kills lose nothing that was answered, and a small heap is
 * enough.
 */
@Timeout(240)
class RestProgramIT {
  private static final Duration PATIENCE = Duration.ofSeconds(100);

  /** How long the stream is down; a minute and more when somebody wants to see it. */
  private static final Duration DOWN =
      Duration.ofSeconds(Integer.getInteger("audience-activation.outage.seconds", 5));

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;
  private URI profiles;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeEach
  void start() throws Exception {
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    profiles = URI.create("http://127.0.0.1:" + port + "/profiles");
    home = TestHome.shippedIn(folder);
    home.setting("files.enabled", "false")
        .setting("rest.enabled", "true")
        .setting("rest.port", Integer.toString(port))
        .setting("rest.timeoutMillis", "100000");
    home.edit(
        "destinations/prospects.yaml", "stream:", "stream:\n  endpoint: " + kinesis.endpoint());
    home.edit(
        "destinations/prospects.yaml",
        "type: default",
        "type: static\n  accessKeyId: local\n  secretAccessKey: local");
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private Program program() {
    Program program =
        Program.start(
            List.of("-Xmx96m", "-XX:+ExitOnOutOfMemoryError"),
            "run",
            "--home",
            home.home().directory().toString());
    await().atMost(PATIENCE).until(() -> program.err().contains("Listening for HTTP"));
    return program;
  }

  private HttpRequest.Builder request() {
    return HttpRequest.newBuilder(profiles).timeout(PATIENCE);
  }

  private Set<String> delivered() {
    Set<String> keys = new HashSet<>();
    kinesis.forEachRecord(record -> keys.add(record.partitionKey()));
    return keys;
  }

  @Test
  void a_kill_in_the_middle_loses_nothing_that_was_answered() throws Exception {
    kinesis.inject(Faults.none().withLatency(Duration.ofMillis(5)));
    Set<String> answered = ConcurrentHashMap.newKeySet();

    try (Program program = program()) {
      List<CompletableFuture<?>> callers =
          IntStream.range(0, 8)
              .<CompletableFuture<?>>mapToObj(
                  caller -> CompletableFuture.runAsync(() -> callUntilItFails(caller, answered)))
              .toList();
      await().atMost(PATIENCE).until(() -> answered.size() > 500);
      program.kill();
      callers.forEach(CompletableFuture::join);
    }

    assertThat(answered).hasSizeGreaterThan(500);
    assertThat(delivered()).containsAll(answered);
  }

  @Test
  void bodies_of_any_size_go_through_a_small_heap() throws Exception {
    int profilesInOne = 60_000;
    Path body = folder.resolve("large.ndjson");
    Files.write(body, IntStream.range(0, profilesInOne).mapToObj(RestProgramIT::profile).toList());
    home.setting("rest.maxBytes", Long.toString(Files.size(body)));
    HttpRequest call =
        request()
            .header("Content-Type", "application/x-ndjson")
            .header("Prefer", "return=minimal")
            .POST(BodyPublishers.ofFile(body))
            .build();

    try (Program program = program()) {
      List<String> answers =
          Stream.generate(() -> http.sendAsync(call, BodyHandlers.ofString()))
              .limit(4)
              .toList()
              .stream()
              .map(answer -> answer.join().body())
              .toList();

      assertThat(answers)
          .as(program.err())
          .hasSize(4)
          .allMatch(
              answer -> answer.contains("{\"prospects\":{\"delivered\":" + profilesInOne + "}}"));
    }
    assertThat(Files.size(body)).as("of each of four, in a heap of 96 MB").isGreaterThan(24L << 20);
  }

  @Test
  void an_outage_is_answered_in_time_and_costs_nobody_who_calls_again_a_record() throws Exception {
    int callers = 30;
    int callsOfEach = 4;
    int profilesInOne = 500;
    home.setting("rest.timeoutMillis", "1000");
    kinesis.inject(Faults.none().with(Fault.HTTP_500, 100));
    LongAdder unavailable = new LongAdder();

    ExecutorService pool = Executors.newFixedThreadPool(callers);
    try (Program program = program()) {
      List<CompletableFuture<?>> calls =
          IntStream.range(0, callers)
              .<CompletableFuture<?>>mapToObj(
                  caller ->
                      CompletableFuture.runAsync(
                          () -> {
                            for (int call = 0; call < callsOfEach; call++) {
                              int first = (caller * callsOfEach + call) * profilesInOne;
                              callUntilItIsTaken(profiles(first, profilesInOne), unavailable);
                            }
                          },
                          pool))
              .toList();
      await()
          .during(DOWN)
          .atMost(DOWN.plusSeconds(30))
          .until(() -> program.isAlive() && kinesis.recordCount() == 0);
      kinesis.inject(Faults.none());
      CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new))
          .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

      assertThat(program.isAlive()).as(program.err()).isTrue();
    } finally {
      pool.shutdownNow();
    }
    assertThat(unavailable.sum()).as("answers 503").isGreaterThanOrEqualTo(callers);
    assertThat(delivered()).hasSize(callers * callsOfEach * profilesInOne);
  }

  private static String profiles(int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(i -> Profiles.prospect("p" + i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private void callUntilItIsTaken(String body, LongAdder unavailable) {
    HttpRequest call =
        request()
            .header("Content-Type", "application/json")
            .header("Prefer", "return=minimal")
            .POST(BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> answer = http.sendAsync(call, BodyHandlers.ofString()).join();
    while (answer.statusCode() == 503) {
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      unavailable.increment();
      answer = http.sendAsync(call, BodyHandlers.ofString()).join();
    }
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  private static String profile(int number) {
    return Profiles.prospect("p" + number)
        .replaceFirst("\\{", "{\"note\":\"" + "x".repeat(200) + "\",");
  }

  private void callUntilItFails(int caller, Set<String> answered) {
    try {
      for (int i = 0; ; i++) {
        String name = "c" + caller + "-" + i;
        HttpRequest call =
            request()
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Profiles.prospect(name)))
                .build();
        if (http.send(call, BodyHandlers.ofString()).statusCode() == 200) {
          answered.add(name);
        }
      }
    } catch (IOException killed) {
      // as it was meant to be
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
