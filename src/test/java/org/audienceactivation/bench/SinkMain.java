package org.audienceactivation.bench;

import java.time.Duration;
import org.audienceactivation.localkinesis.Faults;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.localkinesis.ShardLimits;
import org.audienceactivation.localkinesis.Storage;

/**
 * A Kinesis in a process of its own that takes records, counts and forgets them. Prints where it
 * listens, and ends when its standard input does. Arguments: {@value #LIMITED} if its shards take
 * no more than those of the service, else another word; how many milliseconds a call takes at
 * least.
 */
final class SinkMain {

  static final String LIMITED = "limited";

  private static final int SHARDS = 4;
  private static final int LIMITED_SHARDS = 16;

  private SinkMain() {}

  public static void main(String[] args) throws Exception {
    boolean isLimited = args[0].equals(LIMITED);
    Duration latency = Duration.ofMillis(Long.parseLong(args[1]));
    LocalKinesisOptions forgets =
        LocalKinesisOptions.defaults()
            .withStorage(Storage.NONE)
            .withFaults(latency.isZero() ? Faults.none() : Faults.none().withLatency(latency));
    try (LocalKinesis kinesis =
        LocalKinesis.start(
            isLimited ? forgets.withShardLimits(ShardLimits.ofTheService()) : forgets)) {
      kinesis.createStream(
          BenchProfiles.REGION, BenchProfiles.STREAM, isLimited ? LIMITED_SHARDS : SHARDS);
      System.out.println(kinesis.endpoint());
      System.out.flush();
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}
