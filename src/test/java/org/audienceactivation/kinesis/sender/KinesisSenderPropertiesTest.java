package org.audienceactivation.kinesis.sender;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.DeliveryResult.Cause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.audienceactivation.kinesis.sender.DeliveryResult.Superseded;
import org.audienceactivation.kinesis.sender.SenderListener.ResultKind;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** What holds for any batches, keys, sizes, faults and interleavings. */
class KinesisSenderPropertiesTest {

  private static final int MAX_RECORD_BYTES = 300;
  private static final String LAST_HASH = "340282366920938463463374607431768211455";

  /** How Kinesis misbehaves, in percent of records or calls. */
  record Faults(
      int throttled, int internal, int callsFailed, int repliesLost, int poisoned, long seed) {}

  /** What an operator sets: 0 is no limit, but for the bytes of a call. */
  record Limits(int maxAttempts, int retryForSeconds, int callBytes) {}

  /** What happens before the batch of this number is given, if there is one. */
  record Midway(int closed, int resharded) {}

  /** One run: batches given at once by as many callers, and what goes wrong. */
  record Run(
      List<List<StreamRecord>> batches,
      Faults faults,
      Limits limits,
      Midway midway,
      int callsInFlight,
      int maxRecords,
      DeliveryOrder order) {}

  @Property(tries = 500)
  void every_record_gets_one_result_in_order_and_no_limit_is_broken(@ForAll("runs") Run run) {
    Simulation simulation = Simulation.withSeed(run.faults.seed);
    Random chance = new Random(run.faults.seed);
    simulation.callsTake(() -> chance.nextLong(50_000_000L));
    Watch watch = new Watch(run.faults);
    Shards shards = new Shards();
    ScriptedKinesis kinesis =
        ScriptedKinesis.storingAll()
            .before(watch::before)
            .records(watch::record)
            .shards(shards::of)
            .after(watch::after);
    Told told = new Told();
    KinesisSender sender =
        new KinesisSender(
            kinesis,
            "s",
            SenderSettings.builder()
                .maxRecordBytes(MAX_RECORD_BYTES)
                .maxBytesPerCall(run.limits.callBytes)
                .maxRecordsPerCall(run.maxRecords)
                .callsInFlight(run.callsInFlight)
                .order(run.order)
                .maxAttempts(run.limits.maxAttempts)
                .retryFor(Duration.ofSeconds(run.limits.retryForSeconds))
                .closeWithin(Duration.ZERO)
                .build(),
            simulation,
            simulation.log(),
            told);
    watch.of(sender);

    List<CompletionStage<Void>> done = new ArrayList<>();
    for (List<StreamRecord> batch : run.batches) {
      if (done.size() == run.midway.closed) {
        sender.close();
      }
      if (done.size() == run.midway.resharded) {
        shards.split();
      }
      done.add(sender.send(batch));
      simulation.runFor(Duration.ofMillis(chance.nextLong(10)));
    }
    simulation.runFor(Duration.ofDays(2));
    List<StreamRecord> all = new ArrayList<>(run.batches.stream().flatMap(List::stream).toList());

    // where all that is left is refused, that is an outage until something is stored
    watch.nothingElseFails();
    for (int i = 0; !areDone(done) && i < run.batches.size() * 30; i++) {
      StreamRecord good = StreamRecord.of("good" + i, unique(0));
      all.add(good);
      done.add(sender.send(List.of(good)));
      simulation.runFor(Duration.ofHours(1));
    }

    // conservation
    assertThat(areDone(done)).isTrue();
    assertThat(all).allMatch(record -> record.result().isPresent());
    assertThat(sender.openRecords()).isZero();
    assertThat(sender.status().waitingRecords()).isZero();
    assertThat(sender.status().bufferedBytes()).isZero();
    assertThat(watch.leastBuffered).isNotNegative();
    assertThat(told.kinds)
        .isEqualTo(
            all.stream()
                .collect(Collectors.groupingBy(Told::kind, Collectors.summingInt(one -> 1))));

    // at least once, and refused means not stored
    Map<String, String> stored =
        kinesis.stored().stream()
            .collect(
                Collectors.toMap(
                    ScriptedKinesis.Stored::sequenceNumber, ScriptedKinesis.Stored::data));
    Set<String> storedData = new HashSet<>(stored.values());
    for (StreamRecord record : all) {
      String data = new String(record.data(), StandardCharsets.UTF_8);
      DeliveryResult result = record.result().orElseThrow();
      if (result instanceof Delivered delivered) {
        assertThat(stored.get(delivered.sequenceNumber())).isEqualTo(data);
      } else if (result instanceof Superseded superseded) {
        assertThat(run.order).isEqualTo(DeliveryOrder.LATEST_WINS);
        if (superseded.attempts() == 0) {
          assertThat(storedData).doesNotContain(data);
        }
      } else if (result instanceof Returned) {
        assertThat(run.midway.closed).isLessThan(run.batches.size());
      } else {
        assertThat(result).isInstanceOf(Refused.class);
      }
      if (result instanceof Refused refused && refused.cause() == Cause.RETRY_LIMIT) {
        assertThat(run.limits.maxAttempts + run.limits.retryForSeconds).isPositive();
      } else if (result instanceof Refused || result.attempts() == 0) {
        assertThat(storedData).doesNotContain(data);
      }
    }

    // order: of each key, what is stored for the first time is newer than all before it
    if (run.order != DeliveryOrder.NONE) {
      assertThat(overtaken(all, kinesis)).isEmpty();
    }
    if (run.order == DeliveryOrder.LATEST_WINS) {
      assertThat(newestOfEachKey(all)).noneMatch(record -> isSuperseded(record));
    }

    // no limit is broken, nothing acknowledged is sent again
    assertThat(kinesis.callSizes()).allMatch(size -> size >= 1 && size <= run.maxRecords);
    assertThat(kinesis.calls())
        .allMatch(call -> bytes(call) <= run.limits.callBytes || call.records().size() == 1);
    assertThat(watch.sentThoughAcknowledged).isEmpty();
  }

