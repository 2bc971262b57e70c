package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.SkewReport.HeavyKey;
import org.audienceactivation.kinesis.sender.SkewReport.ShardShare;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** What is told of a stream that is used unevenly, and when nobody is bothered. */
class SkewTest {

  private static final String THROTTLED = "ProvisionedThroughputExceededException";
  private static final String HOT = "a person's e-mail address";

  /** The first digits of the SHA-256 of {@link #HOT}. */
  private static final String HOT_SHOWN = HeavyKeys.shown(HOT);

  private final Simulation simulation = Simulation.withSeed(3).callsTake(() -> 10_000_000L);
  private final Stream stream = new Stream();
  private final ScriptedKinesis kinesis =
      ScriptedKinesis.storingAll().shards(stream::shardId).records(stream::admit);

  @Nested
  class A_hot_shard {

    @Test
    void is_told_with_the_key_that_makes_it_hot() {
      stream.limitEachShard(1_000);

      feed(sender(DeliveryOrder.NONE), 3_000, Duration.ofSeconds(40), SkewTest::mostlyHot);

      assertThat(simulation.bottlenecks()).hasSize(1);
      HotShard hot = (HotShard) simulation.bottlenecks().get(0);
      assertThat(hot.shardId()).isEqualTo(stream.shardId(HOT));
      assertThat(hot.shards()).isEqualTo(4);
      assertThat(hot.key()).map(HeavyKey::key).contains(HOT_SHOWN);
      assertThat(hot.description())
          .contains("shard " + stream.shardId(HOT))
          .contains("fair share is 25 %")
          .contains("One partition key (SHA-256 " + HOT_SHOWN)
          .contains("more shards do not help")
          .doesNotContain(HOT);
    }

    @Test
    void without_such_a_key_is_to_be_split() {
      stream.limitEachShard(1_000);
      List<String> keys = keysOfShard(0, 1_000);

      feed(
          sender(DeliveryOrder.PER_KEY),
          3_000,
          Duration.ofSeconds(40),
          i -> record(i % 5 == 0 ? "k" + i : keys.get(i % keys.size())));

      assertThat(simulation.bottlenecks())
          .singleElement()
          .extracting(Bottleneck::description)
          .asString()
          .contains("shardId-000000000000")
          .contains("split the shard");
    }

    @Test
    void is_told_of_the_last_half_minute_however_even_the_stream_was_before() {
      KinesisSender sender = sender(DeliveryOrder.NONE);
      feed(sender, 20_000, Duration.ofSeconds(29), i -> record("k" + i));
      stream.limitEachShard(1_000);

      feed(sender, 3_000, Duration.ofSeconds(40), SkewTest::mostlyHot);

      assertThat(simulation.bottlenecks()).hasSize(1);
      assertThat(sender.skew().bottlenecks()).isEmpty();
    }

    @Test
    void in_little_traffic_bothers_nobody() {
      stream.limitEachShard(50);

      feed(sender(DeliveryOrder.NONE), 200, Duration.ofSeconds(70), SkewTest::mostlyHot);

      assertThat(simulation.bottlenecks()).isEmpty();
    }

    @Test
    void that_takes_all_it_is_given_bothers_nobody() {
      feed(sender(DeliveryOrder.NONE), 3_000, Duration.ofSeconds(70), SkewTest::mostlyHot);

      assertThat(simulation.bottlenecks()).isEmpty();
    }

    @Test
    void among_shards_that_are_all_at_their_limit_is_none() {
      stream.limitEachShard(1_000);

      feed(sender(DeliveryOrder.NONE), 6_000, Duration.ofSeconds(70), i -> record("k" + i));

      assertThat(simulation.bottlenecks()).isEmpty();
    }

    @ParameterizedTest(name = "{0} shards, {1} records in it, {2} in each other, {3} back: {4}")
    @CsvSource({
      "2, 30000, 9000, 1000, true",
      "2, 30000, 11000, 1000, false",
      "4, 30000, 15000, 1000, true",
      "4, 30000, 18000, 1000, false",
      "100, 30000, 19000, 1000, true",
      "100, 30000, 21000, 1000, false",
      "4, 30000, 100, 200, false",
      "4, 9999, 100, 1000, false",
      "1, 30000, 0, 1000, false"
    })
    void is_one_that_leaves_a_third_of_the_stream_unused(
        int shards, long records, long other, long throttled, boolean isHot) {
      Optional<HotShard> hot = HotShard.among(shares(shards, records, other, throttled), List.of());

      assertThat(hot.map(HotShard::shardId))
          .isEqualTo(isHot ? Optional.of("s0") : Optional.empty());
    }

