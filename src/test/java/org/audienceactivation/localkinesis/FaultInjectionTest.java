package org.audienceactivation.localkinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;

/** What callers see of a server that misbehaves, and what it has stored then. */
class FaultInjectionTest {

  private final OneStream stream = OneStream.of(2, LocalKinesisOptions.defaults());

  @AfterEach
  void close() {
    stream.close();
  }

  private void inject(String faults) {
    stream.server.inject(Faults.parse(faults));
  }

  @Nested
  class Records {

    @Test
    void some_are_throttled_and_some_fail_and_the_others_are_stored() {
      inject("throttle=30,internal=20");

      List<PutRecordsResultEntry> results = stream.put(500).records();

      long throttled = count(results, "ProvisionedThroughputExceededException");
      long failed = count(results, "InternalFailure");
      assertThat(throttled).isBetween(75L, 225L);
      assertThat(failed).isBetween(40L, 160L);
      assertThat(stream.server.recordCount()).isEqualTo(500 - throttled - failed);
      assertThat(stream.server.stats().faults())
          .containsEntry("throttle", throttled)
          .containsEntry("internal", failed);
    }

    @Test
    void their_errors_are_worded_as_the_service_words_them() {
      inject("throttle=100");
      PutRecordsResultEntry result = stream.put(1).records().get(0);
      assertThat(result.errorMessage())
          .matches(
              "Rate exceeded for shard shardId-00000000000[01] in stream events under account"
                  + " 000000000000\\.");
      assertThat(result.shardId()).isNull();
      assertThat(result.sequenceNumber()).isNull();
      inject("internal=100");
      assertThat(stream.put(1).records().get(0).errorMessage())
          .isEqualTo("Internal service failure.");
    }

    @Test
    void the_only_record_of_a_call_fails_with_it() {
      inject("throttle=100");
      assertThatThrownBy(() -> stream.putOne("key"))
          .isInstanceOf(ProvisionedThroughputExceededException.class);
      inject("internal=100");
      assertThatThrownBy(() -> stream.putOne("key"))
          .satisfies(e -> assertError(e, 500, "InternalFailure"));
      assertThat(stream.server.recordCount()).isZero();
    }

    @Test
    void the_same_calls_meet_the_same_faults_again() {
      List<List<String>> runs = new ArrayList<>();
      for (String seed : List.of("1", "1", "2")) {
        inject("throttle=20,internal=20,seed=" + seed);
        runs.add(
            IntStream.range(0, 4)
                .mapToObj(call -> stream.put(50))
                .flatMap(response -> response.records().stream())
                .map(result -> "" + result.errorCode())
                .toList());
      }
      assertThat(runs.get(1)).isEqualTo(runs.get(0));
      assertThat(runs.get(2)).isNotEqualTo(runs.get(0));
    }

    private static long count(List<PutRecordsResultEntry> results, String code) {
      return results.stream().filter(result -> code.equals(result.errorCode())).count();
    }
  }

  @Nested
  class Calls {

