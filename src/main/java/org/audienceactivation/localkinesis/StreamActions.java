package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Creating, deleting, listing and describing streams and their shards. */
final class StreamActions {

  private static final int PAGE = 100;
  private static final int SHARDS_PAGE = 1_000;
  private static final int MAX_PAGE = 10_000;
  private static final int MAX_SHARDS = 100_000;
  private static final int ON_DEMAND_SHARDS = 4;
  private static final int MAX_RECORD_KIB = 10_240;
  private static final int RETENTION_HOURS = 24;
  private static final long TOKEN_LIFE_MILLIS = 300_000;
  private static final String SHARDS_TOKEN = "shards";
  private static final String STREAMS_TOKEN = "streams";

  private final Streams streams;
  private final int defaultShards;
  private final Duration creationTime;
  private final InstantSource clock;

  StreamActions(Streams streams, int defaultShards, Duration creationTime, InstantSource clock) {
    this.streams = streams;
    this.defaultShards = defaultShards;
    this.creationTime = creationTime;
    this.clock = clock;
  }

  void create(Call call) throws IOException {
    Fields fields = Fields.of(call);
    StreamKey key = new StreamKey(call.region(), fields.requiredText("StreamName"));
    streams.create(key, settings(fields), creationTime);
  }

  void delete(Call call) throws IOException {
    streams.delete(StreamKey.of(call, Fields.of(call)));
  }

