package org.audienceactivation.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.audienceactivation.kinesis.sender.SenderListener.CallReport;
import org.audienceactivation.kinesis.sender.SenderListener.ShardUse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

class SenderMetricsTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();
  private final CamelContext context = new DefaultCamelContext();

  @BeforeEach
  void start() throws Exception {
    context.getRegistry().bind("metrics", meters);
    context.getRegistry().bind("kinesis", kinesis);
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:in").routeId("in").to("aws2-kinesis-batch:events?backoffMin=1");
          }
        });
    context.start();
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  @Test
  void what_a_call_tells_after_the_sender_is_closed_leaves_no_meter_and_counts_for_no_other() {
    SimpleMeterRegistry own = new SimpleMeterRegistry();
    Tags stream = Tags.of("stream", "late");
    SenderMetrics closed = new SenderMetrics(own, stream, System::nanoTime);
    closed.close();
    SenderMetrics next = new SenderMetrics(own, stream, System::nanoTime); // of the same number

    closed.called(
        new CallReport(
            3,
            30,
            1,
            Optional.of("AbortedException"),
            Map.of("AbortedException", 3),
            List.of(new ShardUse("shardId-000000000000", 0, 0, 3)),
            0));

    assertThat(own.get("kinesis.sender.attempts").counter().count()).isZero();
    next.close();
    assertThat(own.getMeters()).isEmpty();
  }

  @Test
  void every_record_and_every_call_is_counted_once() {
    AtomicInteger failures = new AtomicInteger(2);
    kinesis.records(
        entry ->
            entry.partitionKey().equals("k1") && failures.getAndDecrement() > 0
                ? Optional.of("ProvisionedThroughputExceededException")
                : Optional.empty());

    send(10);

    assertThat(counter("records", "result", "delivered")).isEqualTo(10);
    assertThat(counter("attempts")).isEqualTo(12);
    assertThat(counter("failures", "cause", "ProvisionedThroughputExceededException")).isEqualTo(2);
    assertThat(counter("shard.records", "shard", "shardId-000000000000")).isEqualTo(10);
    assertThat(counter("shard.throttles", "shard", "shardId-000000000000")).isEqualTo(2);
    assertThat(meters.get("kinesis.sender.calls").tag("result", "ok").timer().count()).isEqualTo(3);
    assertThat(meters.get("kinesis.sender.call.records").summary().totalAmount()).isEqualTo(12);
    assertThat(meters.get("kinesis.sender.records.open").gauge().value()).isZero();
    assertThat(meters.get("kinesis.sender.records.open").tag("stream", "events").gauges())
        .hasSize(1);
  }

  @Test
  void a_failed_call_is_timed_under_its_code() {
    kinesis.failingFirst(ScriptedKinesis.error(503, "ServiceUnavailable", "busy"));

    send(1);

    assertThat(
            meters.get("kinesis.sender.calls").tag("result", "ServiceUnavailable").timer().count())
        .isEqualTo(1);
  }

  @Test
  void the_meters_of_a_sender_end_with_it() throws Exception {
    send(1);

    context.getRouteController().stopRoute("in");
    context.removeRoute("in");

    assertThat(meters.getMeters()).isEmpty();
  }

  @Test
  void the_end_of_one_sender_leaves_the_meters_of_another_of_the_same_stream() throws Exception {
    context.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from("direct:other").routeId("other").to("aws2-kinesis-batch:events?order=none");
          }
        });
    send(1);

    context.getRouteController().stopRoute("other");
    context.removeRoute("other");

    assertThat(counter("records", "result", "delivered", "sender", "1")).isEqualTo(1);
    assertThat(meters.get("kinesis.sender.records.open").tag("stream", "events").gauges())
        .hasSize(1);
  }

  @Test
  void the_page_for_users_names_every_metric_and_no_other() throws Exception {
    kinesis.failingFirst(ScriptedKinesis.error(503, "ServiceUnavailable", "busy"));
    send(1);

    String page = Files.readString(Path.of("docs/aws2-kinesis-batch.md"));
    Set<String> documented =
        Pattern.compile("`(kinesis\\.sender\\.[a-z.]+)`")
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());
    Set<String> real =
        meters.getMeters().stream()
            .map(Meter::getId)
            .map(Meter.Id::getName)
            .collect(Collectors.toSet());

    assertThat(documented).isEqualTo(real);
  }

  @Test
  void the_meters_of_a_shard_that_brought_nothing_for_an_hour_end() {
    AtomicLong hours = new AtomicLong();
    SenderMetrics metrics =
        new SenderMetrics(
            meters, Tags.of("stream", "s"), () -> TimeUnit.HOURS.toNanos(hours.get()));
    metrics.called(call("shardId-000000000000", "shardId-000000000001"));

    for (int hour = 1; hour <= 3; hour++) {
      hours.set(hour);
      metrics.called(call("shardId-000000000001", "shardId-000000000002"));
    }

    for (String name : List.of("shard.records", "shard.throttles")) {
      assertThat(meters.get("kinesis.sender." + name).counters())
          .extracting(counter -> counter.getId().getTag("shard"))
          .containsExactlyInAnyOrder("shardId-000000000001", "shardId-000000000002");
    }
    assertThat(counter("shard.records", "shard", "shardId-000000000001")).isEqualTo(20);
    metrics.close();
  }

  private static CallReport call(String... shards) {
    return new CallReport(
        5 * shards.length,
        100,
        1,
        Optional.empty(),
        Map.of(),
        Stream.of(shards).map(id -> new ShardUse(id, 5, 50, 0)).toList(),
        1);
  }

  private double counter(String name, String... tags) {
    return meters.get("kinesis.sender." + name).tags(tags).counter().count();
  }

  private void send(int records) {
    List<PutRecordsRequestEntry> body =
        IntStream.range(0, records)
            .mapToObj(
                i ->
                    PutRecordsRequestEntry.builder()
                        .partitionKey("k" + i)
                        .data(SdkBytes.fromUtf8String("data"))
                        .build())
            .toList();
    context.createFluentProducerTemplate().to("direct:in").withBody(body).request();
  }
}