    static Stream<Fault> refusals() {
      return Arrays.stream(Fault.values()).filter(fault -> fault.refusal().isPresent());
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void each_error_reaches_the_caller_and_nothing_is_stored(Fault fault) {
      stream.server.inject(Faults.none().with(fault, 100));

      ApiException expected = fault.refusal().orElseThrow();
      assertThatThrownBy(() -> stream.put(3))
          .satisfies(e -> assertError(e, expected.status(), expected.type()));
      assertThat(stream.server.recordCount()).isZero();
      assertThat(stream.server.stats().faults()).containsEntry(fault.text(), 1L);
    }

    @Test
    void reading_and_describing_go_on_unless_they_are_named() {
      inject("http-500=100");
      assertThat(stream.openShards()).hasSize(2);
      inject("http-500=100,on=ListShards");
      assertThatThrownBy(stream::openShards).satisfies(e -> assertError(e, 500, "InternalFailure"));
      assertThat(stream.put(1).failedRecordCount()).isZero();
    }

    @Test
    void an_action_that_is_denied_is_named() {
      inject("deny=PutRecords+DescribeStreamSummary");

      assertThatThrownBy(() -> stream.put(1))
          .satisfies(e -> assertError(e, 400, "AccessDeniedException"))
          .hasMessageContaining("is not authorized to perform: kinesis:PutRecords");
      assertThatThrownBy(
              () -> stream.client.describeStreamSummary(r -> r.streamName(OneStream.NAME)))
          .satisfies(e -> assertError(e, 400, "AccessDeniedException"));
      assertThat(stream.putOne("key").shardId()).isNotNull();
      assertThat(stream.server.stats().faults()).containsEntry("deny", 2L);
    }

    @Test
    void faults_replace_those_before_them() {
      inject("http-500=100");
      inject("throttle=100");
      assertThat(stream.put(2).failedRecordCount()).isEqualTo(2);
      stream.server.inject(Faults.none());
      assertThat(stream.put(2).failedRecordCount()).isZero();
    }

    @Test
    void a_server_can_misbehave_from_its_start() {
      LocalKinesisOptions options =
          LocalKinesisOptions.defaults().withFaults(Faults.parse("throttle=100"));
      try (OneStream started = OneStream.of(1, options)) {
        assertThat(started.put(2).failedRecordCount()).isEqualTo(2);
      }
    }
  }

  @Nested
  class A_stream_that_is_not_active {

    @ParameterizedTest
    @EnumSource(names = {"CREATING", "DELETING"})
    void is_not_found_by_those_who_put_and_read(StreamStatus status) {
      stream.server.inject(Faults.none().withStatus(status));

      assertThat(described()).isEqualTo(status.name());
      assertThatThrownBy(() -> stream.put(1)).isInstanceOf(ResourceNotFoundException.class);
      assertThatThrownBy(() -> stream.putOne("key"))
          .isInstanceOf(ResourceNotFoundException.class)
          .hasMessageContaining(status.name());
      assertThatThrownBy(
              () ->
                  stream.client.getShardIterator(
                      r ->
                          r.streamName(OneStream.NAME)
                              .shardId(OneStream.FIRST_SHARD)
                              .shardIteratorType("LATEST")))
          .isInstanceOf(ResourceNotFoundException.class);
      assertThatThrownBy(this::split).isInstanceOf(ResourceInUseException.class);
    }

    @Test
    void takes_records_while_it_is_updating_but_is_not_resharded() {
      inject("status=updating");

      assertThat(described()).isEqualTo("UPDATING");
      assertThat(stream.put(5).failedRecordCount()).isZero();
      assertThatThrownBy(this::split).isInstanceOf(ResourceInUseException.class);
    }

    @Test
    void is_not_found_even_by_a_put_that_would_create_it() {
      LocalKinesisOptions options =
          LocalKinesisOptions.defaults()
              .withAutoCreateStreams(1)
              .withFaults(Faults.parse("status=CREATING"));
      try (OneStream creating = OneStream.of(1, options)) {
        assertThatThrownBy(() -> creating.put(1)).isInstanceOf(ResourceNotFoundException.class);
      }
    }

    private void split() {
      stream.client.splitShard(
          r ->
              r.streamName(OneStream.NAME)
                  .shardToSplit(OneStream.FIRST_SHARD)
                  .newStartingHashKey("1000"));
    }

    private String described() {
      return stream
          .client
          .describeStreamSummary(r -> r.streamName(OneStream.NAME))
          .streamDescriptionSummary()
          .streamStatusAsString();
    }
  }

  @Nested
  class Connections {

    @Test
    void dropped_before_means_not_stored() {
      inject("drop=100");
      assertThatThrownBy(() -> stream.put(3)).isInstanceOf(SdkClientException.class);
      stream.server.inject(Faults.none());
      assertThat(stream.put(2).failedRecordCount()).isZero();
      assertThat(stream.server.recordCount()).isEqualTo(2);
    }

