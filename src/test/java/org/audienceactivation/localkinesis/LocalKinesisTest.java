package org.audienceactivation.localkinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

class LocalKinesisTest {

  private static final String REGION = "us-east-1";
  private static final String JSON = "application/x-amz-json-1.1";

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close_what_was_opened() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
  }

  @Nested
  class Any_client {

    @Test
    void the_default_asynchronous_client_speaks_to_it_in_http_2() {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      server.createStream(REGION, "events", 1);
      KinesisAsyncClient client =
          keep(
              KinesisAsyncClient.builder()
                  .endpointOverride(server.endpoint())
                  .region(software.amazon.awssdk.regions.Region.of(REGION))
                  .credentialsProvider(credentials())
                  .build());
      byte[] large = new byte[900_000];
      Arrays.fill(large, (byte) 7);
      client
          .putRecord(
              r -> r.streamName("events").partitionKey("k").data(SdkBytes.fromByteArray(large)))
          .join();
      assertThat(records(server).get(0).data()).isEqualTo(large);
      String iterator =
          client
              .getShardIterator(
                  r ->
                      r.streamName("events")
                          .shardId("shardId-000000000000")
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .join()
              .shardIterator();
      assertThat(client.getRecords(r -> r.shardIterator(iterator)).join().records()).hasSize(1);
    }

    @Test
    void a_bare_http_client_speaks_json_without_a_signature() throws Exception {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      server.createStream(REGION, "events", 2);
      HttpResponse<String> put =
          call(
              server,
              "PutRecord",
              "{\"StreamName\":\"events\",\"PartitionKey\":\"k\",\"Data\":\"aGVsbG8=\"}");
      assertThat(put.statusCode()).isEqualTo(200);
      assertThat(put.headers().firstValue("content-type")).contains(JSON);
      assertThat(put.headers().firstValue("x-amzn-requestid")).isPresent();
      StoredRecord stored = records(server).get(0);
      assertThat(new String(stored.data(), UTF_8)).isEqualTo("hello");
      JsonNode answer = new ObjectMapper().readTree(put.body());
      assertThat(answer.get("ShardId").textValue()).isEqualTo(stored.shardId());
      assertThat(answer.get("SequenceNumber").textValue()).isEqualTo(stored.sequenceNumber());
      assertThat(call(server, "DescribeStreamSummary", "{\"StreamName\":\"events\"}").body())
          .containsPattern("\"StreamCreationTimestamp\":\\d{10}\\.\\d{3}[,}]");
    }

    @Test
    void the_region_of_the_signature_tells_streams_apart() {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      server.createStream("eu-west-1", "events", 1);
      server.createStream("us-east-1", "events", 1);
      client(server, "eu-west-1")
          .putRecord(
              r -> r.streamName("events").partitionKey("k").data(SdkBytes.fromUtf8String("x")));
      assertThat(records(server)).extracting(StoredRecord::region).containsExactly("eu-west-1");
    }

    @Test
    void a_key_may_have_256_characters_though_each_takes_two_units_of_utf_16() throws Exception {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      server.createStream(REGION, "events", 1);
      String put = "{\"StreamName\":\"events\",\"PartitionKey\":\"%s\",\"Data\":\"aGVsbG8=\"}";

      assertThat(call(server, "PutRecord", put.formatted("😀".repeat(256))).statusCode())
          .isEqualTo(200);
      assertThat(call(server, "PutRecord", put.formatted("😀".repeat(257))).statusCode())
          .isEqualTo(400);
    }

    @Test
    void credentials_may_hold_anything() throws Exception {
      assertThat(
              Region.ofAuthorization(
                  "AWS4-HMAC-SHA256 Credential=a/b/20260101/eu-west-1/kinesis/aws4_request,"
                      + " SignedHeaders=host, Signature=0"))
          .isEqualTo("eu-west-1");
      assertThat(Region.ofAuthorization("Credential=/../x")).isEqualTo("us-east-1");
      assertThat(Region.ofAuthorization("Credential=k/20260101/../kinesis/aws4_request"))
          .isEqualTo("us-east-1");
    }
  }

  @Nested
  class What_it_does_not_understand {

    @Test
    void an_unknown_action_is_told_which_there_are() throws Exception {
      HttpResponse<String> answer =
          call(start(LocalKinesisOptions.defaults()), "MergeEverything", "{}");
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("UnknownOperationException", "PutRecords", "ListShards");
      assertThat(answer.headers().firstValue("x-amzn-errortype"))
          .contains("UnknownOperationException");
    }

    @Test
    void a_malformed_request_is_refused_without_quoting_it() throws Exception {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      for (String body :
          List.of(
              "{\"StreamName\":\"secret",
              "[\"secret\"]",
              "",
              "{\"Records\":[{\"Data\":\"se cret\"}]}",
              "{\"Records\":\"secret\"}",
              "{\"Records\":[\"secret\"]}",
              "{\"StreamName\":{\"secret\":1}}",
              "{\"Records\":[{\"Data\":\"AAAA\",\"PartitionKey\":[\"secret\"]}]}")) {
        HttpResponse<String> answer = call(server, "PutRecords", body);
        assertThat(answer.statusCode()).as(body).isEqualTo(400);
        assertThat(answer.body()).as(body).contains("__type").doesNotContain("secret");
      }
    }

    // by hand, for the JDK's client waits for ever when it asks and is refused
    @Test
    void a_caller_that_asks_first_is_answered_before_it_sends() throws IOException {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      assertThat(statusOfAsking(server, "MergeEverything", 2)).startsWith("HTTP/1.1 400");
      assertThat(statusOfAsking(server, "PutRecords", 20 << 20)).startsWith("HTTP/1.1 413");
      assertThat(statusOfAsking(server, "PutRecords", 2)).startsWith("HTTP/1.1 100");
    }

    private String statusOfAsking(LocalKinesis server, String action, int announced)
        throws IOException {
      try (Socket socket = new Socket(server.endpoint().getHost(), server.endpoint().getPort())) {
        socket.setSoTimeout(5_000);
        socket
            .getOutputStream()
            .write(head(action, announced, "Expect: 100-continue\r\n").getBytes(UTF_8));
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
      }
    }

    @Test
    void other_methods_and_types_are_refused() throws Exception {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      HttpClient http = HttpClient.newHttpClient();
      assertThat(
              http.send(
                      HttpRequest.newBuilder(server.endpoint()).GET().build(),
                      BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(405);
      HttpRequest xml =
          request(server, "ListStreams").setHeader("Content-Type", "text/xml").build();
      assertThat(http.send(xml, BodyHandlers.ofString()).body())
          .contains("SerializationException", "application/x-amz-cbor-1.1");
    }
  }

  @Nested
  class Broken_and_greedy_callers {

    @Test
    void a_request_above_the_limit_is_refused_whether_its_length_is_said_or_not() throws Exception {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      byte[] tooLarge = new byte[(15 << 20) + 1];
      HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      for (HttpRequest.BodyPublisher body :
          List.of(
              BodyPublishers.ofByteArray(tooLarge),
              BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge)))) {
        HttpResponse<String> answer =
            http.send(request(server, "PutRecords").POST(body).build(), BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("larger than");
      }
      assertThat(call(server, "ListStreams", "{}").statusCode()).isEqualTo(200);
    }

    @Test
    void callers_that_hang_up_or_never_finish_do_not_disturb_others() throws Exception {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      server.createStream(REGION, "events", 1);
      for (int i = 0; i < 50; i++) {
        Socket half = halfARequest(server, 5_000_000);
        if (i % 2 == 0) {
          half.close();
        } else {
          keep(half);
        }
      }
      client(server, REGION)
          .putRecord(
              r -> r.streamName("events").partitionKey("k").data(SdkBytes.fromUtf8String("x")));
      assertThat(server.recordCount()).isEqualTo(1);
    }

    @Test
    void more_than_fits_in_memory_is_turned_away_and_forgotten() {
      MemoryBudget budget = new MemoryBudget(1 << 20);
      RequestBody first = new RequestBody(budget, 2 << 20, -1);
      first.add(Buffer.buffer(new byte[600_000]));
      RequestBody second = new RequestBody(budget, 2 << 20, -1);
      assertThatThrownBy(() -> second.add(Buffer.buffer(new byte[600_000])))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(503));
      first.release();
      second.add(Buffer.buffer(new byte[600_000]));
      assertThat(second.length()).isEqualTo(600_000);
    }

    private Socket halfARequest(LocalKinesis server, int announced) throws IOException {
      Socket socket = new Socket(server.endpoint().getHost(), server.endpoint().getPort());
      socket
          .getOutputStream()
          .write((head("PutRecords", announced, "") + "{\"Records\":[").getBytes(UTF_8));
      return socket;
    }
  }

  @Nested
  class Streams_and_time {

    private final AtomicReference<Instant> now =
        new AtomicReference<>(Instant.parse("2026-11-23T12:00:00Z"));
    private final InstantSource clock = now::get;

    @Test
    void a_stream_is_creating_before_it_is_active() {
      LocalKinesis server =
          keep(
              LocalKinesis.start(
                  LocalKinesisOptions.defaults().withCreationTime(Duration.ofSeconds(10)), clock));
      KinesisClient client = client(server, REGION);
      client.createStream(r -> r.streamName("events").shardCount(1));
      assertThat(status(client)).isEqualTo(StreamStatus.CREATING);
      assertThatThrownBy(
              () ->
                  client.putRecord(
                      r ->
                          r.streamName("events")
                              .partitionKey("k")
                              .data(SdkBytes.fromUtf8String("x"))))
          .isInstanceOf(ResourceNotFoundException.class)
          .hasMessageContaining("CREATING");
      now.set(now.get().plusSeconds(10));
      assertThat(status(client)).isEqualTo(StreamStatus.ACTIVE);
    }

    @Test
    void an_iterator_lives_for_five_minutes() {
      LocalKinesis server = keep(LocalKinesis.start(LocalKinesisOptions.defaults(), clock));
      server.createStream(REGION, "events", 1);
      KinesisClient client = client(server, REGION);
      String iterator =
          client
              .getShardIterator(
                  r ->
                      r.streamName("events")
                          .shardId("shardId-000000000000")
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      now.set(now.get().plusSeconds(300));
      client.getRecords(r -> r.shardIterator(iterator));
      now.set(now.get().plusMillis(1));
      assertThatThrownBy(() -> client.getRecords(r -> r.shardIterator(iterator)))
          .isInstanceOf(ExpiredIteratorException.class);
    }

    @Test
    void an_iterator_does_not_outlive_its_stream() {
      LocalKinesis server = keep(LocalKinesis.start(LocalKinesisOptions.defaults(), clock));
      server.createStream(REGION, "events", 1);
      KinesisClient client = client(server, REGION);
      String iterator =
          client
              .getShardIterator(
                  r ->
                      r.streamName("events")
                          .shardId("shardId-000000000000")
                          .shardIteratorType(ShardIteratorType.LATEST))
              .shardIterator();
      client.deleteStream(r -> r.streamName("events"));
      now.set(now.get().plusSeconds(1));
      server.createStream(REGION, "events", 1);
      assertThatThrownBy(() -> client.getRecords(r -> r.shardIterator(iterator)))
          .hasMessageContaining("deleted");
    }

    @Test
    void a_stream_may_take_larger_records_if_its_creator_says_so() {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      KinesisClient client = client(server, REGION);
      client.createStream(r -> r.streamName("events").shardCount(1).maxRecordSizeInKiB(10_240));
      SdkBytes data = SdkBytes.fromByteArray(new byte[(10 << 20) - 1]);
      client.putRecord(r -> r.streamName("events").partitionKey("k").data(data));
      assertThat(records(server).get(0).data()).isEqualTo(data.asByteArray());
    }

    @Test
    void a_put_creates_its_stream_only_if_the_server_is_told_to() {
      LocalKinesis server = start(LocalKinesisOptions.defaults().withAutoCreateStreams(3));
      KinesisClient client = client(server, REGION);
      client.putRecord(
          r -> r.streamName("events").partitionKey("k").data(SdkBytes.fromUtf8String("x")));
      assertThat(client.listShards(r -> r.streamName("events")).shards()).hasSize(3);
    }

    private StreamStatus status(KinesisClient client) {
      return client
          .describeStreamSummary(r -> r.streamName("events"))
          .streamDescriptionSummary()
          .streamStatus();
    }
  }

  @Nested
  class Storage_and_life {

    @Test
    void records_are_given_stream_by_stream_and_shard_by_shard() {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      server.createStream(REGION, "b", 2);
      server.createStream(REGION, "a", 2);
      server.createStream(REGION, "a", 2);
      put(server, "b", 20);
      put(server, "a", 20);
      List<StoredRecord> records = records(server);
      assertThat(records)
          .hasSize(40)
          .extracting(r -> r.stream() + r.shardId() + r.sequenceNumber())
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(server.recordCount()).isEqualTo(40);
    }

    @Test
    void a_given_directory_is_kept_and_earlier_logs_are_left_alone(@TempDir Path directory)
        throws IOException {
      for (int run = 0; run < 2; run++) {
        try (LocalKinesis server =
            LocalKinesis.start(LocalKinesisOptions.defaults().withDirectory(directory))) {
          server.createStream(REGION, "events", 1);
          put(server, "events", 1);
          assertThat(server.recordCount()).isEqualTo(1);
        }
      }
      assertThat(files(directory)).hasSize(2);
    }

    @Test
    void without_storage_records_are_counted_and_dropped() {
      LocalKinesis server = start(LocalKinesisOptions.defaults().withStorage(Storage.NONE));
      server.createStream(REGION, "events", 2);
      PutRecordsResponse response = put(server, "events", 10);
      assertThat(response.records())
          .allSatisfy(r -> assertThat(r.shardId()).startsWith("shardId-"))
          .extracting(r -> r.shardId() + r.sequenceNumber())
          .doesNotHaveDuplicates();
      assertThat(server.recordCount()).isEqualTo(10);
      assertThatThrownBy(() -> server.forEachRecord(record -> {}))
          .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_temporary_directory_is_gone_after_close() throws IOException {
      LogHome home = LogHome.of(LocalKinesisOptions.defaults());
      RecordLog log = home.newLog(new StreamKey(REGION, "events"), 0, "shard");
      log.append(List.of(new PutEntry(new byte[1], new HashKey(0, 0), new byte[9], 0, 9)), 0);
      log.close();
      assertThat(home.root()).exists();
      home.close();
      assertThat(home.root()).doesNotExist();
    }

    @Test
    void a_deleted_stream_leaves_nothing_behind(@TempDir Path directory) throws IOException {
      LocalKinesis server = start(LocalKinesisOptions.defaults().withDirectory(directory));
      server.createStream(REGION, "events", 3);
      put(server, "events", 30);
      assertThat(files(directory)).isNotEmpty();
      client(server, REGION).deleteStream(r -> r.streamName("events"));
      assertThat(directory.resolve(REGION)).isEmptyDirectory();
    }

    @Test
    void what_cannot_be_written_fails_by_itself(@TempDir Path directory) throws IOException {
      Files.writeString(directory.resolve(REGION), "a file where a folder should be");
      LocalKinesis server = start(LocalKinesisOptions.defaults().withDirectory(directory));
      server.createStream(REGION, "events", 1);
      PutRecordsResponse response = put(server, "events", 2);
      assertThat(response.failedRecordCount()).isEqualTo(2);
      assertThat(response.records()).extracting("errorCode").containsOnly("InternalFailure");
    }

    @Test
    void a_port_that_is_taken_is_named() {
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      int port = server.endpoint().getPort();
      assertThatThrownBy(() -> LocalKinesis.start(LocalKinesisOptions.defaults().withPort(port)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("127.0.0.1:" + port)
          .hasMessageContaining("in use");
    }

    @Test
    void options_that_cannot_be_are_named() {
      assertThatThrownBy(() -> LocalKinesisOptions.defaults().withPort(70_000))
          .hasMessageContaining("port must be 0 to 65535, is 70000");
      assertThatThrownBy(() -> LocalKinesisOptions.defaults().withDefaultShards(0))
          .hasMessageContaining("defaultShards must be 1 to");
      LocalKinesis server = start(LocalKinesisOptions.defaults());
      assertThatThrownBy(() -> server.createStream(REGION, "a/../b", 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("streamName");
    }

    private List<Path> files(Path directory) throws IOException {
      try (Stream<Path> paths = Files.walk(directory)) {
        return paths.filter(Files::isRegularFile).toList();
      }
    }
  }

  private static String head(String action, int announced, String more) {
    return "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: Kinesis_20131202."
        + action
        + "\r\nContent-Type: "
        + JSON
        + "\r\nContent-Length: "
        + announced
        + "\r\n"
        + more
        + "\r\n";
  }

  private LocalKinesis start(LocalKinesisOptions options) {
    return keep(LocalKinesis.start(options));
  }

  private <T extends AutoCloseable> T keep(T closeable) {
    opened.add(closeable);
    return closeable;
  }

  private KinesisClient client(LocalKinesis server, String region) {
    return keep(
        KinesisClient.builder()
            .endpointOverride(server.endpoint())
            .region(software.amazon.awssdk.regions.Region.of(region))
            .credentialsProvider(credentials())
            .httpClientBuilder(ApacheHttpClient.builder())
            .build());
  }

  private static StaticCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret"));
  }

  private PutRecordsResponse put(LocalKinesis server, String stream, int records) {
    List<PutRecordsRequestEntry> entries =
        IntStream.range(0, records)
            .mapToObj(
                i ->
                    PutRecordsRequestEntry.builder()
                        .partitionKey("key-" + i)
                        .data(SdkBytes.fromUtf8String("data-" + i))
                        .build())
            .toList();
    return client(server, REGION).putRecords(r -> r.streamName(stream).records(entries));
  }

  private static List<StoredRecord> records(LocalKinesis server) {
    List<StoredRecord> records = new ArrayList<>();
    server.forEachRecord(records::add);
    return records;
  }

  private static HttpRequest.Builder request(LocalKinesis server, String action) {
    return HttpRequest.newBuilder(server.endpoint())
        .header("Content-Type", JSON)
        .header("X-Amz-Target", "Kinesis_20131202." + action)
        .POST(BodyPublishers.noBody());
  }

  private static HttpResponse<String> call(LocalKinesis server, String action, String json)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            request(server, action).POST(BodyPublishers.ofString(json)).build(),
            BodyHandlers.ofString());
  }
}
