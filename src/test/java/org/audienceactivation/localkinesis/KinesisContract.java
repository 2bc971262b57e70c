package org.audienceactivation.localkinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.audienceactivation.localkinesis.ServerUnderContract.Kind.KINESIS_LOCAL;
import static org.audienceactivation.localkinesis.ServerUnderContract.Kind.LOCALSTACK;

import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.InvalidArgumentException;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ListStreamsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * What any Kinesis does, as calls of the SDK. Where the service's documentation asks for something
 * that another emulator leaves out, the rule names that emulator and says why.
 */
final class KinesisContract {

  private static final BigInteger HASH_KEYS = BigInteger.ONE.shiftLeft(128);
  private static final BigInteger HALF = BigInteger.ONE.shiftLeft(127);
  private static final String FIRST_SHARD = "shardId-000000000000";
  private static final String SECOND_SHARD = "shardId-000000000001";

  private KinesisContract() {}

  @FunctionalInterface
  interface Body {
    void holds(Bench bench) throws Exception;
  }

  /**
   * One rule of the contract.
   *
   * @param except the servers for which it is known not to hold
   * @param because why not; empty if it holds for all
   */
  record Rule(String name, Body body, Set<ServerUnderContract.Kind> except, String because) {

    static Rule of(String name, Body body) {
      return new Rule(name, body, Set.of(), "");
    }

    Rule notFor(String reason, ServerUnderContract.Kind... kinds) {
      return new Rule(name, body, Set.of(kinds), reason);
    }
  }

  static List<Rule> rules() {
    return List.of(
        Rule.of("a new stream becomes active and is described", KinesisContract::describes),
        Rule.of("an on-demand stream has four shards", KinesisContract::onDemand),
        Rule.of("shards divide the hash keys without gap or overlap", KinesisContract::hashKeys),
        Rule.of("a stream that exists is not created again", KinesisContract::existsAlready),
        Rule.of("a deleted stream is gone", KinesisContract::deletes),
        Rule.of("streams are listed in pages", KinesisContract::listsStreams),
        Rule.of("shards are listed in pages", KinesisContract::listsShards),
        Rule.of("shards are described in pages", KinesisContract::describesShards),
        Rule.of("a stream is known by its region", KinesisContract::regions),
        Rule.of("an unknown stream is not found", KinesisContract::unknownStream),
        Rule.of("a record comes back as it was put", KinesisContract::putOne),
        Rule.of("a stream is named by its ARN too", KinesisContract::byArn),
        Rule.of("the MD5 of its key says where a record goes", KinesisContract::md5),
        Rule.of("an explicit hash key overrides that of the key", KinesisContract::explicit),
        Rule.of("an explicit hash key is below 2^128", KinesisContract::explicitTooLarge),
        Rule.of("a partition key has 1 to 256 characters", KinesisContract::keyLength),
        Rule.of("sequence numbers increase in a shard", KinesisContract::increasing),
        Rule.of("a record of 1 MiB is taken, one byte more is not", KinesisContract::recordSize),
        Rule.of("one record above its limit refuses the call", KinesisContract::recordSizeOfMany)
            .notFor("it fails that record alone", KINESIS_LOCAL, LOCALSTACK),
        Rule.of("a call has 1 to 500 records", KinesisContract::recordsOfCall)
            .notFor("it takes any number", KINESIS_LOCAL, LOCALSTACK),
        Rule.of("a call has at most 10 MiB", KinesisContract::sizeOfCall)
            .notFor("it takes any size", KINESIS_LOCAL, LOCALSTACK),
        Rule.of("LATEST gives what comes later", KinesisContract::latest),
        Rule.of("AT and AFTER a sequence number", KinesisContract::atSequenceNumber),
        Rule.of("AT_TIMESTAMP gives what arrived since", KinesisContract::atTimestamp),
        Rule.of("records are read in pages", KinesisContract::pages),
        Rule.of("an invented iterator is refused", KinesisContract::inventedIterator)
            .notFor("it breaks down with status 500", KINESIS_LOCAL, LOCALSTACK),
        Rule.of("an unknown shard is not found", KinesisContract::unknownShard),
        Rule.of("a split shard is followed by its two halves", KinesisContract::split),
        Rule.of("sequence numbers rise from parent to child", KinesisContract::numbersOfGenerations)
            .notFor("it ends each shard at 2^63 - 1", KINESIS_LOCAL, LOCALSTACK),
        Rule.of("merged shards are followed by one", KinesisContract::merge),
        Rule.of("a reader goes on from a closed shard to its children", KinesisContract::children)
            .notFor("it gives iterators beyond the end of a shard", KINESIS_LOCAL, LOCALSTACK),
        Rule.of("the shards of a stream can be doubled and halved", KinesisContract::updateCount),
        Rule.of("the number of shards is at most doubled", KinesisContract::updateCountTooFar),
        Rule.of("a shard is split inside its range", KinesisContract::splitOutside),
        Rule.of("only neighbours are merged", KinesisContract::mergeOfStrangers),
        Rule.of("a closed shard is not split again", KinesisContract::splitTwice),
        Rule.of("open shards can be listed alone", KinesisContract::listsOpenShards),
        Rule.of("records go to the children of a split shard", KinesisContract::putAfterSplit),
        Rule.of("the limit of a record can be raised", KinesisContract::raisesRecordLimit),
        Rule.of("the limits of the account are told", KinesisContract::limits));
  }

