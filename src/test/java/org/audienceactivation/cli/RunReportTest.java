package org.audienceactivation.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Ledger;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.cli.RunReport.Delivery;
import org.audienceactivation.destination.StreamTarget;
import org.audienceactivation.kinesis.sender.LongLine;
import org.audienceactivation.kinesis.sender.SkewReport;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.localkinesis.ShardLimits;
import org.audienceactivation.route.ConfigurationInForce;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How evenly the records went to the streams, as a run tells it in the end. */
@Timeout(60)
class RunReportTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ConfigurationInForce CONFIGURATION =
      new ConfigurationInForce("c12b37ccbebb", Instant.parse("2026-11-24T20:15:00Z"));

  @Nested
  class Of_a_run_against_a_server {

    @TempDir Path folder;
    private TestHome home;

    @Test
    void whose_exports_are_mostly_one_profile_it_names_shard_and_key_and_the_remedy()
        throws Exception {
      ShardLimits limits = new ShardLimits(3_000, Integer.MAX_VALUE);

      InProcess.Ended ended =
          run(
              LocalKinesisOptions.defaults().withShardLimits(limits),
              IntStream.range(0, 12_000).mapToObj(i -> i % 8 == 0 ? "p" + i : "everybody"));

      assertThat(ended.status()).as(ended.err()).isZero();
      assertThat(ended.out().lines().toList())
          .last()
          .asString()
          .startsWith(
              "prospects: stream prospects-events in eu-west-1 was held back by shard shardId-")
          .contains("One partition key (SHA-256")
          .doesNotContain("everybody");
      JsonNode delivery = report().at("/delivery/prospects");
      assertThat(delivery.path("stream").asText()).isEqualTo("prospects-events");
      assertThat(delivery.path("region").asText()).isEqualTo("eu-west-1");
      assertThat(sum(delivery.path("shards"), "records")).isEqualTo(12_000);
      assertThat(sum(delivery.path("shards"), "throttled")).isPositive();
      assertThat(delivery.path("heavyKeys")).hasSize(1);
      assertThat(delivery.at("/heavyKeys/0/share").asDouble()).isBetween(0.7, 1.0);
      assertThat(delivery.toString()).doesNotContain("everybody");
      assertThat(mistakesIn(report())).isEmpty();
    }

    @Test
    void that_used_its_stream_evenly_it_says_nothing_but_what_each_shard_took() throws Exception {
      InProcess.Ended ended =
          run(LocalKinesisOptions.defaults(), IntStream.range(0, 2_000).mapToObj(i -> "p" + i));

      assertThat(ended.status()).as(ended.err()).isZero();
      assertThat(ended.out()).doesNotContain("held back");
      JsonNode delivery = report().at("/delivery/prospects");
      assertThat(delivery.path("shards")).hasSize(4);
      assertThat(sum(delivery.path("shards"), "share")).isBetween(0.99, 1.01);
      assertThat(delivery.path("heavyKeys")).isEmpty();
      assertThat(delivery.has("longestLine")).isFalse();
      assertThat(mistakesIn(report())).isEmpty();
    }

    private InProcess.Ended run(
        LocalKinesisOptions options, java.util.stream.Stream<String> profiles) {
      home = TestHome.shippedIn(folder);
      try (LocalKinesis kinesis = LocalKinesis.start(options.withAutoCreateStreams(4))) {
        String destination = "destinations/prospects.yaml";
        home.edit(
            destination,
            "stream:",
            "delivery: { order: none }\nstream:\n  endpoint: " + kinesis.endpoint());
        home.edit(
            destination,
            "type: default",
            "type: static\n  accessKeyId: local\n  secretAccessKey: local");
        home.export("some.ndjson", profiles.map(Profiles::prospect).toArray(String[]::new));
        return InProcess.run(
            "run",
            "--once",
            "--home",
            folder.toString(),
            "--report",
            home.path("report.json").toString());
      }
    }

    private JsonNode report() throws IOException {
      return JSON.readTree(home.path("report.json").toFile());
    }

    private static double sum(JsonNode shards, String field) {
      double sum = 0;
      for (JsonNode shard : shards) {
        sum += shard.path(field).asDouble();
      }
      return sum;
    }
  }

  @Test
  void a_long_line_stands_in_the_report_and_in_a_line_of_its_own() throws Exception {
    LongLine line = new LongLine("0123456789ab", 12_345, 48.26);
    SkewReport skew = new SkewReport(List.of(), List.of(), Optional.of(line));

    RunReport report = new RunReport(CONFIGURATION, outcomes(), List.of(delivery("p", skew)));

    assertThat(report.bottlenecks())
        .containsExactly(
            "p: stream s in eu-west-1 was held back by one partition key (SHA-256 0123456789ab…)"
                + " with 12,345 records in line: to stay in order they go one at a time, 48 a"
                + " second. Give the records keys of their own, or set order to none");
    JsonNode json = JSON.readTree(report.toJson());
    assertThat(json.at("/delivery/p/longestLine/waiting").asInt()).isEqualTo(12_345);
    assertThat(json.at("/destinations/p/received").isInt()).isTrue();
    assertThat(mistakesIn(json)).isEmpty();
  }

  @Test
  void destinations_that_had_no_sender_are_left_out() {
    assertThat(
            RunReport.of(CONFIGURATION, outcomes(), List.of(), Map.of())
                .toJson()
                .replaceAll("\\s", ""))
        .endsWith("\"delivery\":{}}");
  }

  private static OutcomeReport outcomes() {
    return new OutcomeReport(new Ledger(List.of("p")).totals());
  }

  private static Delivery delivery(String destination, SkewReport skew) {
    return new Delivery(destination, new StreamTarget("s", "eu-west-1", Optional.empty()), skew);
  }

  private static Iterable<?> mistakesIn(JsonNode report) throws IOException {
    return JsonSchemaFactory.getInstance(VersionFlag.V202012)
        .getSchema(Files.readString(Path.of("schemas/report.schema.json")))
        .validate(report);
  }
}