  /** Keys that always have another record, and beside them one record of every size. */
  @Property(tries = 40)
  void nothing_waits_for_ever_while_others_go_on(
      @ForAll @IntRange(min = 1, max = 8) int callsInFlight,
      @ForAll @IntRange(min = 1, max = 20) int maxRecords,
      @ForAll @IntRange(min = 1, max = 100) int busyKeys,
      @ForAll boolean throttled,
      @ForAll long seed) {
    Simulation simulation = Simulation.withSeed(seed);
    Random chance = new Random(seed);
    simulation.callsTake(() -> 5_000_000L + chance.nextLong(5_000_000L));
    ScriptedKinesis kinesis =
        ScriptedKinesis.storingAll()
            .records(
                entry ->
                    throttled && chance.nextInt(100) < 30
                        ? Optional.of("ProvisionedThroughputExceededException")
                        : Optional.empty());
    KinesisSender sender =
        new KinesisSender(
            kinesis,
            "s",
            SenderSettings.builder()
                .callsInFlight(callsInFlight)
                .maxRecordsPerCall(maxRecords)
                .maxBytesPerCall(1_000)
                .closeWithin(Duration.ZERO)
                .build(),
            simulation,
            simulation.log(),
            SenderListener.NONE);
    for (int i = 0; i < 3 * busyKeys; i++) {
      keepBusy(sender, "busy" + i % busyKeys, chance.nextInt(300));
    }
    simulation.runFor(Duration.ofMillis(50));

    List<StreamRecord> others =
        IntStream.of(0, 1_500, 900, 2_000, 990, 1_001, 10)
            .mapToObj(size -> StreamRecord.of("other" + size, unique(size)))
            .toList();
    others.forEach(record -> sender.send(List.of(record)));
    simulation.runFor(Duration.ofSeconds(20));

    assertThat(others)
        .allSatisfy(record -> assertThat(record.result()).containsInstanceOf(Delivered.class));
    assertThat(kinesis.calls())
        .allMatch(call -> bytes(call) <= 1_000 || call.records().size() == 1);
    sender.close();
  }