  private static void describes(Bench bench) {
    Instant before = Instant.now().minusSeconds(2);
    String stream = bench.stream(3);
    StreamDescriptionSummary summary = bench.summary(stream);
    assertThat(summary.streamName()).isEqualTo(stream);
    assertThat(summary.streamARN()).endsWith(":stream/" + stream);
    assertThat(summary.openShardCount()).isEqualTo(3);
    assertThat(summary.retentionPeriodHours()).isEqualTo(24);
    assertThat(summary.streamModeDetails().streamMode()).isEqualTo(StreamMode.PROVISIONED);
    assertThat(summary.streamCreationTimestamp()).isBetween(before, Instant.now().plusSeconds(2));
  }

  private static void onDemand(Bench bench) {
    String stream = bench.newName();
    bench.client.createStream(
        r -> r.streamName(stream).streamModeDetails(m -> m.streamMode(StreamMode.ON_DEMAND)));
    bench.awaitActive(stream);
    assertThat(bench.summary(stream).openShardCount()).isEqualTo(4);
    assertThat(bench.summary(stream).streamModeDetails().streamMode())
        .isEqualTo(StreamMode.ON_DEMAND);
  }

  private static void hashKeys(Bench bench) {
    List<Shard> shards = bench.shards(bench.stream(3));
    BigInteger next = BigInteger.ZERO;
    for (Shard shard : shards) {
      assertThat(shard.hashKeyRange().startingHashKey()).isEqualTo(next.toString());
      next = new BigInteger(shard.hashKeyRange().endingHashKey()).add(BigInteger.ONE);
    }
    assertThat(next).isEqualTo(HASH_KEYS);
  }

  private static void existsAlready(Bench bench) {
    String stream = bench.stream(1);
    assertThatThrownBy(() -> bench.client.createStream(r -> r.streamName(stream).shardCount(1)))
        .isInstanceOf(ResourceInUseException.class);
  }