    @Test
    void dropped_after_means_stored_without_a_word() {
      inject("drop-after=100");
      assertThatThrownBy(() -> stream.put(3)).isInstanceOf(SdkClientException.class);
      assertThat(stream.server.recordCount()).isEqualTo(3);
      assertThat(stream.server.stats().faults()).containsEntry("drop-after", 1L);
    }

    @Test
    void an_outage_meets_every_action_and_ends() {
      stream.put(1);
      inject("outage");
      assertThatThrownBy(() -> stream.put(3)).isInstanceOf(SdkClientException.class);
      assertThatThrownBy(stream::openShards).isInstanceOf(SdkClientException.class);
      assertThat(stream.server.stats().faults()).containsEntry("outage", 2L);
      inject("outage=false");
      assertThat(stream.put(2).failedRecordCount()).isZero();
      assertThat(stream.server.recordCount()).isEqualTo(3);
    }

    @Test
    void in_http_2_it_is_the_call_that_is_dropped() {
      try (KinesisAsyncClient client = http2()) {
        inject("drop=50,seed=1");
        long dropped =
            IntStream.range(0, 40)
                .mapToObj(i -> put(client, "k" + i).handle((put, broken) -> broken != null))
                .toList()
                .stream()
                .filter(outcome -> outcome.join())
                .count();
        assertThat(dropped).isBetween(1L, 39L);
        assertThat(stream.server.recordCount()).isEqualTo(40 - dropped);
      }
    }

    private static CompletableFuture<?> put(KinesisAsyncClient client, String key) {
      return client.putRecord(
          r ->
              r.streamName(OneStream.NAME).partitionKey(key).data(SdkBytes.fromUtf8String("data")));
    }
  }

  @Nested
  class Latency {

    private final List<Socket> callers = new ArrayList<>();

    @AfterEach
    void hang_up() throws IOException {
      for (Socket caller : callers) {
        caller.close();
      }
    }

    @Test
    void calls_that_wait_do_not_hold_up_others() throws IOException {
      inject("latency=60m,on=PutRecord");
      for (int i = 0; i < 64; i++) {
        callers.add(caller());
      }
      Awaitility.await()
          .until(() -> stream.server.stats().calls().getOrDefault("PutRecord", 0L) == 64);

      assertThat(stream.put(10).failedRecordCount()).isZero();
      assertThat(stream.server.recordCount()).isEqualTo(10);
    }

    @Test
    void who_hangs_up_while_it_waits_has_lost_the_answer_not_the_call() throws IOException {
      inject("latency=300ms");
      Socket caller = caller();
      Awaitility.await().until(() -> stream.server.stats().calls().containsKey("PutRecord"));
      caller.close();

      Awaitility.await().untilAsserted(() -> assertThat(stream.server.recordCount()).isEqualTo(1));
    }

    @Test
    void who_gives_up_in_http_2_has_lost_the_answer_not_the_call() {
      try (KinesisAsyncClient client = http2()) {
        // so that what follows is sent well before it is given up
        putOne(client, Duration.ofSeconds(30)).join();
        inject("latency=2s");
        assertThatThrownBy(putOne(client, Duration.ofSeconds(1))::join)
            .hasCauseInstanceOf(ApiCallTimeoutException.class);

        Awaitility.await()
            .untilAsserted(() -> assertThat(stream.server.recordCount()).isEqualTo(2));
      }
    }

    private static CompletableFuture<?> putOne(KinesisAsyncClient client, Duration patience) {
      return client.putRecord(
          r ->
              r.streamName(OneStream.NAME)
                  .partitionKey("key")
                  .data(SdkBytes.fromUtf8String("data"))
                  .overrideConfiguration(o -> o.apiCallTimeout(patience)));
    }

