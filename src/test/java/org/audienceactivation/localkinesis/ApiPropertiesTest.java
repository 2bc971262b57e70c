package org.audienceactivation.localkinesis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Whatever bytes come in: an answer, or a refusal that is the caller's fault; never a breakdown.
 */
class ApiPropertiesTest {

  private static final InstantSource CLOCK = InstantSource.system();

  @Property(tries = 3_000)
  void a_damaged_request_is_answered_or_refused_as_the_callers_mistake(
      @ForAll Action action,
      @ForAll WireFormat format,
      @ForAll Random random,
      @ForAll @IntRange(max = 12) int damages)
      throws IOException {
    byte[] body = request(format);
    for (int i = 0; i < damages; i++) {
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
    }
    int length = random.nextBoolean() ? body.length : random.nextInt(body.length);
    try {
      api()
          .answer(
              new Call(action, format, "us-east-1", body, length, Fate.NONE),
              new ByteArrayOutputStream());
    } catch (ApiException refused) {
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused).hasMessageNotContaining("private");
    }
  }

  private static Api api() throws IOException {
    LocalKinesisOptions options = LocalKinesisOptions.defaults().withStorage(Storage.NONE);
    Engine engine = Engine.start(options, LogHome.of(options), CLOCK);
    engine
        .streams()
        .create(
            new StreamKey("us-east-1", "events"), Stream.Settings.provisioned(2), Duration.ZERO);
    return engine.api();
  }

  /** Something of every action's members. */
  private static byte[] request(WireFormat format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = format.generator(bytes)) {
      out.writeStartObject();
      out.writeArrayFieldStart("Records");
      for (int i = 0; i < 3; i++) {
        out.writeStartObject();
        writeRecord(out);
        out.writeEndObject();
      }
      out.writeEndArray();
      writeRecord(out);
      out.writeStringField("StreamName", "events");
      out.writeNumberField("Limit", 10);
      out.writeNumberField("ShardCount", 2);
      out.writeObjectFieldStart("StreamModeDetails");
      out.writeStringField("StreamMode", "PROVISIONED");
      out.writeEndObject();
      out.writeStringField("ShardId", "shardId-000000000000");
      out.writeStringField("ShardToSplit", "shardId-000000000000");
      out.writeStringField("NewStartingHashKey", "1000");
      out.writeStringField("ShardToMerge", "shardId-000000000000");
      out.writeStringField("AdjacentShardToMerge", "shardId-000000000001");
      out.writeStringField("ScalingType", "UNIFORM_SCALING");
      out.writeNumberField("TargetShardCount", 3);
      out.writeNumberField("MaxRecordSizeInKiB", 2_048);
      out.writeObjectFieldStart("ShardFilter");
      out.writeStringField("Type", "AT_TIMESTAMP");
      format.writeTimestamp(out, "Timestamp", CLOCK.millis());
      out.writeEndObject();
      out.writeStringField("ShardIteratorType", "AT_TIMESTAMP");
      format.writeTimestamp(out, "Timestamp", CLOCK.millis());
      out.writeStringField(
          "ShardIterator",
          new ShardIterator(new StreamKey("us-east-1", "events"), 0, "shardId-000000000000", 1, 0)
              .token());
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void writeRecord(JsonGenerator out) throws IOException {
    out.writeFieldName("Data");
    out.writeBinary("private".getBytes(UTF_8));
    out.writeStringField("PartitionKey", "private");
    out.writeStringField("ExplicitHashKey", "17");
  }
}