  private static void keepBusy(KinesisSender sender, String key, int size) {
    StreamRecord record = StreamRecord.of(key, unique(size));
    sender
        .send(List.of(record))
        .thenRun(
            () -> {
              if (record.result().orElseThrow() instanceof Delivered) {
                keepBusy(sender, key, size);
              }
            });
  }

  /** Several threads give records, more than may wait, and perhaps one closes the sender. */
  @Property(tries = 25)
  void several_callers_never_hold_more_than_the_limit_and_one_submission_and_lose_nothing(
      @ForAll @IntRange(min = 2, max = 6) int callers,
      @ForAll @IntRange(min = 1, max = 20_000) int limit,
      @ForAll @IntRange(min = 1, max = 60) int recordsAtOnce,
      @ForAll boolean closes,
      @ForAll @IntRange(max = 40) int failing,
      @ForAll DeliveryOrder order)
      throws InterruptedException {
    long submission = recordsAtOnce * 300L;
    LongAccumulator most = new LongAccumulator(Math::max, 0);
    LongAccumulator least = new LongAccumulator(Math::min, 0);
    AtomicReference<KinesisSender> watched = new AtomicReference<>();
    CountDownLatch midway = new CountDownLatch(4);
    ScriptedKinesis kinesis = ScriptedKinesis.storingAll();
    kinesis
        .before(
            call -> {
              long bytes = watched.get().status().bufferedBytes();
              most.accumulate(bytes);
              least.accumulate(bytes);
              midway.countDown();
              return call;
            })
        .records(
            entry ->
                ThreadLocalRandom.current().nextInt(100) < failing
                    ? Optional.of("InternalFailure")
                    : Optional.empty());
    SenderSettings settings =
        SenderSettings.builder()
            .maxBufferedBytes(limit)
            .backoffMin(Duration.ofMillis(1))
            .backoffMax(Duration.ofMillis(2))
            .maxRecordsPerCall(20)
            .order(order)
            .build();
    Told told = new Told();
    KinesisSender sender = KinesisSender.open(kinesis, "s", settings, told);
    watched.set(sender);

    List<StreamRecord> all =
        IntStream.range(0, 600)
            .mapToObj(i -> StreamRecord.of("k" + i % 90, unique(i % 30)))
            .toList();
    Queue<CompletableFuture<Void>> done = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      int share = all.size() / callers;
      List<StreamRecord> own = all.subList(caller * share, (caller + 1) * share);
      threads.add(
          new Thread(
              () -> {
                for (int i = 0; i < own.size(); i += recordsAtOnce) {
                  List<StreamRecord> some = own.subList(i, Math.min(own.size(), i + recordsAtOnce));
                  done.add(sender.send(some).toCompletableFuture());
                }
              }));
    }
    threads.forEach(Thread::start);
    if (closes) {
      assertThat(midway.await(20, TimeUnit.SECONDS)).isTrue();
      sender.close();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    CompletableFuture.allOf(done.toArray(CompletableFuture[]::new)).join();
    sender.close();

    List<StreamRecord> given = all.subList(0, all.size() / callers * callers);
    assertThat(given).allMatch(record -> record.result().isPresent());
    assertThat(given).allMatch(record -> closes || Told.kind(record) != ResultKind.RETURNED);
    assertThat(told.kinds)
        .isEqualTo(
            given.stream()
                .collect(Collectors.groupingBy(Told::kind, Collectors.summingInt(one -> 1))));
    assertThat(least.get()).isNotNegative();
    assertThat(most.get()).isLessThanOrEqualTo(limit + submission);
    assertThat(sender.status().bufferedBytes()).isZero();
  }

  private static boolean areDone(List<CompletionStage<Void>> done) {
    return done.stream().allMatch(stage -> stage.toCompletableFuture().isDone());
  }

