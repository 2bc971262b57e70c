package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Shard iterators, and the records that they lead to. */
final class ReadActions {

  /** The service's limit of one answer, records and bytes. */
  private static final int MAX_RECORDS = 10_000;

  private static final int MAX_BYTES = 10 << 20;

  private static final Pattern SHARD_ID = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

  private static final SerializedString SEQUENCE_NUMBER = new SerializedString("SequenceNumber");
  private static final SerializedString PARTITION_KEY = new SerializedString("PartitionKey");
  private static final SerializedString DATA = new SerializedString("Data");

  private final Streams streams;
  private final InstantSource clock;
  private final int maxBytes;

  /**
   * Gives at most a part of the heap in one answer: a caller may always get less than its limit.
   */
  ReadActions(Streams streams, InstantSource clock, long heapBytes) {
    this.streams = streams;
    this.clock = clock;
    this.maxBytes = (int) Math.max(1 << 20, Math.min(MAX_BYTES, heapBytes / 32));
  }

  void getShardIterator(Call call, JsonGenerator out) throws IOException {
    Fields fields = Fields.of(call);
    Stream stream = streams.getActive(StreamKey.of(call, fields));
    Shard shard = shard(stream, fields.requiredText("ShardId"));
    long place = place(fields, shard);
    out.writeStartObject();
    out.writeStringField("ShardIterator", token(stream, shard, place));
    out.writeEndObject();
  }

  void getRecords(Call call, JsonGenerator out) throws IOException {
    Fields fields = Fields.of(call);
    int limit = fields.integer("Limit", 1, MAX_RECORDS).orElse(MAX_RECORDS);
    ShardIterator iterator = ShardIterator.of(fields.requiredText("ShardIterator"), clock.millis());
    Stream stream = streams.getActive(iterator.stream());
    if (stream.createdMillis() != iterator.createdMillis()) {
      throw ApiException.invalidArgument("The ShardIterator is of a stream that was deleted.");
    }
    Shard shard = shard(stream, iterator.shardId());
    out.writeStartObject();
    // asked before the records are read: none can have been added after the last one then
    OptionalLong end = shard.log().sealedCount();
    Progress progress = writeRecords(shard, iterator.place(), limit, call.format(), out);
    if (end.isPresent() && progress.nextPlace() > end.getAsLong()) {
      writeChildren(stream.shards().childrenOf(shard), out);
    } else {
      out.writeStringField("NextShardIterator", token(stream, shard, progress.nextPlace()));
    }
    out.writeNumberField("MillisBehindLatest", progress.millisBehind());
    out.writeEndObject();
  }

  /** The shard of an id. */
  static Shard shard(Stream stream, String id) {
    if (!SHARD_ID.matcher(id).matches()) {
      throw ApiException.validation(
          "shardId", "satisfy regular expression pattern: [a-zA-Z0-9_.-]{1,128}");
    }
    return stream
        .shard(id)
        .orElseThrow(
            () ->
                ApiException.resourceNotFound(
                    "Shard " + id + " does not exist in " + stream.key().described() + "."));
  }

  private String token(Stream stream, Shard shard, long place) {
    return new ShardIterator(
            stream.key(), stream.createdMillis(), shard.name(), place, clock.millis())
        .token();
  }

  private long place(Fields fields, Shard shard) throws IOException {
    String type = fields.requiredText("ShardIteratorType");
    return switch (type) {
      case "TRIM_HORIZON" -> 1;
      case "LATEST" -> shard.log().count() + 1;
      case "AT_SEQUENCE_NUMBER" -> Math.max(1, startingPlace(fields, shard));
      case "AFTER_SEQUENCE_NUMBER" -> startingPlace(fields, shard) + 1;
      case "AT_TIMESTAMP" -> shard.log().firstPlaceSince(startingTime(fields).toEpochMilli());
      default ->
          throw ApiException.validation(
              "shardIteratorType",
              "satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP,"
                  + " AT_SEQUENCE_NUMBER, TRIM_HORIZON]");
    };
  }

  private static long startingPlace(Fields fields, Shard shard) {
    String number =
        fields
            .text("StartingSequenceNumber")
            .orElseThrow(
                () ->
                    ApiException.invalidArgument(
                        "Must specify startingSequenceNumber for this type of iterator."));
    OptionalLong place = shard.numbers().place(number);
    if (place.isEmpty() || place.getAsLong() > shard.log().count()) {
      throw ApiException.invalidArgument(
          "StartingSequenceNumber is invalid: " + shard.name() + " has given out no such number.");
    }
    return place.getAsLong();
  }

  private Instant startingTime(Fields fields) {
    Instant time =
        fields
            .timestamp("Timestamp")
            .orElseThrow(
                () ->
                    ApiException.invalidArgument(
                        "Must specify timestampInMillis for iterator of type AT_TIMESTAMP."));
    if (time.isAfter(clock.instant())) {
      throw ApiException.invalidArgument(
          "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis.");
    }
    return time;
  }

  /**
   * How far a read came.
   *
   * @param millisBehind the age of the next record; 0 at the end of the shard
   */
  private record Progress(long nextPlace, long millisBehind) {}

  private Progress writeRecords(
      Shard shard, long place, int limit, WireFormat format, JsonGenerator out) throws IOException {
    long known = shard.log().count();
    long nextPlace = Math.max(place, known + 1);
    long millisBehind = 0;
    int bytes = 0;
    int records = 0;
    byte[] digits = new byte[SequenceNumbers.DIGITS];
    out.writeArrayFieldStart("Records");
    try (LogReader reader = shard.log().reader(place)) {
      while (reader.next()) {
        bytes += reader.keyLength() + reader.dataLength();
        if (records == limit || (records > 0 && bytes > maxBytes)) {
          nextPlace = reader.place();
          millisBehind = Math.max(1, clock.millis() - reader.arrival());
          break;
        }
        shard.numbers().write(reader.place(), digits);
        writeRecord(reader, digits, format, out);
        nextPlace = reader.place() + 1;
        records++;
      }
    }
    out.writeEndArray();
    return new Progress(nextPlace, millisBehind);
  }

  /** Where a reader that came to the end of a closed shard goes on. */
  private static void writeChildren(List<Shard> children, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("ChildShards");
    for (Shard child : children) {
      out.writeStartObject();
      out.writeStringField("ShardId", child.name());
      out.writeArrayFieldStart("ParentShards");
      for (Shard parent : child.parents()) {
        out.writeString(parent.name());
      }
      out.writeEndArray();
      ShardListing.writeRange(child.firstHashKey(), child.lastHashKey(), out);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void writeRecord(
      LogReader reader, byte[] sequenceNumber, WireFormat format, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeFieldName(SEQUENCE_NUMBER);
    out.writeUTF8String(sequenceNumber, 0, sequenceNumber.length);
    format.writeTimestamp(out, "ApproximateArrivalTimestamp", reader.arrival());
    out.writeFieldName(DATA);
    out.writeBinary(reader.buffer(), reader.dataOffset(), reader.dataLength());
    out.writeFieldName(PARTITION_KEY);
    out.writeUTF8String(reader.buffer(), reader.keyOffset(), reader.keyLength());
    out.writeStringField("EncryptionType", "NONE");
    out.writeEndObject();
  }
}