  private static void deletes(Bench bench) {
    String stream = bench.stream(1);
    bench.client.deleteStream(r -> r.streamName(stream));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> bench.summary(stream))
                    .isInstanceOf(ResourceNotFoundException.class));
    assertThatThrownBy(() -> bench.put(stream, "key", "data"))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  private static void listsStreams(Bench bench) {
    String first = bench.stream(1);
    String second = bench.stream(1);
    List<String> names = new ArrayList<>();
    ListStreamsResponse page = bench.client.listStreams(r -> r.limit(1));
    names.addAll(page.streamNames());
    while (Boolean.TRUE.equals(page.hasMoreStreams())) {
      assertThat(page.streamNames()).hasSize(1);
      page =
          bench.client.listStreams(
              r -> r.limit(1).exclusiveStartStreamName(names.get(names.size() - 1)));
      names.addAll(page.streamNames());
    }
    assertThat(names).contains(first, second).isSorted();
  }

  private static void listsShards(Bench bench) {
    String stream = bench.stream(5);
    List<String> ids = new ArrayList<>();
    ListShardsResponse page = bench.client.listShards(r -> r.streamName(stream).maxResults(2));
    ids.addAll(page.shards().stream().map(Shard::shardId).toList());
    while (page.nextToken() != null) {
      assertThat(page.shards()).hasSize(2);
      String token = page.nextToken();
      page = bench.client.listShards(r -> r.nextToken(token).maxResults(2));
      ids.addAll(page.shards().stream().map(Shard::shardId).toList());
    }
    assertThat(ids).isEqualTo(IntStream.range(0, 5).mapToObj("shardId-%012d"::formatted).toList());
  }

  private static void describesShards(Bench bench) {
    String stream = bench.stream(3);
    var first = bench.client.describeStream(r -> r.streamName(stream).limit(2));
    assertThat(first.streamDescription().hasMoreShards()).isTrue();
    assertThat(first.streamDescription().shards()).hasSize(2);
    String last = first.streamDescription().shards().get(1).shardId();
    var second = bench.client.describeStream(r -> r.streamName(stream).exclusiveStartShardId(last));
    assertThat(second.streamDescription().hasMoreShards()).isFalse();
    assertThat(second.streamDescription().shards()).hasSize(1);
  }

  private static void regions(Bench bench) {
    String stream = bench.stream(1);
    try (KinesisClient elsewhere = bench.server.client(Region.EU_WEST_1)) {
      assertThatThrownBy(() -> elsewhere.describeStreamSummary(r -> r.streamName(stream)))
          .isInstanceOf(ResourceNotFoundException.class);
    }
  }

  private static void unknownStream(Bench bench) {
    String stream = bench.newName();
    assertThatThrownBy(() -> bench.put(stream, "key", "data"))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> bench.putMany(stream, List.of(bench.entry("key", "data"))))
        .isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> bench.summary(stream)).isInstanceOf(ResourceNotFoundException.class);
  }

  private static void putOne(Bench bench) {
    String stream = bench.stream(1);
    byte[] everyByte = new byte[256];
    IntStream.range(0, 256).forEach(i -> everyByte[i] = (byte) i);
    Instant before = Instant.now().minusSeconds(2);
    PutRecordResponse put =
        bench.client.putRecord(
            r ->
                r.streamName(stream)
                    .partitionKey("clé–🔑")
                    .data(SdkBytes.fromByteArray(everyByte)));
    assertThat(put.shardId()).isEqualTo("shardId-000000000000");
    assertThat(put.sequenceNumber()).matches("\\d+");
    Record record = bench.readAll(stream, put.shardId()).get(0);
    assertThat(record.partitionKey()).isEqualTo("clé–🔑");
    assertThat(record.data().asByteArray()).isEqualTo(everyByte);
    assertThat(record.sequenceNumber()).isEqualTo(put.sequenceNumber());
    assertThat(record.approximateArrivalTimestamp())
        .isBetween(before, Instant.now().plusSeconds(2));
  }

  private static void byArn(Bench bench) {
    String stream = bench.stream(1);
    String arn = bench.summary(stream).streamARN();
    bench.client.putRecord(
        r -> r.streamARN(arn).partitionKey("key").data(SdkBytes.fromUtf8String("data")));
    assertThat(bench.client.listShards(r -> r.streamARN(arn)).shards()).hasSize(1);
    assertThat(bench.readAll(stream, "shardId-000000000000")).hasSize(1);
  }

  private static void md5(Bench bench) throws Exception {
    String stream = bench.stream(3);
    List<Shard> shards = bench.shards(stream);
    List<String> keys = IntStream.range(0, 60).mapToObj(i -> "schlüssel-" + i).toList();
    PutRecordsResponse response =
        bench.putMany(stream, keys.stream().map(key -> bench.entry(key, key)).toList());
    assertThat(response.failedRecordCount()).isZero();
    for (int i = 0; i < keys.size(); i++) {
      assertThat(response.records().get(i).shardId()).isEqualTo(owner(shards, md5(keys.get(i))));
    }
    for (Shard shard : shards) {
      assertThat(bench.readAll(stream, shard.shardId()).stream().map(Record::partitionKey))
          .containsExactlyElementsOf(
              keys.stream()
                  .filter(key -> owner(shards, md5(key)).equals(shard.shardId()))
                  .toList());
    }
  }

  private static void explicit(Bench bench) {
    String stream = bench.stream(2);
    List<String> hashKeys =
        bench.shards(stream).stream()
            .map(Shard::hashKeyRange)
            .flatMap(range -> Stream.of(range.startingHashKey(), range.endingHashKey()))
            .toList();
    PutRecordsResponse response =
        bench.putMany(
            stream,
            hashKeys.stream()
                .map(hash -> bench.entry("same", "data").toBuilder().explicitHashKey(hash).build())
                .toList());
    assertThat(response.records().stream().map(r -> r.shardId().substring(19)))
        .containsExactly("0", "0", "1", "1");
  }

  private static void explicitTooLarge(Bench bench) {
    String stream = bench.stream(1);
    assertThatThrownBy(
            () ->
                bench.client.putRecord(
                    r ->
                        r.streamName(stream)
                            .partitionKey("key")
                            .explicitHashKey(HASH_KEYS.toString())
                            .data(SdkBytes.fromUtf8String("data"))))
        .isInstanceOf(InvalidArgumentException.class);
  }

  private static void keyLength(Bench bench) {
    String stream = bench.stream(1);
    bench.put(stream, "k", "data");
    bench.put(stream, "ü".repeat(256), "data");
    assertRefused(() -> bench.put(stream, "k".repeat(257), "data"));
    assertRefused(() -> bench.put(stream, "", "data"));
    assertThat(bench.readAll(stream, "shardId-000000000000")).hasSize(2);
  }

  private static void increasing(Bench bench) {
    String stream = bench.stream(1);
    List<BigInteger> numbers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      numbers.add(new BigInteger(bench.put(stream, "key", "data").sequenceNumber()));
      bench
          .putMany(stream, Collections.nCopies(3, bench.entry("key", "data")))
          .records()
          .forEach(record -> numbers.add(new BigInteger(record.sequenceNumber())));
    }
    assertThat(numbers).isSorted().doesNotHaveDuplicates();
  }

  private static void recordSize(Bench bench) {
    String stream = bench.stream(1);
    int limit = 1 << 20;
    bench.put(stream, "key", "x".repeat(limit - 3));
    assertThatThrownBy(() -> bench.put(stream, "key", "x".repeat(limit + 1)))
        .isInstanceOf(InvalidArgumentException.class);
  }

  private static void recordSizeOfMany(Bench bench) {
    String stream = bench.stream(1);
    assertRefused(
        () ->
            bench.putMany(
                stream,
                List.of(bench.entry("key", "small"), bench.entry("key", "x".repeat(1 << 20)))));
    assertThat(bench.readAll(stream, "shardId-000000000000")).isEmpty();
  }

  private static void recordsOfCall(Bench bench) {
    String stream = bench.stream(1);
    assertThat(
            bench.putMany(stream, Collections.nCopies(500, bench.entry("key", "data"))).records())
        .hasSize(500);
    assertRefused(
        () -> bench.putMany(stream, Collections.nCopies(501, bench.entry("key", "data"))));
    assertRefused(() -> bench.putMany(stream, List.of()));
  }

  private static void sizeOfCall(Bench bench) {
    String stream = bench.stream(1);
    int part = (10 << 20) / 16;
    PutRecordsRequestEntry full = bench.entry("keys", "x".repeat(part - 4));
    bench.putMany(stream, Collections.nCopies(16, full));
    List<PutRecordsRequestEntry> oneMore = new ArrayList<>(Collections.nCopies(15, full));
    oneMore.add(bench.entry("keys!", "x".repeat(part - 4)));
    assertRefused(() -> bench.putMany(stream, oneMore));
  }

  private static void latest(Bench bench) {
    String stream = bench.stream(1);
    bench.put(stream, "key", "before");
    String iterator = bench.iterator(stream, r -> r.shardIteratorType(ShardIteratorType.LATEST));
    bench.put(stream, "key", "after");
    assertThat(bench.read(iterator)).containsExactly("after");
  }

  private static void atSequenceNumber(Bench bench) {
    String stream = bench.stream(1);
    bench.put(stream, "key", "first");
    String second = bench.put(stream, "key", "second").sequenceNumber();
    bench.put(stream, "key", "third");
    assertThat(
            bench.read(
                bench.iterator(
                    stream,
                    r ->
                        r.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                            .startingSequenceNumber(second))))
        .containsExactly("second", "third");
    assertThat(
            bench.read(
                bench.iterator(
                    stream,
                    r ->
                        r.shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                            .startingSequenceNumber(second))))
        .containsExactly("third");
  }

  private static void atTimestamp(Bench bench) {
    String stream = bench.stream(1);
    bench.put(stream, "key", "before");
    Instant arrival =
        bench.readAll(stream, "shardId-000000000000").get(0).approximateArrivalTimestamp();
    Instant later = arrival.plusMillis(5).truncatedTo(ChronoUnit.MILLIS);
    Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> Instant.now().isAfter(later));
    bench.put(stream, "key", "after");
    assertThat(bench.read(bench.iterator(stream, r -> atTimestamp(r, later))))
        .containsExactly("after");
    assertThat(bench.read(bench.iterator(stream, r -> atTimestamp(r, arrival.minusMillis(1)))))
        .containsExactly("before", "after");
  }

  private static void atTimestamp(GetShardIteratorRequest.Builder request, Instant time) {
    request.shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(time);
  }

  private static void pages(Bench bench) {
    String stream = bench.stream(1);
    bench.putMany(stream, IntStream.range(0, 5).mapToObj(i -> bench.entry("key", "" + i)).toList());
    String start = bench.iterator(stream, r -> r.shardIteratorType(ShardIteratorType.TRIM_HORIZON));
    GetRecordsResponse first = bench.client.getRecords(r -> r.shardIterator(start).limit(3));
    assertThat(first.records()).hasSize(3);
    GetRecordsResponse second =
        bench.client.getRecords(r -> r.shardIterator(first.nextShardIterator()).limit(3));
    assertThat(second.records().stream().map(r -> r.data().asUtf8String()))
        .containsExactly("3", "4");
    assertThat(second.millisBehindLatest()).isZero();
    GetRecordsResponse third =
        bench.client.getRecords(r -> r.shardIterator(second.nextShardIterator()));
    assertThat(third.records()).isEmpty();
  }

  private static void inventedIterator(Bench bench) {
    assertThatThrownBy(() -> bench.client.getRecords(r -> r.shardIterator("invented")))
        .isInstanceOf(InvalidArgumentException.class);
  }

  private static void unknownShard(Bench bench) {
    String stream = bench.stream(1);
    assertThatThrownBy(
            () ->
                bench.client.getShardIterator(
                    r ->
                        r.streamName(stream)
                            .shardId("shardId-000000000007")
                            .shardIteratorType(ShardIteratorType.TRIM_HORIZON)))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  private static void split(Bench bench) {
    String stream = bench.stream(1);
    bench.put(stream, "key", "data");
    bench.split(stream, FIRST_SHARD, HALF);
    List<Shard> shards = bench.shards(stream);
    assertThat(shards)
        .extracting(Shard::parentShardId)
        .containsExactly(null, FIRST_SHARD, FIRST_SHARD);
    assertThat(shards).extracting(Shard::adjacentParentShardId).containsOnlyNulls();
    assertThat(shards)
        .extracting(s -> s.hashKeyRange().startingHashKey())
        .containsExactly("0", "0", HALF.toString());
    assertThat(shards.get(1).hashKeyRange().endingHashKey())
        .isEqualTo(HALF.subtract(BigInteger.ONE).toString());
    assertThat(shards)
        .extracting(s -> s.sequenceNumberRange().endingSequenceNumber() == null)
        .containsExactly(false, true, true);
    assertThat(bench.summary(stream).openShardCount()).isEqualTo(2);
  }

  private static void numbersOfGenerations(Bench bench) {
    String stream = bench.stream(1);
    BigInteger last = new BigInteger(bench.put(stream, "key", "before").sequenceNumber());
    bench.split(stream, FIRST_SHARD, HALF);
    BigInteger next = new BigInteger(bench.put(stream, "key", "after").sequenceNumber());
    List<Shard> shards = bench.shards(stream);
    BigInteger end = new BigInteger(shards.get(0).sequenceNumberRange().endingSequenceNumber());
    assertThat(end).isGreaterThanOrEqualTo(last).isLessThan(next);
    assertThat(shards.subList(1, 3))
        .allSatisfy(
            child ->
                assertThat(new BigInteger(child.sequenceNumberRange().startingSequenceNumber()))
                    .isGreaterThan(end));
  }

  private static void merge(Bench bench) {
    String stream = bench.stream(2);
    bench.put(stream, "key", "data");
    bench.merge(stream, FIRST_SHARD, SECOND_SHARD);
    List<Shard> shards = bench.shards(stream);
    assertThat(shards).hasSize(3);
    assertThat(shards.get(2).parentShardId()).isEqualTo(FIRST_SHARD);
    assertThat(shards.get(2).adjacentParentShardId()).isEqualTo(SECOND_SHARD);
    assertThat(shards.get(2).hashKeyRange().startingHashKey()).isEqualTo("0");
    assertThat(shards.get(2).hashKeyRange().endingHashKey())
        .isEqualTo(HASH_KEYS.subtract(BigInteger.ONE).toString());
    assertThat(bench.summary(stream).openShardCount()).isEqualTo(1);
  }

  private static void children(Bench bench) {
    String stream = bench.stream(1);
    bench.put(stream, "key", "before");
    String latest = bench.iterator(stream, r -> r.shardIteratorType(ShardIteratorType.LATEST));
    String start = bench.iterator(stream, r -> r.shardIteratorType(ShardIteratorType.TRIM_HORIZON));
    bench.split(stream, FIRST_SHARD, HALF);
    for (String iterator : List.of(start, latest)) {
      GetRecordsResponse end = bench.client.getRecords(r -> r.shardIterator(iterator));
      assertThat(end.records()).hasSize(iterator.equals(start) ? 1 : 0);
      assertThat(end.nextShardIterator()).isNull();
      assertThat(end.millisBehindLatest()).isZero();
      assertThat(end.childShards())
          .extracting(child -> child.shardId())
          .containsExactly(SECOND_SHARD, "shardId-000000000002");
      assertThat(end.childShards())
          .allSatisfy(child -> assertThat(child.parentShards()).containsExactly(FIRST_SHARD));
      assertThat(end.childShards().get(1).hashKeyRange().startingHashKey())
          .isEqualTo(HALF.toString());
    }
  }

  private static void updateCount(Bench bench) {
    String stream = bench.stream(3);
    for (int count : new int[] {5, 3}) {
      var response =
          bench.client.updateShardCount(
              r ->
                  r.streamName(stream)
                      .targetShardCount(count)
                      .scalingType(ScalingType.UNIFORM_SCALING));
      assertThat(response.targetShardCount()).isEqualTo(count);
      bench.awaitActive(stream);
      assertThat(bench.summary(stream).openShardCount()).isEqualTo(count);
      BigInteger next = BigInteger.ZERO;
      for (Shard shard : bench.openShards(stream)) {
        assertThat(new BigInteger(shard.hashKeyRange().startingHashKey())).isEqualTo(next);
        next = new BigInteger(shard.hashKeyRange().endingHashKey()).add(BigInteger.ONE);
      }
      assertThat(next).isEqualTo(HASH_KEYS);
    }
  }

  private static void updateCountTooFar(Bench bench) {
    String stream = bench.stream(2);
    assertThatThrownBy(
            () ->
                bench.client.updateShardCount(
                    r ->
                        r.streamName(stream)
                            .targetShardCount(5)
                            .scalingType(ScalingType.UNIFORM_SCALING)))
        .isInstanceOfSatisfying(
            KinesisException.class, e -> assertThat(e.statusCode()).isEqualTo(400));
  }

  private static void splitOutside(Bench bench) {
    String stream = bench.stream(2);
    assertThatThrownBy(() -> bench.split(stream, SECOND_SHARD, BigInteger.TEN))
        .isInstanceOf(InvalidArgumentException.class);
  }

  private static void mergeOfStrangers(Bench bench) {
    String stream = bench.stream(3);
    assertThatThrownBy(() -> bench.merge(stream, FIRST_SHARD, "shardId-000000000002"))
        .isInstanceOf(InvalidArgumentException.class);
  }

  private static void splitTwice(Bench bench) {
    String stream = bench.stream(1);
    bench.split(stream, FIRST_SHARD, HALF);
    assertThatThrownBy(() -> bench.split(stream, FIRST_SHARD, HALF))
        .isInstanceOf(KinesisException.class);
    assertThat(bench.summary(stream).openShardCount()).isEqualTo(2);
  }

  private static void listsOpenShards(Bench bench) {
    String stream = bench.stream(1);
    bench.split(stream, FIRST_SHARD, HALF);
    assertThat(bench.openShards(stream)).extracting(Shard::shardId).doesNotContain(FIRST_SHARD);
    assertThat(bench.openShards(stream)).hasSize(2);
  }

  private static void putAfterSplit(Bench bench) {
    String stream = bench.stream(1);
    bench.put(stream, "key", "before");
    bench.split(stream, FIRST_SHARD, HALF);
    String child = bench.put(stream, "key", "after").shardId();
    assertThat(child).isNotEqualTo(FIRST_SHARD);
    assertThat(bench.readAll(stream, FIRST_SHARD))
        .extracting(r -> r.data().asUtf8String())
        .containsExactly("before");
    assertThat(bench.readAll(stream, child))
        .extracting(r -> r.data().asUtf8String())
        .containsExactly("after");
  }

  private static void raisesRecordLimit(Bench bench) {
    String stream = bench.stream(1);
    String arn = bench.summary(stream).streamARN();
    bench.client.updateMaxRecordSize(r -> r.streamARN(arn).maxRecordSizeInKiB(2_048));
    bench.awaitActive(stream);
    assertThat(bench.summary(stream).maxRecordSizeInKiB()).isEqualTo(2_048);
    bench.put(stream, "key", "x".repeat((2 << 20) - 3));
    assertRefused(() -> bench.put(stream, "key", "x".repeat((2 << 20) + 1)));
  }

  private static void limits(Bench bench) {
    int before = bench.client.describeLimits().openShardCount();
    bench.stream(3);
    assertThat(bench.client.describeLimits().openShardCount()).isEqualTo(before + 3);
    assertThat(bench.client.describeLimits().shardLimit()).isGreaterThan(before + 3);
  }

  /** Refused as the caller's mistake; emulators and service do not agree on the type's name. */
  private static void assertRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KinesisException.class,
            e -> {
              assertThat(e.statusCode()).isEqualTo(400);
              assertThat(e.awsErrorDetails().errorCode())
                  .isIn("ValidationException", "InvalidArgumentException");
            });
  }

  private static String owner(List<Shard> shards, BigInteger hash) {
    return shards.stream()
        .filter(s -> new BigInteger(s.hashKeyRange().endingHashKey()).compareTo(hash) >= 0)
        .findFirst()
        .orElseThrow()
        .shardId();
  }

  private static BigInteger md5(String key) {
    try {
      return new BigInteger(1, MessageDigest.getInstance("MD5").digest(key.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A client at work on one server. */
  static final class Bench implements AutoCloseable {
    private final ServerUnderContract server;
    private final KinesisClient client;

    Bench(ServerUnderContract server) {
      this.server = server;
      this.client = server.client();
    }

    String newName() {
      return "contract-" + UUID.randomUUID();
    }

    String stream(int shards) {
      String name = newName();
      client.createStream(r -> r.streamName(name).shardCount(shards));
      awaitActive(name);
      return name;
    }

    void awaitActive(String name) {
      Awaitility.await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(20))
          .until(() -> summary(name).streamStatus() == StreamStatus.ACTIVE);
    }

    StreamDescriptionSummary summary(String name) {
      return client.describeStreamSummary(r -> r.streamName(name)).streamDescriptionSummary();
    }

    List<Shard> shards(String name) {
      return client.listShards(r -> r.streamName(name)).shards();
    }

    List<Shard> openShards(String name) {
      return client
          .listShards(r -> r.streamName(name).shardFilter(f -> f.type(ShardFilterType.AT_LATEST)))
          .shards()
          .stream()
          .sorted(Comparator.comparing(s -> new BigInteger(s.hashKeyRange().startingHashKey())))
          .toList();
    }

    void split(String stream, String shardId, BigInteger newStart) {
      client.splitShard(
          r -> r.streamName(stream).shardToSplit(shardId).newStartingHashKey(newStart.toString()));
      awaitActive(stream);
    }

    void merge(String stream, String shardId, String adjacentId) {
      client.mergeShards(
          r -> r.streamName(stream).shardToMerge(shardId).adjacentShardToMerge(adjacentId));
      awaitActive(stream);
    }

    PutRecordsRequestEntry entry(String key, String data) {
      return PutRecordsRequestEntry.builder()
          .partitionKey(key)
          .data(SdkBytes.fromUtf8String(data))
          .build();
    }

    PutRecordResponse put(String stream, String key, String data) {
      return client.putRecord(
          r -> r.streamName(stream).partitionKey(key).data(SdkBytes.fromUtf8String(data)));
    }

    PutRecordsResponse putMany(String stream, List<PutRecordsRequestEntry> entries) {
      return client.putRecords(r -> r.streamName(stream).records(entries));
    }

    String iterator(String stream, Consumer<GetShardIteratorRequest.Builder> from) {
      return client
          .getShardIterator(
              r -> r.streamName(stream).shardId("shardId-000000000000").applyMutation(from))
          .shardIterator();
    }

    List<String> read(String iterator) {
      return client.getRecords(r -> r.shardIterator(iterator)).records().stream()
          .map(record -> record.data().asUtf8String())
          .toList();
    }

    List<Record> readAll(String stream, String shardId) {
      String iterator =
          client
              .getShardIterator(
                  r ->
                      r.streamName(stream)
                          .shardId(shardId)
                          .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
              .shardIterator();
      return client.getRecords(r -> r.shardIterator(iterator)).records();
    }

    @Override
    public void close() {
      client.close();
    }
  }
}
