package org.audienceactivation.localkinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Splitting and merging, beyond what {@link KinesisContract} asks of any Kinesis. */
class ReshardTest {

  private static final int KEYS = 20;

  private static String shard(int index) {
    return "shardId-%012d".formatted(index);
  }

  @Nested
  class From_within_the_process {

    @Test
    void a_split_shard_has_two_halves_and_a_merge_makes_one_of_them() {
      try (OneStream stream = OneStream.of(1, LocalKinesisOptions.defaults())) {
        stream.server.splitShard(OneStream.REGION, OneStream.NAME, shard(0));
        assertThat(stream.openShards()).containsExactly(shard(1), shard(2));
        stream.server.mergeShards(OneStream.REGION, OneStream.NAME, shard(2), shard(1));
        assertThat(stream.openShards()).containsExactly(shard(3));
        stream.server.updateShardCount(OneStream.REGION, OneStream.NAME, 2);
        assertThat(stream.openShards()).containsExactly(shard(4), shard(5));
      }
    }

    @Test
    void what_cannot_be_is_refused_in_words() {
      try (OneStream stream = OneStream.of(4, LocalKinesisOptions.defaults())) {
        LocalKinesis server = stream.server;
        assertThatThrownBy(() -> server.splitShard(OneStream.REGION, "other", shard(0)))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("cannot split the shard: Stream other")
            .hasMessageContaining("not found");
        assertThatThrownBy(() -> server.splitShard(OneStream.REGION, OneStream.NAME, shard(9)))
            .hasMessageContaining("Shard shardId-000000000009 does not exist");
        assertThatThrownBy(
                () -> server.mergeShards(OneStream.REGION, OneStream.NAME, shard(0), shard(2)))
            .hasMessageContaining("do not lie side by side");
        assertThatThrownBy(
                () -> server.mergeShards(OneStream.REGION, OneStream.NAME, shard(0), shard(0)))
            .hasMessageContaining("do not lie side by side");
        assertThatThrownBy(() -> server.updateShardCount(OneStream.REGION, OneStream.NAME, 9))
            .hasMessageContaining("at least half and at most twice the 4 open shards, is 9");
        assertThatThrownBy(() -> server.updateShardCount(OneStream.REGION, OneStream.NAME, 1))
            .hasMessageContaining("at least half");
        server.splitShard(OneStream.REGION, OneStream.NAME, shard(0));
        assertThatThrownBy(() -> server.splitShard(OneStream.REGION, OneStream.NAME, shard(0)))
            .hasMessageContaining("is closed");
      }
    }
  }

  @Nested
  class Time {

    private final AtomicLong now = new AtomicLong(1_800_000_000_000L);

    private OneStream stream(LocalKinesisOptions options) {
      return OneStream.of(1, options, () -> Instant.ofEpochMilli(now.get()));
    }

    @Test
    void a_stream_is_updating_for_a_while_in_which_it_takes_records() {
      try (OneStream stream =
          stream(LocalKinesisOptions.defaults().withUpdateTime(Duration.ofSeconds(30)))) {
        stream.server.splitShard(OneStream.REGION, OneStream.NAME, shard(0));
        assertThat(status(stream)).isEqualTo("UPDATING");
        assertThat(stream.put(5).records())
            .allSatisfy(r -> assertThat(r.shardId()).isIn(shard(1), shard(2)));
        assertThatThrownBy(
                () ->
                    stream.client.mergeShards(
                        r ->
                            r.streamName(OneStream.NAME)
                                .shardToMerge(shard(1))
                                .adjacentShardToMerge(shard(2))))
            .isInstanceOf(ResourceInUseException.class)
            .hasMessageContaining("UPDATING");
        now.addAndGet(30_000);
        assertThat(status(stream)).isEqualTo("ACTIVE");
      }
    }