    @Test
    void that_is_the_only_one_in_use_is_told_if_a_key_keeps_the_others_idle() {
      List<ShardShare> one = shares(1, 30_000, 0, 1_000);

      assertThat(HotShard.among(one, List.of(new HeavyKey("abc", 0.9, "s0"))))
          .map(HotShard::description)
          .get()
          .asString()
          .contains("the only one in use")
          .contains("carries 90 % of all records");
      assertThat(HotShard.among(one, List.of(new HeavyKey("abc", 0.4, "s0")))).isEmpty();
    }

    private List<ShardShare> shares(int shards, long records, long other, long throttled) {
      long all = records + (shards - 1) * other;
      List<ShardShare> shares = new ArrayList<>();
      shares.add(new ShardShare("s0", records, records, throttled, (double) records / all));
      for (int i = 1; i < shards; i++) {
        shares.add(new ShardShare("s" + i, other, other, 0, (double) other / all));
      }
      return shares;
    }
  }

  @Nested
  class A_long_line {

    @Test
    void behind_one_key_is_told_with_its_pace_and_the_remedy() {
      KinesisSender sender = sender(DeliveryOrder.PER_KEY);
      sender.send(records(20_000, i -> record(HOT)));

      simulation.runFor(Duration.ofSeconds(40));

      assertThat(simulation.bottlenecks()).hasSize(1);
      LongLine line = (LongLine) simulation.bottlenecks().get(0);
      assertThat(line.key()).isEqualTo(HOT_SHOWN);
      assertThat(line.recordsPerSecond()).isBetween(99.0, 101.0);
      assertThat(line.waiting()).isBetween(16_500, 17_100);
      assertThat(line.description())
          .contains("100 a second. Give the records keys of their own, or set order to none")
          .doesNotContain(HOT);
      assertThat(sender.skew().bottlenecks()).hasSize(1);
    }

    @Test
    void is_found_among_the_lines_of_other_keys_and_through_failures() {
      stream.failEvery(10);
      KinesisSender sender = sender(DeliveryOrder.PER_KEY);

      feed(sender, 3_000, Duration.ofSeconds(40), i -> record(i % 10 == 0 ? HOT : "k" + i % 1_000));

      assertThat(simulation.bottlenecks())
          .singleElement()
          .isInstanceOfSatisfying(
              LongLine.class, line -> assertThat(line.key()).isEqualTo(HOT_SHOWN));
    }

    @Test
    void holds_up_those_who_give_a_few_records_at_a_time() {
      KinesisSender sender = sender(DeliveryOrder.PER_KEY);
      for (int caller = 0; caller < 4; caller++) {
        sendForEver(sender, () -> records(500, i -> record(i % 10 == 0 ? HOT : "k" + i)));
      }

      simulation.runFor(Duration.ofSeconds(40));

      assertThat(simulation.bottlenecks())
          .singleElement()
          .isInstanceOfSatisfying(
              LongLine.class, line -> assertThat(line.key()).isEqualTo(HOT_SHOWN));
    }

    @Test
    void among_many_more_records_that_wait_for_something_else_bothers_nobody() {
      stream.limitEachShard(50);
      KinesisSender sender = sender(DeliveryOrder.PER_KEY);

      sender.send(records(20_000, i -> record(i % 20 == 0 ? HOT : "k" + i)));
      simulation.runFor(Duration.ofSeconds(60));

      assertThat(simulation.bottlenecks()).isEmpty();
    }

    @Test
    void is_told_again_after_ten_minutes_and_not_before() {
      simulation.callsTake(() -> 100_000_000L);
      sender(DeliveryOrder.PER_KEY).send(records(13_000, i -> record(HOT)));

      simulation.runFor(Duration.ofMinutes(18));

      assertThat(simulation.bottlenecksSaidAt()).hasSize(2);
      Duration pause =
          simulation.bottlenecksSaidAt().get(1).minus(simulation.bottlenecksSaidAt().get(0));
      assertThat(pause).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
    }

    @Test
    void that_is_soon_through_bothers_nobody() {
      KinesisSender sender = sender(DeliveryOrder.PER_KEY);
      sender.send(records(1_900, i -> record(HOT)));

      simulation.run();

      assertThat(simulation.bottlenecks()).isEmpty();
      assertThat(sender.skew().longestLine()).isEmpty();
    }

    @Test
    void that_only_an_outage_holds_up_bothers_nobody() {
      KinesisSender sender = sender(DeliveryOrder.PER_KEY);
      kinesis.before(
          call -> {
            throw ScriptedKinesis.error(503, "ServiceUnavailable", "busy");
          });
      sender.send(records(1_900, i -> record(HOT)));
      simulation.runFor(Duration.ofMinutes(2));
      kinesis.before(call -> call);

      simulation.run();

      assertThat(simulation.bottlenecks()).isEmpty();
    }

