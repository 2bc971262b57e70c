package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** What a shard at its limit means for its own records and for those of the others. */
class HotShardTest {

  private static final String THROTTLED = "ProvisionedThroughputExceededException";

  private static final List<String> FOUR_SHARDS = List.of("east", "south", "west", "north");

  private final Simulation simulation = Simulation.withSeed(3);
  private final Stream stream = new Stream();
  private final ScriptedKinesis kinesis =
      ScriptedKinesis.storingAll().shards(stream::shardId).records(stream::admit);

  @Test
  void the_records_of_other_shards_do_not_wait_for_a_hot_one() {
    stream.limit("hot", 1_000);
    simulation.callsTake(() -> 10_000_000L);
    KinesisSender sender = sender();
    CompletionStage<Void> hot = sender.send(records("hot", 10_000));
    simulation.runFor(Duration.ofSeconds(1));

    CompletionStage<Void> others = sender.send(records("cold", 10_000));
    simulation.runFor(Duration.ofMillis(500));

    assertThat(others.toCompletableFuture().isDone()).isTrue();
    assertThat(hot.toCompletableFuture().isDone()).isFalse();
    simulation.run();
    assertThat(hot.toCompletableFuture().isDone()).isTrue();
  }

  @Test
  void a_hot_shard_gets_about_what_it_takes_and_little_is_sent_in_vain() {
    stream.limit("hot", 1_000);
    simulation.callsTake(() -> 10_000_000L);
    List<StreamRecord> records = records("hot", 20_000);
    CompletionStage<Void> done = sender().send(records);

    simulation.runFor(Duration.ofSeconds(26));

    assertThat(done.toCompletableFuture().isDone()).as("20,000 at 1,000 a second").isTrue();
    long attempts = records.stream().mapToLong(r -> r.result().orElseThrow().attempts()).sum();
    assertThat(attempts).as("of 20,000 records").isLessThan(30_000);
  }

  @Test
  void a_shard_that_others_fill_gets_less_of_ours() {
    stream.limit("hot", 200);
    simulation.callsTake(() -> 10_000_000L);
    List<StreamRecord> records = records("hot", 6_000);
    CompletionStage<Void> done = sender().send(records);

    simulation.runFor(Duration.ofSeconds(45));

    assertThat(done.toCompletableFuture().isDone()).as("6,000 at 200 a second").isTrue();
    long attempts = records.stream().mapToLong(r -> r.result().orElseThrow().attempts()).sum();
    assertThat(attempts).as("of 6,000 records").isLessThan(18_000);
  }

  @Test
  void throttling_that_does_not_depend_on_our_rate_does_not_slow_us() {
    stream.throttleEverySecondRecord();
    simulation.callsTake(() -> 10_000_000L);
    List<StreamRecord> records = records("any", 200_000);
    sender().send(records);

    simulation.runFor(Duration.ofSeconds(10));

    // those that fail many times in a row have a long backoff
    assertThat(records.stream().filter(record -> record.result().isPresent()))
        .as("10,000 a second and more")
        .hasSizeGreaterThan(190_000);
  }

  @Test
  void a_few_throttled_at_random_do_not_slow_callers_who_wait_for_their_batches() {
    stream.failAtRandom(0.05, THROTTLED);
    simulation.callsTake(() -> 10_000_000L);
    KinesisSender sender = sender();
    for (int caller = 0; caller < 4; caller++) {
      sendForEver(sender, caller);
    }

    simulation.runFor(Duration.ofSeconds(6));

    assertThat(kinesis.stored().size()).as("more than 8,000 a second").isGreaterThan(48_000);
  }

  @Test
  void callers_who_bring_less_because_less_is_taken_are_not_slowed_for_ever() {
    stream.failAtRandom(0.2, THROTTLED);
    stream.failAtRandom(0.2, "InternalFailure");
    simulation.callsTake(() -> 10_000_000L);
    KinesisSender sender = sender();
    for (int caller = 0; caller < 4; caller++) {
      sendForEver(sender, caller);
    }

    simulation.runFor(Duration.ofMinutes(1));
    int before = kinesis.stored().size();
    simulation.runFor(Duration.ofMinutes(1));

    assertThat(kinesis.stored().size() - before).as("more than 100 a second").isGreaterThan(6_000);
  }

  /** Batch after batch for four shards, each when the one before is settled. */
  private void sendForEver(KinesisSender sender, int number) {
    List<StreamRecord> batch =
        IntStream.range(number * 125, (number + 1) * 125)
            .boxed()
            .flatMap(i -> FOUR_SHARDS.stream().map(shard -> record(shard, i, 100)))
            .toList();
    sender.send(batch).thenRun(() -> sendForEver(sender, number + 4));
  }