  private static List<String> overtaken(List<StreamRecord> given, ScriptedKinesis kinesis) {
    Map<String, Integer> placeOfData = new HashMap<>();
    for (StreamRecord record : given) {
      placeOfData.put(new String(record.data(), StandardCharsets.UTF_8), placeOfData.size());
    }
    Map<String, Integer> newestOfKey = new HashMap<>();
    Set<String> seen = new HashSet<>();
    List<String> overtaken = new ArrayList<>();
    for (ScriptedKinesis.Stored stored : kinesis.stored()) {
      int place = placeOfData.get(stored.data());
      if (seen.add(stored.data())) {
        Integer before = newestOfKey.put(stored.partitionKey(), place);
        if (before != null && before > place) {
          overtaken.add(stored.data());
        }
      }
    }
    return overtaken;
  }

  /** Of those that could be sent at all. */
  private static List<StreamRecord> newestOfEachKey(List<StreamRecord> given) {
    Map<String, StreamRecord> newest = new HashMap<>();
    for (StreamRecord record : given) {
      boolean sendable =
          !(record.result().orElseThrow() instanceof Refused refused
              && (refused.cause() == Cause.TOO_LARGE || refused.cause() == Cause.INVALID_KEY));
      if (sendable) {
        newest.put(record.partitionKey(), record);
      }
    }
    return List.copyOf(newest.values());
  }

  private static boolean isSuperseded(StreamRecord record) {
    return record.result().orElseThrow() instanceof Superseded;
  }

  @Provide
  Arbitrary<Run> runs() {
    Arbitrary<String> keys =
        Arbitraries.oneOf(
            Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(20),
            Arbitraries.of("a", "b", "c", "d", "e"),
            Arbitraries.of("a", "b"),
            Arbitraries.strings().withChars('é', '€', 'ß', 'z').ofMinLength(1).ofMaxLength(60),
            Arbitraries.of("", "😀".repeat(30), "x".repeat(257), "\ud83d", "k"));
    Arbitrary<Optional<String>> hashKeys =
        Arbitraries.of("0", "1", "170141183460469231731687303715884105728", LAST_HASH, "-1", "x")
            .optional(0.2);
    Arbitrary<StreamRecord> records =
        Combinators.combine(keys, hashKeys, Arbitraries.integers().between(0, 320))
            .as(KinesisSenderPropertiesTest::record);
    Arbitrary<List<List<StreamRecord>>> batches =
        records.list().ofMaxSize(30).list().ofMinSize(1).ofMaxSize(12);
    Arbitrary<Integer> percent = Arbitraries.integers().between(0, 60);
    Arbitrary<Faults> faults =
        Combinators.combine(
                percent,
                percent,
                percent,
                percent,
                Arbitraries.integers().between(0, 10),
                Arbitraries.longs())
            .as(Faults::new);
    Arbitrary<Limits> limits =
        Combinators.combine(
                Arbitraries.of(0, 0, 0, 1, 2, 5),
                Arbitraries.of(0, 0, 0, 1, 60),
                Arbitraries.of(2_000, 2_000, 150)) // less than some records have
            .as(Limits::new);
    Arbitrary<Integer> batch = Arbitraries.integers().between(0, 24); // often none
    return Combinators.combine(
            batches,
            faults,
            limits,
            Combinators.combine(batch, batch).as(Midway::new),
            Arbitraries.integers().between(1, 10),
            Arbitraries.integers().between(1, 40),
            Arbitraries.of(DeliveryOrder.class))
        .as(Run::new);
  }

  private static StreamRecord record(String key, Optional<String> hashKey, int padding) {
    StreamRecord record = StreamRecord.of(key, unique(padding));
    return hashKey.map(record::withExplicitHashKey).orElse(record);
  }

  private static final AtomicLong NEXT = new AtomicLong();

  /** Data that no other record has, so that what is stored can be told apart. */
  private static byte[] unique(int padding) {
    return (NEXT.getAndIncrement() + "." + "d".repeat(padding)).getBytes(StandardCharsets.UTF_8);
  }

  private static int bytes(PutRecordsRequest call) {
    return call.records().stream()
        .mapToInt(
            entry ->
                entry.partitionKey().getBytes(StandardCharsets.UTF_8).length
                    + entry.data().asByteArrayUnsafe().length)
        .sum();
  }