  void list(Call call, JsonGenerator out) throws IOException {
    Fields fields = Fields.of(call);
    int limit = fields.integer("Limit", 1, MAX_PAGE).orElse(PAGE);
    List<Stream> rest = streams.after(call.region(), startOfList(fields));
    List<Stream> page = rest.subList(0, Math.min(limit, rest.size()));
    boolean more = rest.size() > page.size();
    out.writeStartObject();
    out.writeArrayFieldStart("StreamNames");
    for (Stream stream : page) {
      out.writeString(stream.key().name());
    }
    out.writeEndArray();
    out.writeArrayFieldStart("StreamSummaries");
    for (Stream stream : page) {
      out.writeStartObject();
      writeIdentity(stream, call, out);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeBooleanField("HasMoreStreams", more);
    if (more) {
      out.writeStringField(
          "NextToken", Token.seal(STREAMS_TOKEN, page.get(page.size() - 1).key().name()));
    }
    out.writeEndObject();
  }

  void describe(Call call, JsonGenerator out) throws IOException {
    Fields fields = Fields.of(call);
    int limit = fields.integer("Limit", 1, MAX_PAGE).orElse(PAGE);
    Stream stream = streams.get(StreamKey.of(call, fields));
    List<Shard> rest = shardsAfter(stream, fields.text("ExclusiveStartShardId"));
    List<Shard> page = rest.subList(0, Math.min(limit, rest.size()));
    out.writeStartObject();
    out.writeObjectFieldStart("StreamDescription");
    writeIdentity(stream, call, out);
    writeSettings(out);
    out.writeBooleanField("HasMoreShards", rest.size() > page.size());
    writeShards(page, out);
    out.writeEndObject();
    out.writeEndObject();
  }

  void describeSummary(Call call, JsonGenerator out) throws IOException {
    Stream stream = streams.get(StreamKey.of(call, Fields.of(call)));
    out.writeStartObject();
    out.writeObjectFieldStart("StreamDescriptionSummary");
    writeIdentity(stream, call, out);
    writeSettings(out);
    out.writeNumberField("OpenShardCount", stream.openShards().size());
    out.writeNumberField("ConsumerCount", 0);
    out.writeNumberField("MaxRecordSizeInKiB", stream.settings().maxRecordKiB());
    out.writeEndObject();
    out.writeEndObject();
  }

  void listShards(Call call, JsonGenerator out) throws IOException {
    Fields fields = Fields.of(call);
    int limit = fields.integer("MaxResults", 1, MAX_PAGE).orElse(SHARDS_PAGE);
    ShardsPage start = startOfShards(call, fields);
    List<Shard> rest = shardsAfter(start.stream(), start.afterShardId());
    List<Shard> page = rest.subList(0, Math.min(limit, rest.size()));
    out.writeStartObject();
    writeShards(page, out);
    if (rest.size() > page.size()) {
      out.writeStringField(
          "NextToken",
          Token.seal(
              SHARDS_TOKEN,
              start.stream().key().region(),
              start.stream().key().name(),
              page.get(page.size() - 1).name(),
              clock.millis()));
    }
    out.writeEndObject();
  }

  private Stream.Settings settings(Fields fields) {
    int maxRecordKiB =
        fields
            .integer("MaxRecordSizeInKiB", Stream.Settings.DEFAULT_MAX_RECORD_KIB, MAX_RECORD_KIB)
            .orElse(Stream.Settings.DEFAULT_MAX_RECORD_KIB);
    return switch (fields.text("StreamModeDetails.StreamMode").orElse("PROVISIONED")) {
      case "PROVISIONED" ->
          new Stream.Settings(
              fields.integer("ShardCount", 1, MAX_SHARDS).orElse(defaultShards),
              Stream.Mode.PROVISIONED,
              maxRecordKiB);
      case "ON_DEMAND" ->
          new Stream.Settings(ON_DEMAND_SHARDS, Stream.Mode.ON_DEMAND, maxRecordKiB);
      default ->
          throw ApiException.validation(
              "streamModeDetails.streamMode", "satisfy enum value set: [PROVISIONED, ON_DEMAND]");
    };
  }

  private static String startOfList(Fields fields) {
    Optional<String> token = fields.text("NextToken");
    if (token.isEmpty()) {
      return fields.text("ExclusiveStartStreamName").orElse("");
    }
    return Token.open(STREAMS_TOKEN, 1, token.get())
        .orElseThrow(() -> ApiException.invalidArgument("Invalid NextToken."))
        .get(0);
  }

  private record ShardsPage(Stream stream, Optional<String> afterShardId) {}

  private ShardsPage startOfShards(Call call, Fields fields) {
    Optional<String> token = fields.text("NextToken");
    if (token.isEmpty()) {
      Stream stream = streams.get(StreamKey.of(call, fields));
      return new ShardsPage(stream, startOfFilter(fields));
    }
    if (fields.text("StreamName").isPresent() || fields.text("StreamARN").isPresent()) {
      throw ApiException.invalidArgument(
          "NextToken and StreamName or StreamARN cannot be given together.");
    }
    return startOfToken(token.get());
  }

  private ShardsPage startOfToken(String token) {
    List<String> parts =
        Token.open(SHARDS_TOKEN, 4, token)
            .filter(found -> found.get(3).matches("\\d{1,18}"))
            .orElseThrow(() -> ApiException.invalidArgument("Invalid NextToken."));
    if (clock.millis() - Long.parseLong(parts.get(3)) > TOKEN_LIFE_MILLIS) {
      throw ApiException.expiredNextToken("NextToken expired: it lives for 300 seconds.");
    }
    Stream stream = streams.get(new StreamKey(parts.get(0), parts.get(1)));
    return new ShardsPage(stream, Optional.of(parts.get(2)));
  }

  /** Without closed shards, every filter but AFTER_SHARD_ID means all shards. */
  private static Optional<String> startOfFilter(Fields fields) {
    Optional<String> start = fields.text("ExclusiveStartShardId");
    Optional<String> filter = fields.text("ShardFilter.Type");
    if (filter.isEmpty()) {
      return start;
    }
    return switch (filter.get()) {
      case "AFTER_SHARD_ID" -> Optional.of(fields.requiredText("ShardFilter.ShardId"));
      case "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON", "AT_LATEST", "AT_TIMESTAMP", "FROM_TIMESTAMP" ->
          start;
      default ->
          throw ApiException.validation(
              "shardFilter.type",
              "satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON,"
                  + " AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]");
    };
  }

  private static List<Shard> shardsAfter(Stream stream, Optional<String> shardId) {
    return shardId
        .map(
            id -> stream.shards().stream().filter(shard -> shard.name().compareTo(id) > 0).toList())
        .orElse(stream.shards());
  }

  private void writeIdentity(Stream stream, Call call, JsonGenerator out) throws IOException {
    out.writeStringField("StreamName", stream.key().name());
    out.writeStringField("StreamARN", stream.key().arn());
    out.writeStringField("StreamStatus", stream.isActive(clock.millis()) ? "ACTIVE" : "CREATING");
    out.writeObjectFieldStart("StreamModeDetails");
    out.writeStringField("StreamMode", stream.settings().mode().name());
    out.writeEndObject();
    call.format().writeTimestamp(out, "StreamCreationTimestamp", stream.createdMillis());
  }

  private static void writeSettings(JsonGenerator out) throws IOException {
    out.writeNumberField("RetentionPeriodHours", RETENTION_HOURS);
    out.writeArrayFieldStart("EnhancedMonitoring");
    out.writeStartObject();
    out.writeArrayFieldStart("ShardLevelMetrics");
    out.writeEndArray();
    out.writeEndObject();
    out.writeEndArray();
    out.writeStringField("EncryptionType", "NONE");
  }

  private static void writeShards(List<Shard> shards, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("Shards");
    for (Shard shard : shards) {
      out.writeStartObject();
      out.writeStringField("ShardId", shard.name());
      writeRange(shard.firstHashKey(), shard.lastHashKey(), out);
      out.writeObjectFieldStart("SequenceNumberRange");
      out.writeStringField("StartingSequenceNumber", shard.numbers().text(0));
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeRange(BigInteger first, BigInteger last, JsonGenerator out)
      throws IOException {
    out.writeObjectFieldStart("HashKeyRange");
    out.writeStringField("StartingHashKey", first.toString());
    out.writeStringField("EndingHashKey", last.toString());
    out.writeEndObject();
  }
}