    @Test
    void jitter_lets_calls_take_their_turn_at_different_times() {
      FaultInjector injector = new FaultInjector(new Tally());
      injector.inject(Faults.parse("latency=20ms,jitter=30ms"));
      List<Long> delays =
          IntStream.range(0, 2_000)
              .mapToObj(i -> injector.fateOf(Action.PUT_RECORD).delayMillis())
              .toList();
      assertThat(delays).allSatisfy(delay -> assertThat(delay).isBetween(20L, 50L));
      assertThat(delays).contains(20L, 35L, 50L);
    }

    private Socket caller() throws IOException {
      URI endpoint = stream.server.endpoint();
      String body = "{\"StreamName\":\"events\",\"PartitionKey\":\"k\",\"Data\":\"aGVsbG8=\"}";
      Socket socket = new Socket(endpoint.getHost(), endpoint.getPort());
      socket
          .getOutputStream()
          .write(
              ("POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Kinesis_20131202.PutRecord\r\n"
                      + "Content-Type: application/x-amz-json-1.1\r\nContent-Length: "
                      + body.length()
                      + "\r\n\r\n"
                      + body)
                  .getBytes(StandardCharsets.UTF_8));
      return socket;
    }
  }

  @Nested
  class Other_processes {

    @Test
    void set_faults_read_them_and_take_them_back() throws Exception {
      HttpResponse<String> put =
          call(
              "PUT", "/faults", "{\"throttle\":100,\"deny\":[\"ListShards\"],\"latency\":\"1ms\"}");
      assertThat(put.statusCode()).isEqualTo(200);
      assertThat(stream.server.faults())
          .isEqualTo(Faults.parse("throttle=100,deny=ListShards,latency=1ms"));
      assertThat(stream.put(2).failedRecordCount()).isEqualTo(2);
      assertThat(call("GET", "/faults", "").body())
          .isEqualToIgnoringNewLines(
              "{\"throttle\":100,\"latency\":\"1ms\",\"deny\":[\"ListShards\"]}");
      assertThat(call("DELETE", "/faults", "").body()).isEqualToIgnoringNewLines("{}");
      assertThat(stream.put(2).failedRecordCount()).isZero();
    }

    @Test
    void what_was_answered_can_be_put_again() throws Exception {
      Faults faults =
          Faults.parse(
              "throttle=1.5,drop=2,latency=3ms,jitter=4ms,on=GetRecords+PutRecord,deny=PutRecords,"
                  + "status=UPDATING,outage=true,seed=9");
      stream.server.inject(faults);
      String answer = call("GET", "/faults", "").body();
      stream.server.inject(Faults.none());
      call("PUT", "/faults", answer);
      assertThat(stream.server.faults()).isEqualTo(faults);
    }

    @Test
    void are_told_what_is_wrong_and_nothing_changes() throws Exception {
      inject("drop=1");
      for (String body :
          List.of(
              "{\"drip\":1}",
              "{\"drop\":101}",
              "{\"drop\":1,\"drop\":2}",
              "{\"drop\":{}}",
              "{\"deny\":[[\"PutRecords\"]]}",
              "[]",
              "{\"drop\":1",
              "{\"drop\":1} {}",
              "{\"drop\":",
              "")) {
        HttpResponse<String> refused = call("PUT", "/faults", body);
        assertThat(refused.statusCode()).as(body).isEqualTo(400);
        assertThat(refused.body()).as(body).startsWith("{\"message\":\"");
      }
      assertThat(call("PUT", "/faults", "{\"drip\":1}").body())
          .contains("there is no fault 'drip'; there are throttle, ");
      assertThat(stream.server.faults()).isEqualTo(Faults.parse("drop=1"));
    }