    @Test
    void is_none_where_nothing_is_kept_in_order() {
      KinesisSender sender = sender(DeliveryOrder.NONE);
      sender.send(records(20_000, i -> record(HOT)));

      simulation.run();

      assertThat(simulation.bottlenecks()).isEmpty();
      assertThat(sender.skew().longestLine()).isEmpty();
    }
  }

  @Test
  void the_report_has_what_each_shard_took_and_where_a_heavy_key_goes() {
    KinesisSender sender = sender(DeliveryOrder.NONE);
    sender.send(records(5_000, SkewTest::mostlyHot));

    simulation.run();

    SkewReport report = sender.skew();
    assertThat(report.shards().stream().mapToLong(ShardShare::records).sum()).isEqualTo(5_000);
    assertThat(report.shards()).extracting(ShardShare::shardId).isSorted().hasSize(4);
    assertThat(report.heavyKeys())
        .singleElement()
        .satisfies(
            key -> {
              assertThat(key.key()).isEqualTo(HOT_SHOWN);
              assertThat(key.shardId()).isEqualTo(stream.shardId(HOT));
              assertThat(key.share()).isBetween(0.5, 0.7);
            });
    assertThat(report.bottlenecks()).isEmpty();
  }

  @Test
  void a_key_that_only_happened_to_be_looked_at_is_not_heavy() {
    KinesisSender sender = sender(DeliveryOrder.NONE);
    sender.send(records(1_000, i -> record("k" + i)));

    simulation.run();

    assertThat(sender.skew().heavyKeys()).isEmpty();
  }

  private KinesisSender sender(DeliveryOrder order) {
    return new KinesisSender(
        kinesis,
        "s",
        SenderSettings.builder().order(order).maxBufferedBytes(Integer.MAX_VALUE).build(),
        simulation,
        simulation.log(),
        SenderListener.NONE);
  }

  /** As a route does that takes the next batch when one is through. */
  private static void sendForEver(KinesisSender sender, Supplier<List<StreamRecord>> batches) {
    sender.send(batches.get()).thenRun(() -> sendForEver(sender, batches));
  }

  private void feed(
      KinesisSender sender, int perSecond, Duration time, IntFunction<StreamRecord> records) {
    int perStep = perSecond / 10;
    for (int step = 0; step < time.toMillis() / 100; step++) {
      int from = step * perStep;
      sender.send(records(perStep, i -> records.apply(from + i)));
      simulation.runFor(Duration.ofMillis(100));
    }
  }

  private static List<StreamRecord> records(int count, IntFunction<StreamRecord> record) {
    return IntStream.range(0, count).mapToObj(record).toList();
  }

  /** Three of five are of the hot key, in no pattern. */
  private static StreamRecord mostlyHot(int i) {
    return record(new SplittableRandom(i).nextInt(5) < 3 ? HOT : "k" + i);
  }

  private static StreamRecord record(String key) {
    return StreamRecord.of(key, new byte[10]);
  }

  private List<String> keysOfShard(int shard, int count) {
    return IntStream.iterate(0, i -> i + 1)
        .mapToObj(i -> "key" + i)
        .filter(key -> stream.shardOf(key) == shard)
        .limit(count)
        .toList();
  }

  /** Four shards that share the hash space evenly, and what one takes in a tenth of a second. */
  private final class Stream {
    private int limitPerSecond = Integer.MAX_VALUE;
    private int failEvery = Integer.MAX_VALUE;
    private int seen;
    private final Map<String, Integer> taken = new HashMap<>();
    private long window;

    void limitEachShard(int perSecond) {
      limitPerSecond = perSecond;
    }

    void failEvery(int records) {
      failEvery = records;
    }

    int shardOf(String key) {
      return (int) (StreamHash.of(record(key)) >>> 62);
    }

    String shardId(String key) {
      return "shardId-%012d".formatted(shardOf(key));
    }

    String shardId(PutRecordsRequestEntry entry) {
      return shardId(entry.partitionKey());
    }

    Optional<String> admit(PutRecordsRequestEntry entry) {
      if (++seen % failEvery == 0) {
        return Optional.of("InternalFailure");
      }
      if (simulation.time().toMillis() / 100 != window) {
        window = simulation.time().toMillis() / 100;
        taken.clear();
      }
      int before = taken.merge(shardId(entry), 1, Integer::sum) - 1;
      return before >= limitPerSecond / 10 ? Optional.of(THROTTLED) : Optional.empty();
    }
  }
}
