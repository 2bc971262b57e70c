package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** ListShards: which shards a caller asks for, in pages, and how a shard is written. */
final class ShardListing {

  private static final int PAGE = 1_000;
  private static final int MAX_PAGE = 10_000;
  private static final long TOKEN_LIFE_MILLIS = 300_000;
  private static final String TOKEN = "shards";

  private final Streams streams;
  private final InstantSource clock;

  ShardListing(Streams streams, InstantSource clock) {
    this.streams = streams;
    this.clock = clock;
  }

  void list(Call call, JsonGenerator out) throws IOException {
    Fields fields = Fields.of(call);
    int limit = fields.integer("MaxResults", 1, MAX_PAGE).orElse(PAGE);
    Query query = query(call, fields);
    List<Shard> rest = query.shards();
    List<Shard> page = rest.subList(0, Math.min(limit, rest.size()));
    out.writeStartObject();
    write(page, out);
    if (rest.size() > page.size()) {
      out.writeStringField(
          "NextToken", query.after(page.get(page.size() - 1).name()).token(clock.millis()));
    }
    out.writeEndObject();
  }

  /** Shards with ids above a given one, or all. */
  static List<Shard> after(Stream stream, Optional<String> shardId) {
    List<Shard> all = stream.shards().all();
    return shardId
        .map(id -> all.stream().filter(shard -> shard.name().compareTo(id) > 0).toList())
        .orElse(all);
  }

  static void write(List<Shard> shards, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("Shards");
    for (Shard shard : shards) {
      out.writeStartObject();
      out.writeStringField("ShardId", shard.name());
      writeParents(shard.parents(), out);
      writeRange(shard.firstHashKey(), shard.lastHashKey(), out);
      out.writeObjectFieldStart("SequenceNumberRange");
      out.writeStringField("StartingSequenceNumber", shard.numbers().text(0));
      OptionalLong end = shard.log().sealedCount();
      if (end.isPresent()) {
        out.writeStringField("EndingSequenceNumber", shard.numbers().text(end.getAsLong()));
      }
      out.writeEndObject();
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  static void writeRange(BigInteger first, BigInteger last, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("HashKeyRange");
    out.writeStringField("StartingHashKey", first.toString());
    out.writeStringField("EndingHashKey", last.toString());
    out.writeEndObject();
  }

  private static void writeParents(List<Shard> parents, JsonGenerator out) throws IOException {
    if (!parents.isEmpty()) {
      out.writeStringField("ParentShardId", parents.get(0).name());
    }
    if (parents.size() > 1) {
      out.writeStringField("AdjacentParentShardId", parents.get(1).name());
    }
  }

  private Query query(Call call, Fields fields) {
    Optional<String> token = fields.text("NextToken");
    if (token.isPresent()) {
      if (fields.text("StreamName").isPresent() || fields.text("StreamARN").isPresent()) {
        throw ApiException.invalidArgument(
            "NextToken and StreamName or StreamARN cannot be given together.");
      }
      return queryOfToken(token.get());
    }
    Stream stream = streams.get(StreamKey.of(call, fields));
    Optional<String> start = fields.text("ExclusiveStartShardId");
    Optional<String> filter = fields.text("ShardFilter.Type");
    return filter.isEmpty()
        ? new Query(stream, Filter.ALL, 0, start)
        : queryOfFilter(stream, filter.get(), start, fields);
  }

  private Query queryOfFilter(Stream stream, String type, Optional<String> start, Fields fields) {
    return switch (type) {
      case "AFTER_SHARD_ID" ->
          new Query(stream, Filter.ALL, 0, Optional.of(fields.requiredText("ShardFilter.ShardId")));
      case "FROM_TRIM_HORIZON" -> new Query(stream, Filter.FROM, horizon(stream), start);
      case "AT_TRIM_HORIZON" -> new Query(stream, Filter.AT, horizon(stream), start);
      case "AT_LATEST" -> new Query(stream, Filter.OPEN, 0, start);
      case "AT_TIMESTAMP" -> new Query(stream, Filter.AT, time(stream, fields), start);
      case "FROM_TIMESTAMP" -> new Query(stream, Filter.FROM, time(stream, fields), start);
      default ->
          throw ApiException.validation(
              "shardFilter.type",
              "satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON,"
                  + " AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]");
    };
  }

  /** The time before which the service forgets records; this server does not. */
  private long horizon(Stream stream) {
    return Math.max(
        stream.createdMillis(),
        clock.millis() - Duration.ofHours(StreamActions.RETENTION_HOURS).toMillis());
  }

  private long time(Stream stream, Fields fields) {
    Instant time =
        fields
            .timestamp("ShardFilter.Timestamp")
            .orElseThrow(() -> ApiException.validation("shardFilter.timestamp", "not be null"));
    return Math.max(time.toEpochMilli(), horizon(stream));
  }

  private Query queryOfToken(String token) {
    List<String> parts =
        Token.open(TOKEN, 6, token)
            .filter(found -> Filter.isName(found.get(2)))
            .filter(found -> isTime(found.get(3)) && isTime(found.get(5)))
            .orElseThrow(() -> ApiException.invalidArgument("Invalid NextToken."));
    if (clock.millis() - Long.parseLong(parts.get(5)) > TOKEN_LIFE_MILLIS) {
      throw ApiException.expiredNextToken("NextToken expired: it lives for 300 seconds.");
    }
    return new Query(
        streams.get(new StreamKey(parts.get(0), parts.get(1))),
        Filter.valueOf(parts.get(2)),
        Long.parseLong(parts.get(3)),
        Optional.of(parts.get(4)));
  }

  private static boolean isTime(String text) {
    return text.matches("\\d{1,18}");
  }

  /** Which shards are meant, relative to a time. */
  private enum Filter {
    ALL,
    /** Open now. */
    OPEN,
    /** Open at the time. */
    AT,
    /** Open at the time or later. */
    FROM;

    static boolean isName(String text) {
      return List.of("ALL", "OPEN", "AT", "FROM").contains(text);
    }
  }

  /** What a caller asked for, and how far it has been answered. */
  private record Query(
      Stream stream, Filter filter, long epochMillis, Optional<String> afterShardId) {

    List<Shard> shards() {
      Shards shards = stream.shards();
      return ShardListing.after(stream, afterShardId).stream()
          .filter(shard -> matches(shard, shards))
          .toList();
    }

    private boolean matches(Shard shard, Shards shards) {
      return switch (filter) {
        case ALL -> true;
        case OPEN -> shards.isOpen(shard);
        case AT -> shards.wasOpen(shard, epochMillis);
        case FROM -> shards.closedMillis(shard).orElse(Long.MAX_VALUE) >= epochMillis;
      };
    }

    Query after(String shardId) {
      return new Query(stream, filter, epochMillis, Optional.of(shardId));
    }

    String token(long nowMillis) {
      return Token.seal(
          TOKEN,
          stream.key().region(),
          stream.key().name(),
          filter,
          epochMillis,
          afterShardId.orElse(""),
          nowMillis);
    }
  }
}
