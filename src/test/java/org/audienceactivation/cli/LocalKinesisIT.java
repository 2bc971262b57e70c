package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The local Kinesis as a process of its own, as tests in any language use it. */
class LocalKinesisIT {
  private static final Pattern ENDPOINT = Pattern.compile("Kinesis listens at (http://\\S+)");
  private static final String RECORD =
      "{\"StreamName\":\"events\",\"PartitionKey\":\"k\",\"Data\":\"aGVsbG8=\"}";

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void it_misbehaves_as_it_is_told_and_ends_when_it_is_asked_to() throws Exception {
    try (Program program =
        Program.start(
            List.of("-Xmx128m"),
            "local-kinesis",
            "--port",
            "0",
            "--streams",
            "events:1",
            "--storage",
            "none",
            "--shard-limits",
            "--fault",
            "throttle=100")) {
      URI kinesis = endpoint(program);

      assertThat(put(kinesis)).isEqualTo(400);
      assertThat(faults(kinesis, "{}")).isEqualTo(200);
      assertThat(put(kinesis)).isEqualTo(200);
      assertThat(faults(kinesis, "{\"http-503\":100}")).isEqualTo(200);
      assertThat(put(kinesis)).isEqualTo(503);
      assertThat(stats(kinesis))
          .contains("\"storedRecords\":1,", "\"faults\":{\"http-503\":1,\"throttle\":1}");

      program.terminate();
      Program.Ended ended = program.await();
      assertThat(ended.status()).isZero();
      assertThat(ended.err()).isEmpty();
    }
  }

  private static URI endpoint(Program program) {
    Matcher matcher =
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> ENDPOINT.matcher(program.out()), Matcher::find);
    return URI.create(matcher.group(1));
  }

  private int put(URI kinesis) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(kinesis)
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", "Kinesis_20131202.PutRecord")
            .POST(BodyPublishers.ofString(RECORD))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private int faults(URI kinesis, String json) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(kinesis.resolve("/faults"))
            .PUT(BodyPublishers.ofString(json))
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private String stats(URI kinesis) throws Exception {
    return http.send(
            HttpRequest.newBuilder(kinesis.resolve("/stats")).build(), BodyHandlers.ofString())
        .body();
  }
}
