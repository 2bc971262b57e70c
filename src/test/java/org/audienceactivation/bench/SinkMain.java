package org.audienceactivation.bench;

import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.localkinesis.Storage;

/**
 * A Kinesis in a process of its own that takes records, counts and forgets them. Prints where it
 * listens, and ends when its standard input does.
 */
final class SinkMain {

  private static final int SHARDS = 4;

  private SinkMain() {}

  public static void main(String[] args) throws Exception {
    LocalKinesisOptions forgets = LocalKinesisOptions.defaults().withStorage(Storage.NONE);
    try (LocalKinesis kinesis = LocalKinesis.start(forgets)) {
      kinesis.createStream(BenchProfiles.REGION, BenchProfiles.STREAM, SHARDS);
      System.out.println(kinesis.endpoint());
      System.out.flush();
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    }
  }
}
