package org.audienceactivation.localkinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import software.amazon.awssdk.services.kinesis.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/** A shard takes what the service would let it take; the time is the test's. */
class ShardLimitsTest {

  private final AtomicLong now = new AtomicLong(1_800_000_000_000L);

  private OneStream limited(int shards, ShardLimits limits) {
    return OneStream.of(
        shards,
        LocalKinesisOptions.defaults().withShardLimits(limits),
        () -> Instant.ofEpochMilli(now.get()));
  }

  private static PutRecordsResponse put(OneStream stream, int records, int bytes) {
    return stream.put(Collections.nCopies(records, OneStream.entry("key", bytes - 3)));
  }

  @Example
  void a_shard_takes_a_thousand_records_at_once_and_a_thousand_a_second() {
    try (OneStream stream = limited(1, ShardLimits.ofTheService())) {
      assertThat(put(stream, 500, 10).failedRecordCount()).isZero();
      assertThat(put(stream, 500, 10).failedRecordCount()).isZero();
      assertThat(put(stream, 500, 10).failedRecordCount()).isEqualTo(500);
      now.addAndGet(100);
      assertThat(put(stream, 500, 10).failedRecordCount()).isEqualTo(400);
      assertThat(stream.server.recordCount()).isEqualTo(1_100);
      assertThat(stream.server.stats().beyondLimits()).isEqualTo(900);
    }
  }

  @Example
  void a_shard_takes_a_mebibyte_at_once_and_a_mebibyte_a_second() {
    try (OneStream stream = limited(1, ShardLimits.ofTheService())) {
      assertThat(put(stream, 20, 64 << 10).failedRecordCount()).isEqualTo(4);
      now.addAndGet(500);
      assertThat(put(stream, 20, 64 << 10).failedRecordCount()).isEqualTo(12);
    }
  }

  @Example
  void what_is_too_much_fails_by_itself_in_the_services_words() {
    try (OneStream stream = limited(1, new ShardLimits(2, 1_000))) {
      List<PutRecordsResultEntry> results = put(stream, 3, 10).records();
      assertThat(results)
          .extracting(PutRecordsResultEntry::errorCode)
          .containsExactly(null, null, "ProvisionedThroughputExceededException");
      assertThat(results.get(2).errorMessage())
          .isEqualTo(
              "Rate exceeded for shard shardId-000000000000 in stream events under account"
                  + " 000000000000.");
      assertThatThrownBy(() -> stream.putOne("key"))
          .isInstanceOfSatisfying(
              ProvisionedThroughputExceededException.class,
              e -> assertThat(e.statusCode()).isEqualTo(400))
          .hasMessageContaining("Rate exceeded for shard shardId-000000000000 in stream events");
    }
  }

  @Example
  void one_hot_shard_does_not_slow_the_other() {
    try (OneStream stream = limited(2, new ShardLimits(10, 10_000))) {
      List<PutRecordsResultEntry> results = stream.put(60).records();
      assertThat(stream.stored().stream().filter(r -> r.shardId().equals(OneStream.FIRST_SHARD)))
          .hasSize(10);
      assertThat(stream.server.recordCount()).isEqualTo(20);
      assertThat(results).hasSize(60);
    }
  }

  @Example
  void children_take_as_much_as_their_parent_did() {
    try (OneStream stream = limited(1, new ShardLimits(10, 10_000))) {
      assertThat(stream.put(60).failedRecordCount()).isEqualTo(50);
      stream.server.splitShard(OneStream.REGION, OneStream.NAME, OneStream.FIRST_SHARD);
      assertThat(stream.put(60).failedRecordCount()).isEqualTo(40);
    }
  }

  @Example
  void a_record_larger_than_a_second_is_taken_when_the_shard_has_been_idle() {
    ShardThroughput shard = new ShardThroughput(new ShardLimits(10, 1_000), 0);
    assertThat(shard.take(3_500, 0)).isTrue();
    assertThat(shard.take(1, 2_500)).isFalse();
    assertThat(shard.take(1, 2_501)).isTrue();
    assertThat(shard.take(3_500, 3_000)).isFalse();
    assertThat(shard.take(3_500, 3_502)).isTrue();
  }

  @Example
  void limits_under_which_nothing_passes_are_refused() {
    assertThatThrownBy(() -> new ShardLimits(0, 5)).hasMessageContaining("at least 1 record");
    assertThatThrownBy(() -> new ShardLimits(5, 0)).hasMessageContaining("1 byte a second");
  }

  /** From any moment on, what is taken is at most a full bucket and what flows in. */
  @Property
  void no_span_of_time_sees_more_than_a_burst_and_the_rate(
      @ForAll @Size(min = 1, max = 60) List<@IntRange(max = 700) Integer> pauses,
      @ForAll @IntRange(min = 1, max = 400) int bytes) {
    int rate = 5;
    int byteRate = 1_000;
    ShardThroughput shard = new ShardThroughput(new ShardLimits(rate, byteRate), 0);
    long[] times = new long[pauses.size()];
    int taken = 0;
    long time = 0;
    for (int pause : pauses) {
      time += pause;
      if (shard.take(bytes, time)) {
        times[taken++] = time;
      }
    }
    for (int from = 0; from < taken; from++) {
      for (int to = from; to < taken; to++) {
        double seconds = 1 + (times[to] - times[from]) / 1_000.0;
        assertThat(to - from + 1).isLessThanOrEqualTo((int) (rate * seconds + 1e-6));
        assertThat((to - from + 1) * bytes).isLessThanOrEqualTo((int) (byteRate * seconds + 1e-6));
      }
    }
  }

  /** Who asks no more often than the rate allows is never refused. */
  @Property
  void a_steady_caller_within_the_limits_is_never_refused(
      @ForAll @IntRange(min = 1, max = 1_000) int rate,
      @ForAll @IntRange(min = 1, max = 2_000) int calls) {
    ShardThroughput shard = new ShardThroughput(new ShardLimits(rate, rate * 100), 0);
    for (int i = 0; i < calls; i++) {
      long time = (long) Math.ceil(i * 1_000.0 / rate);
      assertThat(shard.take(100, time)).isTrue();
    }
  }
}
