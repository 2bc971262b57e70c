package org.audienceactivation.localkinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** For any keys, hash keys and bytes: the right shard, the same bytes, in order. */
class RoutingPropertiesTest {

  private static final BigInteger HASH_KEYS = BigInteger.ONE.shiftLeft(128);

  private static LocalKinesis server;
  private static KinesisClient client;

  @BeforeContainer
  static void start() {
    server = LocalKinesis.start(LocalKinesisOptions.defaults());
    URI endpoint = server.endpoint();
    client =
        new ServerUnderContract(ServerUnderContract.Kind.OURS, endpoint, WireFormat.CBOR).client();
  }

  @AfterContainer
  static void stop() {
    client.close();
    server.close();
  }

  @Property(tries = 60)
  void each_record_lies_in_the_shard_of_its_hash_and_in_the_order_of_its_call(
      @ForAll @IntRange(min = 1, max = 9) int shards,
      @ForAll("puts") @Size(min = 1, max = 40) List<Put> puts) {
    String stream = UUID.randomUUID().toString();
    server.createStream("us-east-1", stream, shards);
    PutRecordsResponse response =
        client.putRecords(
            r -> r.streamName(stream).records(puts.stream().map(Put::entry).toList()));
    List<StoredRecord> stored = new ArrayList<>();
    server.forEachRecord(
        record -> {
          if (record.stream().equals(stream)) {
            stored.add(record);
          }
        });
    List<String> expected = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      for (int i = 0; i < puts.size(); i++) {
        if (shardOf(puts.get(i), shards) == shard) {
          expected.add(
              line(
                  "shardId-%012d".formatted(shard),
                  response.records().get(i).sequenceNumber(),
                  puts.get(i).key(),
                  puts.get(i).data().asByteArray()));
        }
      }
    }
    assertThat(
            stored.stream()
                .map(r -> line(r.shardId(), r.sequenceNumber(), r.partitionKey(), r.data())))
        .containsExactlyElementsOf(expected);
    client.deleteStream(r -> r.streamName(stream));
  }

  @Property
  void a_hash_key_compares_as_the_number_that_it_is(
      @ForAll("hashKeys") BigInteger one, @ForAll("hashKeys") BigInteger other) {
    assertThat(Integer.signum(HashKey.of(one).compareTo(HashKey.ofDecimal(other.toString()))))
        .isEqualTo(one.compareTo(other));
  }

  record Put(String key, Optional<BigInteger> hashKey, SdkBytes data) {
    PutRecordsRequestEntry entry() {
      return PutRecordsRequestEntry.builder()
          .partitionKey(key)
          .explicitHashKey(hashKey.map(BigInteger::toString).orElse(null))
          .data(data)
          .build();
    }

    @Override
    public String toString() {
      return key + " " + hashKey + " " + data.asByteArrayUnsafe().length + " bytes";
    }
  }

  @Provide
  Arbitrary<List<Put>> puts() {
    Arbitrary<String> keys =
        Arbitraries.oneOf(
            Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(256),
            Arbitraries.of("ü", "日本", "🔑", "é".repeat(256)));
    Arbitrary<SdkBytes> data =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(3_000).map(SdkBytes::fromByteArray);
    return Combinators.combine(keys, hashKeys().optional(), data).as(Put::new).list();
  }

  @Provide
  Arbitrary<BigInteger> hashKeys() {
    return Arbitraries.bigIntegers().between(BigInteger.ZERO, HASH_KEYS.subtract(BigInteger.ONE));
  }

  /** The rule again, in the plainest arithmetic. */
  private static int shardOf(Put put, int shards) {
    BigInteger hash = put.hashKey().orElseGet(() -> md5(put.key()));
    BigInteger part = HASH_KEYS.divide(BigInteger.valueOf(shards));
    return Math.min(shards - 1, hash.divide(part).intValueExact());
  }

  private static BigInteger md5(String key) {
    try {
      return new BigInteger(1, MessageDigest.getInstance("MD5").digest(key.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String line(String shard, String number, String key, byte[] data) {
    return shard + " " + number + " " + key + " " + Arrays.hashCode(data) + " " + data.length;
  }
}
