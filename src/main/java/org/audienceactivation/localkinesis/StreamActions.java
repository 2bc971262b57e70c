package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Creating, deleting, listing and describing streams. */
final class StreamActions {

  /** As long as the service keeps records by default; here they are kept for ever. */
  static final int RETENTION_HOURS = 24;

  private static final int PAGE = 100;
  private static final int MAX_PAGE = 10_000;
  private static final int MAX_SHARDS = 100_000;
  private static final int ON_DEMAND_SHARDS = 4;
  private static final String STREAMS_TOKEN = "streams";

  private final Streams streams;
  private final int defaultShards;
  private final Duration creationTime;

  StreamActions(Streams streams, int defaultShards, Duration creationTime) {
    this.streams = streams;
    this.defaultShards = defaultShards;
    this.creationTime = creationTime;
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
    List<Shard> rest = ShardListing.after(stream, fields.text("ExclusiveStartShardId"));
    List<Shard> page = rest.subList(0, Math.min(limit, rest.size()));
    out.writeStartObject();
    out.writeObjectFieldStart("StreamDescription");
    writeIdentity(stream, call, out);
    writeSettings(out);
    out.writeBooleanField("HasMoreShards", rest.size() > page.size());
    ShardListing.write(page, out);
    out.writeEndObject();
    out.writeEndObject();
  }

  void describeSummary(Call call, JsonGenerator out) throws IOException {
    Stream stream = streams.get(StreamKey.of(call, Fields.of(call)));
    out.writeStartObject();
    out.writeObjectFieldStart("StreamDescriptionSummary");
    writeIdentity(stream, call, out);
    writeSettings(out);
    out.writeNumberField("OpenShardCount", stream.shards().open().size());
    out.writeNumberField("ConsumerCount", 0);
    out.writeNumberField("MaxRecordSizeInKiB", stream.maxRecordKiB());
    out.writeEndObject();
    out.writeEndObject();
  }

  void describeLimits(Call call, JsonGenerator out) throws IOException {
    long onDemand =
        streams.after(call.region(), "").stream()
            .filter(stream -> stream.mode() == Stream.Mode.ON_DEMAND)
            .count();
    out.writeStartObject();
    out.writeNumberField("ShardLimit", Streams.SHARD_LIMIT);
    out.writeNumberField("OpenShardCount", streams.openShards());
    out.writeNumberField("OnDemandStreamCount", onDemand);
    out.writeNumberField("OnDemandStreamCountLimit", Streams.SHARD_LIMIT / ON_DEMAND_SHARDS);
    out.writeEndObject();
  }

  private Stream.Settings settings(Fields fields) {
    int maxRecordKiB =
        fields
            .integer(
                "MaxRecordSizeInKiB",
                Stream.Settings.DEFAULT_MAX_RECORD_KIB,
                Stream.Settings.MAX_RECORD_KIB)
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

  private void writeIdentity(Stream stream, Call call, JsonGenerator out) throws IOException {
    out.writeStringField("StreamName", stream.key().name());
    out.writeStringField("StreamARN", stream.key().arn());
    out.writeStringField("StreamStatus", streams.status(stream).name());
    out.writeObjectFieldStart("StreamModeDetails");
    out.writeStringField("StreamMode", stream.mode().name());
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
}