  @Test
  void a_hot_shard_that_is_split_is_no_longer_held_back() {
    stream.limit("hot", 1_000);
    simulation.callsTake(() -> 10_000_000L);
    List<StreamRecord> records = records("hot", 30_000);
    CompletionStage<Void> done = sender().send(records);
    simulation.runFor(Duration.ofSeconds(2));

    stream.split("hot", "left", "right");
    stream.limit("left", 1_000_000);
    stream.limit("right", 1_000_000);
    simulation.runFor(Duration.ofSeconds(8));

    assertThat(done.toCompletableFuture().isDone()).isTrue();
    assertThat(records).allMatch(record -> record.result().orElseThrow() instanceof Delivered);
  }

  @Test
  void one_call_has_no_more_than_about_256_KiB_for_one_shard() {
    KinesisSender sender = sender();
    sender.send(records("warm", 1_000));
    sender.send(records("cold", 1_000));
    simulation.run();
    int before = kinesis.calls().size();

    List<StreamRecord> large = new ArrayList<>(records("warm", 300, 8 << 10));
    large.addAll(records("cold", 30, 8 << 10));
    sender.send(large);
    simulation.run();

    List<Integer> mostForAShard =
        kinesis.calls().stream().skip(before).map(this::mostForAShard).toList();
    assertThat(mostForAShard).allMatch(bytes -> bytes <= 352 << 10);
    assertThat(large).allMatch(record -> record.result().orElseThrow() instanceof Delivered);
  }

  private KinesisSender sender() {
    return new KinesisSender(
        kinesis,
        "s",
        SenderSettings.builder().maxBufferedBytes(Integer.MAX_VALUE).build(),
        simulation,
        simulation.log(),
        SenderListener.NONE);
  }

  private int mostForAShard(PutRecordsRequest call) {
    Map<String, Integer> bytes = new HashMap<>();
    for (PutRecordsRequestEntry entry : call.records()) {
      bytes.merge(stream.shardOf(entry), entry.data().asByteArrayUnsafe().length, Integer::sum);
    }
    return Collections.max(bytes.values());
  }

  private static List<StreamRecord> records(String shard, int count) {
    return records(shard, count, 100);
  }

  private static List<StreamRecord> records(String shard, int count, int bytes) {
    return IntStream.range(0, count).mapToObj(i -> record(shard, i, bytes)).toList();
  }

  private static StreamRecord record(String shard, int i, int bytes) {
    return StreamRecord.of(shard + "-" + i, new byte[bytes]).withExplicitHashKey(hashIn(shard, i));
  }

  /** Every name has its own part of the hash space. */
  private static String hashIn(String shard, int i) {
    return java.math.BigInteger.valueOf(shard.hashCode() & 0xFFFF)
        .shiftLeft(112)
        .add(java.math.BigInteger.valueOf(i * 7_919L % 65_536).shiftLeft(90))
        .toString();
  }

  /** Shards with limits: what is over them in a tenth of a second is throttled. */
  private final class Stream {
    private final Map<String, Integer> limits = new HashMap<>();
    private final Map<String, List<String>> children = new HashMap<>();
    private final Map<String, Long> windows = new HashMap<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Double> atRandom = new TreeMap<>();
    private final Random random = new Random(7);
    private boolean everySecond;
    private int records;

    void limit(String shard, int perSecond) {
      limits.put(shard, perSecond);
    }

    void throttleEverySecondRecord() {
      everySecond = true;
    }

    void failAtRandom(double share, String code) {
      atRandom.put(code, share);
    }

    void split(String shard, String left, String right) {
      children.put(shard, List.of(left, right));
    }

    /** As Kinesis writes it. */
    String shardId(PutRecordsRequestEntry entry) {
      return "shardId-%012d".formatted(shardOf(entry).hashCode() & 0xFFFF);
    }

    String shardOf(PutRecordsRequestEntry entry) {
      String[] key = entry.partitionKey().split("-", 2);
      List<String> open = children.getOrDefault(key[0], List.of(key[0]));
      long place = Long.parseLong(key[1]) * 7_919L % 65_536;
      return open.size() == 1 ? open.get(0) : open.get(place < 32_768 ? 0 : 1);
    }

    Optional<String> admit(PutRecordsRequestEntry entry) {
      if (everySecond) {
        return records++ % 2 == 0 ? Optional.of(THROTTLED) : Optional.empty();
      }
      for (Map.Entry<String, Double> failure : atRandom.entrySet()) {
        if (random.nextDouble() < failure.getValue()) {
          return Optional.of(failure.getKey());
        }
      }
      String shard = shardOf(entry);
      Integer limit = limits.get(shard);
      if (limit == null) {
        return Optional.empty();
      }
      long window = simulation.time().toMillis() / 100;
      if (!Long.valueOf(window).equals(windows.put(shard, window))) {
        counts.put(shard, 0);
      }
      return counts.merge(shard, 1, Integer::sum) > limit / 10
          ? Optional.of(THROTTLED)
          : Optional.empty();
    }
  }
}
