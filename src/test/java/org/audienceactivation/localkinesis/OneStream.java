package org.audienceactivation.localkinesis;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;

/** A server of ours with the stream {@code events}, and a client of it that never retries. */
final class OneStream implements AutoCloseable {

  static final String REGION = "us-east-1";
  static final String NAME = "events";
  static final String FIRST_SHARD = "shardId-000000000000";

  final LocalKinesis server;
  final KinesisClient client;

  private OneStream(LocalKinesis server) {
    this.server = server;
    this.client =
        KinesisClient.builder()
            .endpointOverride(server.endpoint())
            .region(software.amazon.awssdk.regions.Region.of(REGION))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
            .httpClientBuilder(ApacheHttpClient.builder())
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
  }

  static OneStream of(int shards, LocalKinesisOptions options) {
    return of(shards, options, InstantSource.system());
  }

  static OneStream of(int shards, LocalKinesisOptions options, InstantSource clock) {
    LocalKinesis server = LocalKinesis.start(options, clock);
    server.createStream(REGION, NAME, shards);
    return new OneStream(server);
  }

  static PutRecordsRequestEntry entry(String key, int bytes) {
    return PutRecordsRequestEntry.builder()
        .partitionKey(key)
        .data(SdkBytes.fromByteArray(new byte[bytes]))
        .build();
  }

  /** Puts small records, all with different keys. */
  PutRecordsResponse put(int records) {
    return put(IntStream.range(0, records).mapToObj(i -> entry("key-" + i, 10)).toList());
  }

  PutRecordsResponse put(List<PutRecordsRequestEntry> entries) {
    return client.putRecords(r -> r.streamName(NAME).records(entries));
  }

  PutRecordResponse putOne(String key) {
    return client.putRecord(
        r -> r.streamName(NAME).partitionKey(key).data(SdkBytes.fromUtf8String("data")));
  }

  List<String> openShards() {
    return client
        .listShards(r -> r.streamName(NAME).shardFilter(f -> f.type(ShardFilterType.AT_LATEST)))
        .shards()
        .stream()
        .map(shard -> shard.shardId())
        .toList();
  }

  List<StoredRecord> stored() {
    List<StoredRecord> records = new ArrayList<>();
    server.forEachRecord(records::add);
    return records;
  }

  @Override
  public void close() {
    client.close();
    server.close();
  }
}
