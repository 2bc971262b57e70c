package org.audienceactivation.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.audienceactivation.kinesis.KinesisDeliveryException.Undelivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.audienceactivation.kinesis.sender.DeliveryResult.Superseded;
import org.audienceactivation.kinesis.sender.RecordBatch;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

class BatchKinesisProducerTest {

  private static final String KEY = BatchKinesisConstants.PARTITION_KEY;
  private static final String KEYS = BatchKinesisConstants.PARTITION_KEYS;

  private final ScriptedKinesis kinesis = ScriptedKinesis.storingAll();
  private final CamelContext camel = new DefaultCamelContext();
  private ProducerTemplate template;

  @BeforeEach
  void start() throws Exception {
    camel.getRegistry().bind("client", KinesisClient.class, kinesis);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            errorHandler(noErrorHandler());
            from("direct:in")
                .to("aws2-kinesis-batch:s?backoffMin=1ms&backoffMax=2ms&maxAttempts=2");
            from("direct:redelivering")
                .errorHandler(
                    defaultErrorHandler()
                        .maximumRedeliveries(3)
                        .redeliveryDelay(0)
                        .logExhausted(false))
                .to("aws2-kinesis-batch:s?maxAttempts=1");
            from("direct:latest").to("aws2-kinesis-batch:s?order=latestWins");
            from("direct:twice").to("aws2-kinesis-batch:s").to("aws2-kinesis-batch:t");
          }
        });
    camel.start();
    template = camel.createProducerTemplate();
  }

  @AfterEach
  void stop() {
    camel.stop();
  }

  @Nested
  class A_batch_of_ours {

    @Test
    void gets_a_result_for_each_record_and_no_exception_for_a_refused_one() {
      kinesis.records(
          entry -> entry.partitionKey().equals("k1") ? Optional.of("Poison") : Optional.empty());
      List<StreamRecord> records = records(3);

      Exchange answer = send(batch(records), Map.of());

      assertThat(answer.getException()).isNull();
      assertThat(records.get(0).result()).containsInstanceOf(Delivered.class);
      assertThat(records.get(1).result()).containsInstanceOf(Refused.class);
      assertThat(header(answer, BatchKinesisConstants.RECORD_COUNT)).isEqualTo(3);
      assertThat(header(answer, BatchKinesisConstants.FAILED_RECORD_COUNT)).isEqualTo(1);
    }

    @Test
    void counts_a_record_that_a_newer_one_replaced_not_among_the_failed() {
      StreamRecord old = records(1).get(0);
      StreamRecord newer = records(1).get(0);

      Exchange answer = send("direct:latest", batch(List.of(old, newer)), Map.of());

      assertThat(old.result()).containsInstanceOf(Superseded.class);
      assertThat(newer.result()).containsInstanceOf(Delivered.class);
      assertThat(header(answer, BatchKinesisConstants.RECORD_COUNT)).isEqualTo(2);
      assertThat(header(answer, BatchKinesisConstants.FAILED_RECORD_COUNT)).isEqualTo(0);
    }

    @Test
    void that_comes_a_second_time_is_continued_and_not_repeated() {
      List<StreamRecord> records = records(3);
      send(batch(records.subList(0, 2)), Map.of());

      send(batch(records), Map.of());

      assertThat(kinesis.storedKeys()).containsExactly("k0", "k1", "k2");
    }
  }

  @Nested
  class A_body_of_several_records {

    @Test
    void takes_a_key_for_each_from_a_list() {
      List<Object> body =
          List.of(
              "text",
              "bytes".getBytes(StandardCharsets.UTF_8),
              ByteBuffer.wrap("buffer".getBytes(StandardCharsets.UTF_8)),
              new ByteArrayInputStream("stream".getBytes(StandardCharsets.UTF_8)));

      Exchange answer = send(body, Map.of(KEYS, List.of("a", "b", "c", 4), KEY, "ignored"));

      assertThat(answer.getException()).isNull();
      assertThat(kinesis.storedKeys()).containsExactly("a", "b", "c", "4");
      assertThat(kinesis.storedData()).containsExactly("text", "bytes", "buffer", "stream");
      assertThat(kinesis.calls()).hasSize(1);
    }

    @Test
    void takes_the_keys_from_an_array_or_a_set_too_and_one_key_for_those_that_are_null() {
      send(List.of("1", "2"), Map.of(KEYS, new String[] {"a", null}, KEY, "k"));
      send(List.of("3", "4"), Map.of(KEYS, new LinkedHashSet<>(List.of("c", "d"))));

      assertThat(kinesis.storedKeys()).containsExactly("a", "k", "c", "d");
    }

    @Test
    void falls_back_to_one_key_for_all() {
      send(List.of("1", "2"), Map.of(KEY, "k"));

      assertThat(kinesis.storedKeys()).containsExactly("k", "k");
    }

    @Test
    void may_be_entries_of_the_sdk_with_their_own_keys() {
      PutRecordsRequestEntry entry =
          PutRecordsRequestEntry.builder()
              .partitionKey("own")
              .explicitHashKey("5")
              .data(SdkBytes.fromUtf8String("v"))
              .build();

      send(List.of(entry), Map.of());

      assertThat(kinesis.calls().get(0).records()).containsExactly(entry);
    }

    @Test
    void may_be_empty() {
      Exchange answer = send(List.of(), Map.of());

      assertThat(answer.getException()).isNull();
      assertThat(header(answer, BatchKinesisConstants.RECORD_COUNT)).isEqualTo(0);
    }

    @Test
    void needs_as_many_keys_as_records() {
      assertThat(send(List.of("1", "2"), Map.of(KEYS, List.of("a"))).getException())
          .hasMessage("header CamelAwsKinesisPartitionKeys has 1 keys for 2 records");
      assertThat(send(List.of("1"), Map.of(KEYS, "[a]")).getException())
          .hasMessageContaining("expected is a list with one key for each record");
      assertThat(send(List.of("1"), Map.of()).getException())
          .hasMessageContaining("no partition key for record #0");
    }

    @Test
    void refuses_only_the_record_whose_key_is_missing() {
      PutRecordsRequestEntry withoutKey =
          PutRecordsRequestEntry.builder().data(SdkBytes.fromUtf8String("v")).build();

      Exchange byHeader = send(List.of("0", "1"), Map.of(KEYS, Arrays.asList("k0", null)));
      Exchange byEntry = send(List.of(withoutKey, entry("k1")), Map.of());

      assertThat(byHeader.getException()).hasMessageContaining("#1 InvalidPartitionKey");
      assertThat(byEntry.getException()).hasMessageContaining("#0 InvalidPartitionKey");
      assertThat(kinesis.storedKeys()).containsExactly("k0", "k1");
    }

    @Test
    void that_holds_something_else_is_refused_as_a_whole_before_anything_is_sent() {
      assertThat(send(List.of("0", Map.of()), Map.of(KEY, "k")).getException())
          .hasMessageContaining("record #1 of the body is a java.util");
      assertThat(
              send(List.of(entry("k"), PutRecordsRequestEntry.builder().build()), Map.of())
                  .getException())
          .hasMessage("record #1 of the body is a PutRecordsRequestEntry without data");
      assertThat(kinesis.calls()).isEmpty();
    }

    @Test
    void of_the_senders_records_is_told_to_be_a_batch() {
      assertThat(send(records(1), Map.of()).getException())
          .hasMessageContaining("those are sent as a RecordBatch");
    }

    private static PutRecordsRequestEntry entry(String key) {
      return PutRecordsRequestEntry.builder()
          .partitionKey(key)
          .data(SdkBytes.fromUtf8String("v"))
          .build();
    }

    @Test
    void fails_with_an_exception_that_says_which_and_why_and_shows_no_data() {
      kinesis.records(
          entry -> entry.partitionKey().equals("k1") ? Optional.of("Poison") : Optional.empty());

      Exchange answer = send(List.of("secret0", "secret1", "secret2"), Map.of(KEYS, keys(3)));

      assertThat(answer.getException())
          .isInstanceOf(KinesisDeliveryException.class)
          .hasMessage(
              "1 of 3 records were not delivered to Kinesis stream s: #1 Poison (scripted Poison)");
      assertThat(((KinesisDeliveryException) answer.getException()).undelivered())
          .containsExactly(new Undelivered(1, "Poison", "scripted Poison", 1, false));
      assertThat(((KinesisDeliveryException) answer.getException()).canBeRetried()).isFalse();
      assertThat(header(answer, BatchKinesisConstants.FAILED_RECORD_COUNT)).isEqualTo(1);
    }

    @Test
    void is_redelivered_only_where_it_is_open() {
      Set<String> failedOnce = new HashSet<>();
      kinesis.records(
          entry -> {
            boolean odd = entry.partitionKey().endsWith("1") || entry.partitionKey().endsWith("3");
            return odd && failedOnce.add(entry.partitionKey())
                ? Optional.of("InternalFailure")
                : Optional.empty();
          });

      Exchange answer =
          send("direct:redelivering", List.of("0", "1", "2", "3"), Map.of(KEYS, keys(4)));

      assertThat(answer.getException()).isNull();
      assertThat(kinesis.callSizes()).containsExactly(4, 2);
      assertThat(kinesis.storedKeys()).containsExactly("k0", "k2", "k1", "k3");
      assertThat(header(answer, BatchKinesisConstants.FAILED_RECORD_COUNT)).isEqualTo(0);
    }

    @Test
    void does_not_send_again_what_is_refused_for_good() {
      kinesis.records(
          entry -> entry.partitionKey().equals("k1") ? Optional.of("Poison") : Optional.empty());

      Exchange answer = send("direct:redelivering", List.of("0", "1"), Map.of(KEYS, keys(2)));

      assertThat(answer.getException()).isInstanceOf(KinesisDeliveryException.class);
      assertThat(kinesis.callSizes()).containsExactly(2);
    }
  }

  @Nested
  class A_single_record {

    @Test
    void has_its_receipt_in_the_headers() {
      Exchange answer = send("v", Map.of(KEY, "k"));

      assertThat(header(answer, BatchKinesisConstants.SEQUENCE_NUMBER)).isEqualTo("1");
      assertThat(header(answer, BatchKinesisConstants.SHARD_ID)).isEqualTo("shardId-000000000000");
    }

    @Test
    void needs_a_key_and_a_body() {
      assertThat(send("v", Map.of()).getException()).hasMessageContaining("no partition key");
      assertThat(send(null, Map.of(KEY, "k")).getException())
          .hasMessageContaining("the body is null, which cannot be made bytes");
    }

    @Test
    void may_be_a_json_tree_though_that_can_be_iterated() {
      send(TextNode.valueOf("text"), Map.of(KEY, "k"));
      send(JsonNodeFactory.instance.objectNode(), Map.of(KEY, "k"));
      send(JsonNodeFactory.instance.arrayNode().add("text"), Map.of(KEY, "k"));

      assertThat(kinesis.storedData()).containsExactly("text", "{}", "[\"text\"]");
    }

    @Test
    void may_be_an_entry_of_the_sdk() {
      Exchange answer = send(A_body_of_several_records.entry("own"), Map.of());

      assertThat(header(answer, BatchKinesisConstants.SEQUENCE_NUMBER)).isEqualTo("1");
      assertThat(kinesis.storedKeys()).containsExactly("own");
    }

    @Test
    void is_no_array_of_records() {
      assertThat(send(new String[] {"a", "b"}, Map.of(KEY, "k")).getException())
          .hasMessage(
              "the body is a java.lang.String[], and an array is neither one record nor several; make it a List of records");
    }

    @Test
    void has_one_key() {
      assertThat(send("v", Map.of(KEYS, List.of("a", "b"))).getException())
          .hasMessage("header CamelAwsKinesisPartitionKeys has 2 keys for 1 records");
    }

    @Test
    void that_is_refused_fails_its_exchange() {
      Exchange answer = send("v".repeat(2 * 1024 * 1024), Map.of(KEY, "k"));

      assertThat(answer.getException()).hasMessageContaining("#0 RecordTooLarge");
      assertThat(kinesis.calls()).isEmpty();
    }
  }

  @Nested
  class The_sequence_number_of_another_stream {

    @Test
    void is_not_taken_for_one_of_this() {
      Exchange answer =
          send(List.of("v"), Map.of(KEY, "k", BatchKinesisConstants.SEQUENCE_NUMBER, "999"));

      assertThat(header(answer, BatchKinesisConstants.SEQUENCE_NUMBER)).isNull();
    }

    @Test
    void gives_way_to_the_last_one_where_two_endpoints_are_fed_in_turn() {
      Exchange answer = send("direct:twice", "v", Map.of(KEY, "k"));

      assertThat(kinesis.calls()).extracting(call -> call.streamName()).containsExactly("s", "t");
      assertThat(header(answer, BatchKinesisConstants.SEQUENCE_NUMBER)).isEqualTo("2");
    }
  }

  private Exchange send(Object body, Map<String, Object> headers) {
    return send("direct:in", body, headers);
  }

  private Exchange send(String uri, Object body, Map<String, Object> headers) {
    return template.request(
        uri,
        exchange -> {
          exchange.getMessage().setBody(body);
          headers.forEach(exchange.getMessage()::setHeader);
        });
  }

  private static Object header(Exchange exchange, String name) {
    return exchange.getMessage().getHeader(name);
  }

  private static RecordBatch batch(List<StreamRecord> records) {
    return () -> records;
  }

  private static List<StreamRecord> records(int count) {
    List<StreamRecord> records = new ArrayList<>();
    keys(count)
        .forEach(key -> records.add(StreamRecord.of(key, key.getBytes(StandardCharsets.UTF_8))));
    return records;
  }

  private static List<String> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> "k" + i).toList();
  }
}