  /** Lets things fail by chance, and remembers what was acknowledged. */
  private static final class Watch {
    private Faults faults;
    private final Random random;
    private final Map<String, Boolean> poison = new HashMap<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final List<String> sentThoughAcknowledged = new ArrayList<>();
    private List<PutRecordsRequestEntry> underWay = List.of();
    private KinesisSender sender;
    private long leastBuffered;

    Watch(Faults faults) {
      this.faults = faults;
      this.random = new Random(faults.seed);
    }

    void of(KinesisSender watched) {
      sender = watched;
    }

    /** But for the records that are refused. */
    void nothingElseFails() {
      faults = new Faults(0, 0, 0, 0, 0, faults.seed);
    }

    PutRecordsRequest before(PutRecordsRequest request) {
      leastBuffered = Math.min(leastBuffered, sender.status().bufferedBytes());
      underWay = request.records();
      underWay.stream()
          .map(Watch::data)
          .filter(acknowledged::contains)
          .forEach(sentThoughAcknowledged::add);
      if (happens(faults.callsFailed)) {
        throw anyFailure();
      }
      if (underWay.stream().anyMatch(this::isPoison)) {
        throw ScriptedKinesis.error(400, "InvalidArgumentException", "something is wrong");
      }
      return request;
    }

    Optional<String> record(PutRecordsRequestEntry entry) {
      if (happens(faults.throttled)) {
        return Optional.of("ProvisionedThroughputExceededException");
      }
      return happens(faults.internal) ? Optional.of("InternalFailure") : Optional.empty();
    }

    PutRecordsResponse after(PutRecordsResponse response) {
      if (happens(faults.repliesLost)) {
        throw SdkClientException.create("Connection reset");
      }
      for (int i = 0; i < underWay.size(); i++) {
        if (response.records().get(i).errorCode() == null) {
          acknowledged.add(data(underWay.get(i)));
        }
      }
      return response;
    }

    private RuntimeException anyFailure() {
      return switch (random.nextInt(4)) {
        case 0 -> ScriptedKinesis.throttled();
        case 1 -> ScriptedKinesis.error(503, "ServiceUnavailable", "busy");
        case 2 -> ScriptedKinesis.error(400, "ExpiredTokenException", "expired");
        default -> SdkClientException.create("Connection refused");
      };
    }

    private boolean isPoison(PutRecordsRequestEntry entry) {
      return poison.computeIfAbsent(data(entry), data -> happens(faults.poisoned));
    }

    private boolean happens(int percent) {
      return random.nextInt(100) < percent;
    }

    private static String data(PutRecordsRequestEntry entry) {
      return entry.data().asUtf8String();
    }
  }

  /** Two shards, of which one is split midway. */
  private static final class Shards {
    private boolean split;

    void split() {
      split = true;
    }

    String of(PutRecordsRequestEntry entry) {
      StreamRecord record = StreamRecord.of(entry.partitionKey(), new byte[0]);
      long hash =
          StreamHash.of(
              Optional.ofNullable(entry.explicitHashKey())
                  .map(record::withExplicitHashKey)
                  .orElse(record));
      boolean upper = hash >>> 63 == 1;
      int lowerShard = split ? 2 + (int) (hash >>> 62) : 0;
      return "shardId-%012d".formatted(upper ? 1 : lowerShard);
    }
  }

  /** What the listener was told. Thread-safe. */
  private static final class Told implements SenderListener {
    private final Map<ResultKind, Integer> kinds = new ConcurrentHashMap<>();

    @Override
    public void settled(ResultKind kind, int records) {
      kinds.merge(kind, records, Integer::sum);
    }

    static ResultKind kind(StreamRecord record) {
      DeliveryResult result = record.result().orElseThrow();
      if (result instanceof Delivered) {
        return ResultKind.DELIVERED;
      }
      if (result instanceof Superseded) {
        return ResultKind.SUPERSEDED;
      }
      return result instanceof Returned ? ResultKind.RETURNED : ResultKind.REFUSED;
    }
  }
}
