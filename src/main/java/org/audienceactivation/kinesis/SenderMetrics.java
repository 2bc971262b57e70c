package org.audienceactivation.kinesis;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import java.time.Duration;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.apache.camel.spi.Registry;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.SenderStatus;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * The metrics of one sender, under the names of {@code docs/aws2-kinesis-batch.md}, with the tags
 * {@code stream}, {@code region} and {@code sender}, a number from 1 that tells the senders of one
 * stream apart. Everything is counted once a call and not once a record. Thread-safe. The only
 * class of this room that knows Micrometer.
 */
final class SenderMetrics implements SenderWatch {

  private static final String PREFIX = "kinesis.sender.";

  /**
   * The counters of a shard that brings nothing any more are kept for so long, up to twice that.
   */
  private static final long SHARD_KEPT_FOR = TimeUnit.HOURS.toNanos(1);

  /** The numbers of the senders of a stream that are open, in each registry; guarded by itself. */
  private static final Map<MeterRegistry, Map<Tags, BitSet>> NUMBERS = new WeakHashMap<>();

  private final MeterRegistry home;
  private final Tags stream;
  private final int number;
  private final Tags tags;
  private final Object registration = new Object();

  // both guarded by registration
  private final Set<Meter> meters = Collections.newSetFromMap(new IdentityHashMap<>());
  private MeterRegistry registry;

  private final Map<String, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Timer> callTimers = new ConcurrentHashMap<>();
  private final Map<String, OfShard> shards = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;
  private volatile long shardsLookedAt;
  private final Counter attempts;
  private final DistributionSummary callRecords;
  private final DistributionSummary callBytes;
  private final Timer age;

  /** What is counted for one shard. */
  private static final class OfShard {
    private final Counter records;
    private final Counter throttles;
    private volatile long seenAt;

    OfShard(Counter records, Counter throttles) {
      this.records = records;
      this.throttles = throttles;
    }
  }

  SenderMetrics(MeterRegistry registry, Tags stream, LongSupplier nanoTime) {
    this.home = registry;
    this.registry = registry;
    this.nanoTime = nanoTime;
    this.shardsLookedAt = nanoTime.getAsLong();
    this.stream = stream;
    this.number = takeNumber(registry, stream);
    this.tags = stream.and("sender", Integer.toString(number));
    this.attempts = counter("attempts", Tags.empty());
    this.callRecords =
        kept(DistributionSummary.builder(PREFIX + "call.records").tags(tags)::register);
    this.callBytes =
        kept(
            DistributionSummary.builder(PREFIX + "call.bytes").baseUnit("bytes").tags(tags)
                ::register);
    this.age = kept(Timer.builder(PREFIX + "age").tags(tags)::register);
  }

  /** Metrics in the one meter registry that is bound; nobody watches if there is none. */
  static SenderWatch in(Registry beans, KinesisClient client, String stream) {
    MeterRegistry registry = beans.findSingleByType(MeterRegistry.class);
    return registry == null
        ? NOBODY
        : new SenderMetrics(
            registry, Tags.of("stream", stream, "region", region(client)), System::nanoTime);
  }

  private static String region(KinesisClient client) {
    try {
      return client.serviceClientConfiguration().region().id();
    } catch (UnsupportedOperationException | NullPointerException decorated) {
      return "unknown";
    }
  }

  @Override
  public void opened(KinesisSender sender) {
    gauge("records.open", sender, SenderStatus::openRecords);
    gauge("records.waiting", sender, SenderStatus::waitingRecords);
    gauge("bytes.buffered", sender, SenderStatus::bufferedBytes);
    gauge("calls.in.flight", sender, SenderStatus::callsInFlight);
    gauge("shards.paced", sender, SenderStatus::pacedShards);
    gauge("down.seconds", sender, status -> status.downFor().map(Duration::toSeconds).orElse(0L));
  }

  private void gauge(String name, KinesisSender sender, ToDoubleFunction<SenderStatus> value) {
    kept(
        Gauge.builder(PREFIX + name, sender, one -> value.applyAsDouble(one.status())).tags(tags)
            ::register);
  }

  @Override
  public void called(CallReport call) {
    String result = call.failure().orElse("ok");
    callTimers
        .computeIfAbsent(
            result,
            code -> kept(Timer.builder(PREFIX + "calls").tags(tags.and("result", code))::register))
        .record(call.nanos(), TimeUnit.NANOSECONDS);
    attempts.increment(call.records());
    callRecords.record(call.records());
    callBytes.record((double) call.bytes());
    if (call.oldestNanos() > 0) {
      age.record(call.oldestNanos(), TimeUnit.NANOSECONDS);
    }
    call.notStored()
        .forEach(
            (cause, records) -> counter("failures", Tags.of("cause", cause)).increment(records));
    long now = nanoTime.getAsLong();
    for (ShardUse use : call.shards()) {
      OfShard shard = shards.computeIfAbsent(use.shardId(), this::ofShard);
      shard.seenAt = now;
      shard.records.increment(use.stored());
      shard.throttles.increment(use.throttled());
    }
    forgetClosedShards(now);
  }

  private OfShard ofShard(String id) {
    Tags ofShard = tags.and("shard", id);
    return new OfShard(
        kept(Counter.builder(PREFIX + "shard.records").tags(ofShard)::register),
        kept(Counter.builder(PREFIX + "shard.throttles").tags(ofShard)::register));
  }

  /** A stream that is resharded again and again has no end of shards. */
  private void forgetClosedShards(long now) {
    if (now - shardsLookedAt < SHARD_KEPT_FOR) {
      return;
    }
    shardsLookedAt = now;
    // a shard that comes back in this very moment is registered anew, before or after
    for (String id : shards.keySet()) {
      shards.computeIfPresent(
          id, (same, shard) -> now - shard.seenAt < SHARD_KEPT_FOR ? shard : forgotten(shard));
    }
  }

  /** Nothing, in the place of the shard. */
  private OfShard forgotten(OfShard shard) {
    forget(shard.records);
    forget(shard.throttles);
    return null;
  }

  private void forget(Meter meter) {
    synchronized (registration) {
      registry.remove(meter);
      meters.remove(meter);
    }
  }

  @Override
  public void settled(ResultKind kind, int records) {
    counter("records", Tags.of("result", kind.name().toLowerCase(Locale.ROOT))).increment(records);
  }

  /** The meters of two senders must differ: else the end of one takes those of the other along. */
  private static int takeNumber(MeterRegistry registry, Tags stream) {
    synchronized (NUMBERS) {
      BitSet taken =
          NUMBERS
              .computeIfAbsent(registry, one -> new HashMap<>())
              .computeIfAbsent(stream, one -> new BitSet());
      int number = taken.nextClearBit(1);
      taken.set(number);
      return number;
    }
  }

  @Override
  public void close() {
    synchronized (registration) {
      meters.forEach(registry::remove);
      meters.clear();
      // calls that were not awaited still end, perhaps when the number is another sender's
      registry = new CompositeMeterRegistry();
    }
    synchronized (NUMBERS) {
      NUMBERS.get(home).get(stream).clear(number);
    }
  }

  private Counter counter(String name, Tags own) {
    return counters.computeIfAbsent(
        name + own, key -> kept(Counter.builder(PREFIX + name).tags(tags.and(own))::register));
  }

  private <M extends Meter> M kept(Function<MeterRegistry, M> register) {
    synchronized (registration) {
      M meter = register.apply(registry);
      meters.add(meter);
      return meter;
    }
  }
}
