package org.audienceactivation.localkinesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever is split and merged: the open shards cover all hash keys, and the lines are clear. */
class ReshardingPropertiesTest {

  private static final BigInteger HASH_KEYS = BigInteger.ONE.shiftLeft(128);

  /** What is done to a stream next; the number is taken modulo the shards that there are. */
  sealed interface Step {
    record Split(int shard) implements Step {}

    record Merge(int shard) implements Step {}

    record Divide(int count) implements Step {}
  }

  @Property(tries = 300)
  void open_shards_cover_the_hash_keys_and_closed_ones_are_parents(
      @ForAll @IntRange(min = 1, max = 6) int shards,
      @ForAll("steps") @Size(max = 8) List<Step> steps)
      throws IOException {
    Stream stream = stream(shards);
    for (Step step : steps) {
      stream.reshard(change -> apply(step, stream, change), 0);
    }

    List<Shard> open = open(stream);
    BigInteger next = BigInteger.ZERO;
    for (Shard shard : open) {
      assertThat(shard.firstHashKey()).isEqualTo(next);
      assertThat(stream.shards().open().shardFor(HashKey.of(next))).isEqualTo(shard);
      assertThat(stream.shards().open().shardFor(HashKey.of(shard.lastHashKey()))).isEqualTo(shard);
      next = shard.lastHashKey().add(BigInteger.ONE);
    }
    assertThat(next).isEqualTo(HASH_KEYS);
    for (Shard shard : stream.shards().all()) {
      assertThat(shard.parents()).hasSizeLessThanOrEqualTo(2);
      assertThat(stream.shards().childrenOf(shard))
          .hasSizeBetween(open.contains(shard) ? 0 : 1, open.contains(shard) ? 0 : 2);
      assertThat(shard.log().sealedCount().isPresent()).isEqualTo(!open.contains(shard));
      assertThat(shard.parents())
          .allSatisfy(
              parent ->
                  assertThat(parent.numbers().text(Long.MAX_VALUE))
                      .isLessThan(shard.numbers().text(0)));
    }
  }

  @Property(tries = 200)
  void a_stream_is_divided_as_a_new_one_would_be(
      @ForAll @IntRange(min = 1, max = 40) int before,
      @ForAll @IntRange(min = 1, max = 40) int after)
      throws IOException {
    Stream stream = stream(before);
    stream.reshard(change -> change.divideEvenly(after), 0);

    assertThat(open(stream))
        .extracting(Shard::firstHashKey)
        .isEqualTo(open(stream(after)).stream().map(Shard::firstHashKey).toList());
  }

  private static void apply(Step step, Stream stream, Resharding change) {
    List<Shard> open = open(stream);
    if (step instanceof Step.Split split) {
      Shard shard = open.get(split.shard() % open.size());
      change.split(
          shard, shard.firstHashKey().add(shard.lastHashKey()).shiftRight(1).add(BigInteger.ONE));
    } else if (step instanceof Step.Merge merge && open.size() > 1) {
      int lower = merge.shard() % (open.size() - 1);
      change.merge(open.get(lower), open.get(lower + 1));
    } else if (step instanceof Step.Divide divide) {
      change.divideEvenly(divide.count());
    }
  }

  private static List<Shard> open(Stream stream) {
    return stream.shards().all().stream()
        .filter(stream.shards()::isOpen)
        .sorted(Comparator.comparing(Shard::firstHashKey))
        .toList();
  }

  private static Stream stream(int shards) throws IOException {
    LogHome home = LogHome.of(LocalKinesisOptions.defaults().withStorage(Storage.NONE));
    return Stream.create(
        Stream.Settings.provisioned(shards),
        0,
        new ShardFactory(new StreamKey("us-east-1", "events"), 1_000, home, Optional.empty()));
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 100);
    return Arbitraries.<Step>oneOf(
            numbers.map(Step.Split::new),
            numbers.map(Step.Merge::new),
            Arbitraries.integers().between(1, 12).map(Step.Divide::new))
        .list();
  }
}