    @Test
    void shards_are_listed_by_when_they_were_open() {
      try (OneStream stream = stream(LocalKinesisOptions.defaults())) {
        long created = now.get();
        now.addAndGet(10_000);
        stream.server.splitShard(OneStream.REGION, OneStream.NAME, shard(0));
        long split = now.get();
        now.addAndGet(10_000);
        stream.server.mergeShards(OneStream.REGION, OneStream.NAME, shard(1), shard(2));

        assertThat(listed(stream, ShardFilterType.AT_LATEST, 0)).containsExactly(3);
        assertThat(listed(stream, ShardFilterType.AT_TRIM_HORIZON, 0)).containsExactly(0);
        assertThat(listed(stream, ShardFilterType.FROM_TRIM_HORIZON, 0))
            .containsExactly(0, 1, 2, 3);
        assertThat(listed(stream, ShardFilterType.AT_TIMESTAMP, created + 5_000))
            .containsExactly(0);
        assertThat(listed(stream, ShardFilterType.AT_TIMESTAMP, split + 5_000))
            .containsExactly(1, 2);
        assertThat(listed(stream, ShardFilterType.FROM_TIMESTAMP, split + 5_000))
            .containsExactly(1, 2, 3);
        assertThat(listed(stream, ShardFilterType.FROM_TIMESTAMP, created - 5_000))
            .containsExactly(0, 1, 2, 3);
        now.addAndGet(Duration.ofHours(24).toMillis() - 5_000);
        assertThat(listed(stream, ShardFilterType.FROM_TRIM_HORIZON, 0)).containsExactly(1, 2, 3);
        assertThat(listed(stream, ShardFilterType.AT_TRIM_HORIZON, 0)).containsExactly(1, 2);
      }
    }

    @Test
    void a_filter_holds_over_all_pages() {
      try (OneStream stream = stream(LocalKinesisOptions.defaults())) {
        stream.server.updateShardCount(OneStream.REGION, OneStream.NAME, 2);
        stream.server.updateShardCount(OneStream.REGION, OneStream.NAME, 4);
        List<String> ids = new ArrayList<>();
        var page =
            stream.client.listShards(
                r ->
                    r.streamName(OneStream.NAME)
                        .maxResults(1)
                        .shardFilter(f -> f.type(ShardFilterType.AT_LATEST)));
        page.shards().forEach(shard -> ids.add(shard.shardId()));
        while (page.nextToken() != null) {
          String token = page.nextToken();
          page = stream.client.listShards(r -> r.nextToken(token).maxResults(1));
          page.shards().forEach(shard -> ids.add(shard.shardId()));
        }
        assertThat(ids).containsExactly(shard(3), shard(4), shard(5), shard(6));
      }
    }

    private static List<Integer> listed(OneStream stream, ShardFilterType type, long millis) {
      return stream
          .client
          .listShards(
              r ->
                  r.streamName(OneStream.NAME)
                      .shardFilter(
                          f ->
                              f.type(type)
                                  .timestamp(millis == 0 ? null : Instant.ofEpochMilli(millis))))
          .shards()
          .stream()
          .map(shard -> Integer.parseInt(shard.shardId().substring(8)))
          .toList();
    }

    private static String status(OneStream stream) {
      return stream
          .client
          .describeStreamSummary(r -> r.streamName(OneStream.NAME))
          .streamDescriptionSummary()
          .streamStatusAsString();
    }
  }

  @Nested
  class Under_load {

    /** Each writer has keys of its own, whose records it numbers. */
    @ParameterizedTest
    @EnumSource
    void nothing_is_lost_or_doubled_and_every_acknowledgement_is_true(Storage storage)
        throws Exception {
      try (OneStream stream =
          OneStream.of(2, LocalKinesisOptions.defaults().withStorage(storage))) {
        List<PutRecordsResultEntry> acknowledged = putWhileResharding(stream);

        assertThat(acknowledged).allSatisfy(r -> assertThat(r.errorCode()).isNull());
        assertThat(stream.server.recordCount()).isEqualTo(acknowledged.size());
        Set<String> places = new HashSet<>();
        acknowledged.forEach(r -> places.add(r.shardId() + " " + r.sequenceNumber()));
        assertThat(places).hasSameSizeAs(acknowledged);
        if (storage == Storage.DISK) {
          assertThat(stream.stored())
              .hasSameSizeAs(acknowledged)
              .allSatisfy(r -> assertThat(places).contains(r.shardId() + " " + r.sequenceNumber()));
        }
      }
    }

