package org.audienceactivation.localkinesis;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequest;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * Measures what a stored record costs the server in CPU. Two processes, Linux only:
 *
 * <pre>
 * java -cp ... org.audienceactivation.localkinesis.LoadMain server [DISK|NONE]
 * java -cp ... org.audienceactivation.localkinesis.LoadMain client ENDPOINT PID CALLS IN_FLIGHT
 * </pre>
 */
final class LoadMain {

  private static final int RECORDS = 500;
  private static final int BYTES = 600;
  private static final double TICKS_PER_SECOND = 100;

  private LoadMain() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args[0].equals("server")) {
      serve(Storage.valueOf(args.length > 1 ? args[1] : "DISK"));
    } else {
      load(
          URI.create(args[1]),
          Long.parseLong(args[2]),
          Integer.parseInt(args[3]),
          Integer.parseInt(args[4]));
    }
  }

  private static void serve(Storage storage) throws InterruptedException {
    try (LocalKinesis kinesis =
        LocalKinesis.start(LocalKinesisOptions.defaults().withStorage(storage))) {
      kinesis.createStream("us-east-1", "load", 4);
      System.out.println(kinesis.endpoint() + " " + ProcessHandle.current().pid());
      Thread.currentThread().join();
    }
  }

  private static void load(URI endpoint, long server, int calls, int inFlight)
      throws IOException, InterruptedException {
    try (KinesisClient client =
        KinesisClient.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
            .httpClientBuilder(ApacheHttpClient.builder().maxConnections(inFlight))
            .build()) {
      PutRecordsRequest request = request();
      run(client, request, calls / 2, inFlight);
      Cpu before = Cpu.of(server);
      long start = System.nanoTime();
      run(client, request, calls, inFlight);
      double seconds = (System.nanoTime() - start) / 1e9;
      Cpu after = Cpu.of(server);
      long records = (long) calls * RECORDS;
      System.out.printf(
          "%,d records, %,.0f/s, server CPU %.2f us/record user, %.2f system%n",
          records,
          records / seconds,
          (after.user - before.user) * 1e6 / records,
          (after.system - before.system) * 1e6 / records);
    }
  }

  private static void run(KinesisClient client, PutRecordsRequest request, int calls, int inFlight)
      throws InterruptedException {
    AtomicInteger left = new AtomicInteger(calls);
    ExecutorService callers = Executors.newFixedThreadPool(inFlight);
    for (int i = 0; i < inFlight; i++) {
      callers.execute(
          () -> {
            while (left.getAndDecrement() > 0) {
              client.putRecords(request);
            }
          });
    }
    callers.shutdown();
    callers.awaitTermination(10, TimeUnit.MINUTES);
  }

  private static PutRecordsRequest request() {
    SplittableRandom random = new SplittableRandom(1);
    byte[] data = new byte[BYTES];
    random.nextBytes(data);
    List<PutRecordsRequestEntry> entries =
        IntStream.range(0, RECORDS)
            .mapToObj(
                i ->
                    PutRecordsRequestEntry.builder()
                        .partitionKey(Long.toString(random.nextLong(Long.MAX_VALUE)))
                        .data(SdkBytes.fromByteArray(data))
                        .build())
            .toList();
    return PutRecordsRequest.builder().streamName("load").records(entries).build();
  }

  /** User and system time of a process in seconds: the 14th and 15th fields of its stat file. */
  private record Cpu(double user, double system) {
    static Cpu of(long pid) throws IOException {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
      return new Cpu(seconds(fields.get(11)), seconds(fields.get(12)));
    }

    private static double seconds(String ticks) {
      return Long.parseLong(ticks) / TICKS_PER_SECOND;
    }
  }
}
