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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.audienceactivation.kinesis.ScriptedKinesis;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.audienceactivation.kinesis.sender.DeliveryResult.Superseded;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** What holds for any batches, keys, sizes, faults and interleavings. */
class KinesisSenderPropertiesTest {

  private static final int MAX_RECORD_BYTES = 300;
  private static final int MAX_CALL_BYTES = 2_000;

  /** How Kinesis misbehaves, in percent of records or calls. */
  record Faults(
      int throttled, int internal, int callsFailed, int repliesLost, int poisoned, long seed) {}

  /** One run: batches given at once by as many callers, and what goes wrong. */
  record Run(
      List<List<StreamRecord>> batches,
      Faults faults,
      int callsInFlight,
      int maxRecords,
      DeliveryOrder order) {}

  @Property(tries = 1000)
  void every_record_gets_one_result_in_order_and_no_limit_is_broken(@ForAll("runs") Run run) {
    Simulation simulation = Simulation.withSeed(run.faults.seed);
    Random chance = new Random(run.faults.seed);
    simulation.callsTake(() -> chance.nextLong(50_000_000L));
    Watch watch = new Watch(run.faults);
    ScriptedKinesis kinesis =
        ScriptedKinesis.storingAll()
            .before(watch::before)
            .records(watch::record)
            .after(watch::after);
    KinesisSender sender =
        new KinesisSender(
            kinesis,
            "s",
            SenderSettings.builder()
                .maxRecordBytes(MAX_RECORD_BYTES)
                .maxBytesPerCall(MAX_CALL_BYTES)
                .maxRecordsPerCall(run.maxRecords)
                .callsInFlight(run.callsInFlight)
                .order(run.order)
                .build(),
            simulation,
            simulation.log(),
            SenderListener.NONE);

    List<CompletionStage<Void>> done = new ArrayList<>();
    for (List<StreamRecord> batch : run.batches) {
      done.add(sender.send(batch));
      simulation.runFor(Duration.ofMillis(chance.nextLong(10)));
    }
    simulation.runFor(Duration.ofDays(2));

    // conservation
    assertThat(done).allMatch(stage -> stage.toCompletableFuture().isDone());
    List<StreamRecord> all = run.batches.stream().flatMap(List::stream).toList();
    assertThat(all).allMatch(record -> record.result().isPresent());
    assertThat(sender.openRecords()).isZero();
    assertThat(sender.status().waitingRecords()).isZero();
    assertThat(sender.status().bufferedBytes()).isZero();

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
      } else {
        assertThat(result).isInstanceOf(Refused.class);
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
    assertThat(kinesis.calls()).allMatch(call -> bytes(call) <= MAX_CALL_BYTES);
    assertThat(watch.sentThoughAcknowledged).isEmpty();
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
          !(record.result().orElseThrow() instanceof Refused refused && refused.attempts() == 0);
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
    Arbitrary<StreamRecord> records =
        Combinators.combine(keys, Arbitraries.integers().between(0, 320))
            .as((key, padding) -> StreamRecord.of(key, unique(padding)));
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
    return Combinators.combine(
            batches,
            faults,
            Arbitraries.integers().between(1, 10),
            Arbitraries.integers().between(1, 40),
            Arbitraries.of(DeliveryOrder.class))
        .as(Run::new);
  }

  private static long next;

  /** Data that no other record has, so that what is stored can be told apart. */
  private static byte[] unique(int padding) {
    return (next++ + "." + "d".repeat(padding)).getBytes(StandardCharsets.UTF_8);
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
    private final Faults faults;
    private final Random random;
    private final Map<String, Boolean> poison = new HashMap<>();
    private final Set<String> acknowledged = new HashSet<>();
    private final List<String> sentThoughAcknowledged = new ArrayList<>();
    private List<PutRecordsRequestEntry> underWay = List.of();

    Watch(Faults faults) {
      this.faults = faults;
      this.random = new Random(faults.seed);
    }

    PutRecordsRequest before(PutRecordsRequest request) {
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
}
