package org.audienceactivation.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.audienceactivation.destination.ActivationEvent;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.SenderSettings;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.profile.Compression;
import org.audienceactivation.profile.NdjsonReader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a record may cost, in figures that do not depend on the machine: bytes allocated and calls
 * made. Each bound is some 1.3 times what was measured when it was set. Who breaks one has made
 * every record dearer: see what {@code bench/run} says, and raise it only for a good reason.
 */
class CostGuardTest {

  private static final int RECORDS = 20_000;
  private static final int RECORDS_PER_BATCH = 500;

  /** Measured: 4015, of which the line itself is 585. */
  private static final long MAPPED_BYTES = 5_200;

  /** Measured: 306. */
  private static final long SENT_BYTES = 400;

  @TempDir static Path folder;
  private static Path profiles;

  @BeforeAll
  static void writeProfiles() throws IOException {
    profiles = folder.resolve("profiles.ndjson");
    BenchProfiles.write(profiles, RECORDS);
  }

  @Test
  void a_record_on_its_way_from_the_bytes_of_a_file_to_its_event_allocates_no_more_than_it_did() {
    EventMapping mapping = EventMapping.of(BenchProfiles.destination());

    long bytes =
        Allocations.leastOverRounds(
            MAPPED_BYTES * RECORDS, () -> Allocations.ofThisThread(() -> mapAll(mapping)));

    assertThat(bytes / RECORDS).isBetween(1_000L, MAPPED_BYTES);
  }

  @Test
  void a_record_that_is_sent_allocates_no_more_than_it_did() {
    try (KinesisSender sender = sender(new CountingKinesis())) {
      List<ActivationEvent> events = mapAll(EventMapping.of(BenchProfiles.destination()));

      long bytes =
          Allocations.leastOverRounds(
              SENT_BYTES * RECORDS,
              () -> {
                List<List<StreamRecord>> batches = batches(events);
                return Allocations.ofAllThreads(() -> send(sender, batches));
              });

      assertThat(bytes / RECORDS).isBetween(50L, SENT_BYTES);
    }
  }

  @Test
  void a_million_records_in_batches_of_500_are_2000_calls() {
    CountingKinesis kinesis = new CountingKinesis();
    try (KinesisSender sender = sender(kinesis)) {
      List<ActivationEvent> events = mapAll(EventMapping.of(BenchProfiles.destination()));

      for (int sent = 0; sent < 1_000_000; sent += RECORDS) {
        List<List<StreamRecord>> batches = batches(events);
        send(sender, batches);
        assertThat(batches)
            .allSatisfy(batch -> assertThat(batch).allMatch(CostGuardTest::isDelivered));
      }

      assertThat(kinesis.calls()).isEqualTo(2_000);
    }
  }

  private static KinesisSender sender(CountingKinesis kinesis) {
    return KinesisSender.open(kinesis, BenchProfiles.STREAM, SenderSettings.defaults());
  }

  private static List<ActivationEvent> mapAll(EventMapping mapping) {
    List<ActivationEvent> events = new ArrayList<>(RECORDS);
    try (NdjsonReader batches =
        NdjsonReader.open("profiles", Files.newInputStream(profiles), Compression.NONE)) {
      while (batches.hasNext()) {
        batches.next().forEach(record -> events.add(mapping.event(record).orElseThrow()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return events;
  }

  private static List<List<StreamRecord>> batches(List<ActivationEvent> events) {
    return IntStream.range(0, events.size() / RECORDS_PER_BATCH)
        .mapToObj(
            i ->
                events.subList(i * RECORDS_PER_BATCH, (i + 1) * RECORDS_PER_BATCH).stream()
                    .map(event -> StreamRecord.of(event.partitionKey(), event.data()))
                    .toList())
        .toList();
  }

  private static void send(KinesisSender sender, List<List<StreamRecord>> batches) {
    batches.forEach(batch -> sender.send(batch).toCompletableFuture().join());
  }

  private static boolean isDelivered(StreamRecord record) {
    return record.result().orElseThrow() instanceof Delivered;
  }
}
