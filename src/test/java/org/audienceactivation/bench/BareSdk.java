package org.audienceactivation.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * The limit of sending: ready-made events through the SDK's client and nothing else, as many calls
 * in flight as the pipeline has workers. A record that fails is an error, not a retry.
 */
final class BareSdk implements Contestant {

  private final Load load;
  private final List<ReadyEvents.Event> events;
  private final KinesisClient client;
  private final ExecutorService callers;

  BareSdk(Load load) throws IOException {
    this.load = load;
    this.events = ReadyEvents.load(load.events());
    this.client = load.client().client(load);
    this.callers = Executors.newFixedThreadPool(load.workers());
  }

  @Override
  public void pass(Watch watch) throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Callable<Void>> loops = new ArrayList<>();
    for (int i = 0; i < load.workers(); i++) {
      loops.add(
          () -> {
            sendUntilDone(next);
            return null;
          });
    }
    watch.start();
    for (Future<Void> loop : callers.invokeAll(loops)) {
      loop.get();
    }
    watch.stop();
  }

  private void sendUntilDone(AtomicInteger next) {
    for (int from = take(next); from < load.records(); from = take(next)) {
      int to = Math.min(load.records(), from + load.recordsPerCall());
      int failed = client.putRecords(request(from, to)).failedRecordCount();
      if (failed > 0) {
        throw new IllegalStateException(failed + " records failed");
      }
    }
  }

  private int take(AtomicInteger next) {
    return next.getAndAdd(load.recordsPerCall());
  }

  private PutRecordsRequest request(int from, int to) {
    List<PutRecordsRequestEntry> entries = new ArrayList<>(to - from);
    for (int i = from; i < to; i++) {
      ReadyEvents.Event event = events.get(i % events.size());
      entries.add(
          PutRecordsRequestEntry.builder()
              .partitionKey(event.partitionKey())
              .data(SdkBytes.fromByteArrayUnsafe(event.data()))
              .build());
    }
    return PutRecordsRequest.builder().streamName(BenchProfiles.STREAM).records(entries).build();
  }

  @Override
  public void close() {
    callers.shutdown();
    client.close();
  }
}