    @Test
    void who_reads_parents_before_their_children_sees_each_key_in_order() throws Exception {
      try (OneStream stream = OneStream.of(2, LocalKinesisOptions.defaults())) {
        int put = putWhileResharding(stream).size();

        List<Record> read = readParentsFirst(stream);
        assertThat(read).hasSize(put);
        Map<String, Integer> last = new HashMap<>();
        for (Record record : read) {
          int number = Integer.parseInt(record.data().asUtf8String());
          assertThat(number).isEqualTo(last.getOrDefault(record.partitionKey(), -1) + 1);
          last.put(record.partitionKey(), number);
        }
        assertThat(stream.client.listShards(r -> r.streamName(OneStream.NAME)).shards())
            .hasSizeGreaterThan(6);
      }
    }

    /** Three writers, one call after another each, until many changes have been made. */
    private List<PutRecordsResultEntry> putWhileResharding(OneStream stream) throws Exception {
      AtomicBoolean done = new AtomicBoolean();
      List<Future<List<PutRecordsResultEntry>>> writers = new ArrayList<>();
      ExecutorService threads = Executors.newFixedThreadPool(3);
      for (int writer = 0; writer < 3; writer++) {
        String name = "writer-" + writer;
        writers.add(threads.submit(() -> write(stream, name, done)));
      }
      for (int round = 0; round < 30; round++) {
        long before = stream.server.recordCount();
        Awaitility.await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> stream.server.recordCount() > before + 100);
        for (int shards : new int[] {3, 5, 4, 2}) {
          stream.server.updateShardCount(OneStream.REGION, OneStream.NAME, shards);
        }
      }
      done.set(true);
      threads.shutdown();
      assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      List<PutRecordsResultEntry> all = new ArrayList<>();
      for (Future<List<PutRecordsResultEntry>> writer : writers) {
        all.addAll(writer.get());
      }
      return all;
    }

    private static List<PutRecordsResultEntry> write(
        OneStream stream, String writer, AtomicBoolean done) {
      List<PutRecordsResultEntry> results = new ArrayList<>();
      for (int call = 0; !done.get(); call++) {
        int number = call;
        List<PutRecordsRequestEntry> entries =
            IntStream.range(0, KEYS)
                .mapToObj(
                    key ->
                        PutRecordsRequestEntry.builder()
                            .partitionKey(writer + "-" + key)
                            .data(SdkBytes.fromByteArray(("" + number).getBytes(UTF_8)))
                            .build())
                .toList();
        PutRecordsResponse response = stream.put(entries);
        results.addAll(response.records());
      }
      return results;
    }

    /** As a consumer does: from the shards that were there first to the children they name. */
    private static List<Record> readParentsFirst(OneStream stream) {
      List<Record> records = new ArrayList<>();
      Set<String> read = new LinkedHashSet<>();
      List<String> waiting = new ArrayList<>(List.of(shard(0), shard(1)));
      Map<String, List<String>> parents = new HashMap<>();
      while (!waiting.isEmpty()) {
        String next =
            waiting.stream()
                .filter(id -> read.containsAll(parents.getOrDefault(id, List.of())))
                .findFirst()
                .orElseThrow();
        waiting.remove(next);
        read.add(next);
        GetRecordsResponse end = readToEnd(stream, next, records);
        end.childShards()
            .forEach(
                child -> {
                  if (parents.put(child.shardId(), child.parentShards()) == null) {
                    waiting.add(child.shardId());
                  }
                });
      }
      return records;
    }

    private static GetRecordsResponse readToEnd(
        OneStream stream, String shardId, List<Record> target) {
      String start =
          stream
              .client
              .getShardIterator(
                  r ->
                      r.streamName(OneStream.NAME)
                          .shardId(shardId)
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      GetRecordsResponse page = stream.client.getRecords(r -> r.shardIterator(start));
      target.addAll(page.records());
      while (page.nextShardIterator() != null && !page.records().isEmpty()) {
        String next = page.nextShardIterator();
        page = stream.client.getRecords(r -> r.shardIterator(next));
        target.addAll(page.records());
      }
      return page;
    }
  }
}
