package org.audienceactivation.bench;

import java.io.IOException;
import java.util.List;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * What somebody has who sends each event by himself as soon as he has it: the SDK's client and
 * nothing else, one ready-made event a call.
 */
final class BarePutRecord implements Contestant {

  private final Load load;
  private final List<ReadyEvents.Event> events;
  private final KinesisClient client;
  private final Callers callers = new Callers(this::put);

  BarePutRecord(Load load) throws IOException {
    this.load = load;
    this.events = ReadyEvents.load(load.events());
    this.client = load.client().client(load);
  }

  @Override
  public void pass(Watch watch) throws Exception {
    watch.start();
    watch.stop(callers.call(load.records(), load.callsPerSecond()));
  }

  private void put(int number) {
    ReadyEvents.Event event = events.get(number % events.size());
    client.putRecord(
        request ->
            request
                .streamName(BenchProfiles.STREAM)
                .partitionKey(event.partitionKey())
                .data(SdkBytes.fromByteArrayUnsafe(event.data())));
  }

  @Override
  public void close() {
    callers.close();
    client.close();
  }
}