    @Test
    void are_told_which_methods_there_are() throws Exception {
      assertThat(call("PATCH", "/faults", "{}").statusCode()).isEqualTo(405);
      assertThat(call("PUT", "/stats", "{}").statusCode()).isEqualTo(405);
      assertThat(call("POST", "/faults", "{}").body()).contains("use PUT to set faults");
      assertThat(call("PUT", "/faults", " ".repeat(70_000)).statusCode()).isEqualTo(413);
      HttpRequest unsized =
          HttpRequest.newBuilder(stream.server.endpoint().resolve("/faults"))
              .PUT(BodyPublishers.ofInputStream(InputStream::nullInputStream))
              .build();
      assertThat(HttpClient.newHttpClient().send(unsized, BodyHandlers.discarding()).statusCode())
          .isEqualTo(411);
    }

    @Test
    void on_other_machines_are_not_answered() throws Exception {
      Optional<InetAddress> address = addressOfThisMachineInItsNetwork();
      assumeTrue(address.isPresent(), "skipped: this machine is in no network");
      LocalKinesisOptions options =
          LocalKinesisOptions.defaults().withHost(address.get().getHostAddress());
      try (LocalKinesis server = LocalKinesis.start(options)) {
        HttpRequest request =
            HttpRequest.newBuilder(server.endpoint().resolve("/faults"))
                .PUT(BodyPublishers.ofString("{\"drop\":1}"))
                .build();
        assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.discarding()).statusCode())
            .isEqualTo(403);
        assertThat(server.faults()).isEqualTo(Faults.none());
      }
    }

    private static Optional<InetAddress> addressOfThisMachineInItsNetwork() throws SocketException {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
          .findFirst();
    }

    @Test
    void see_what_was_counted() throws Exception {
      PutRecordsResponse put = stream.put(3);
      assertThat(put.failedRecordCount()).isZero();
      stream.server.splitShard(OneStream.REGION, OneStream.NAME, OneStream.FIRST_SHARD);
      inject("internal=100");
      stream.put(2);
      inject("drop-after=100");
      assertThatThrownBy(() -> stream.put(4)).isInstanceOf(SdkClientException.class);
      String stats = call("GET", "/stats", "").body();
      assertThat(stats)
          .contains(
              "\"calls\":{\"PutRecords\":3}",
              "\"putRecords\":9",
              "\"putBytes\":135",
              "\"storedRecords\":7",
              "\"unanswered\":4",
              "\"faults\":{\"drop-after\":1,\"internal\":2}",
              "\"region\":\"us-east-1\",\"name\":\"events\",\"status\":\"ACTIVE\"",
              "{\"id\":\"shardId-000000000000\",\"open\":false",
              "{\"id\":\"shardId-000000000003\",\"open\":true");
    }

    @Test
    void are_told_what_to_say_where_they_say_nothing() throws Exception {
      HttpRequest empty =
          HttpRequest.newBuilder(stream.server.endpoint().resolve("/faults"))
              .version(HttpClient.Version.HTTP_1_1)
              .method("PUT", BodyPublishers.noBody())
              .build();

      HttpResponse<String> refused =
          HttpClient.newHttpClient().send(empty, BodyHandlers.ofString());

      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("the body must be one JSON object such as");
    }

    private HttpResponse<String> call(String method, String path, String body) throws Exception {
      HttpRequest request =
          HttpRequest.newBuilder(stream.server.endpoint().resolve(path))
              .method(method, BodyPublishers.ofString(body))
              .build();
      return HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build()
          .send(request, BodyHandlers.ofString());
    }
  }

  private KinesisAsyncClient http2() {
    return KinesisAsyncClient.builder()
        .endpointOverride(stream.server.endpoint())
        .region(software.amazon.awssdk.regions.Region.of(OneStream.REGION))
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
        .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
        .build();
  }

  private static void assertError(Throwable thrown, int status, String code) {
    assertThat(thrown)
        .isInstanceOfSatisfying(
            KinesisException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(status);
              assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
            });
  }
}
