package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.OutputStream;

/** The one place that every call passes: from an action's name to what it does. */
final class Api {

  private final StreamActions streams;
  private final ShardListing shards;
  private final ReshardActions reshards;
  private final PutActions puts;
  private final ReadActions reads;

  Api(
      StreamActions streams,
      ShardListing shards,
      ReshardActions reshards,
      PutActions puts,
      ReadActions reads) {
    this.streams = streams;
    this.shards = shards;
    this.reshards = reshards;
    this.puts = puts;
    this.reads = reads;
  }

  /**
   * Carries a call out and writes its answer in the caller's format.
   *
   * @throws ApiException if the call is refused; what was written is then no answer
   */
  void answer(Call call, OutputStream target) throws IOException {
    call.fate().passOrRefuse();
    try (JsonGenerator out = call.format().generator(target)) {
      switch (call.action()) {
        case CREATE_STREAM -> streams.create(call);
        case DELETE_STREAM -> streams.delete(call);
        case DESCRIBE_LIMITS -> streams.describeLimits(call, out);
        case DESCRIBE_STREAM -> streams.describe(call, out);
        case DESCRIBE_STREAM_SUMMARY -> streams.describeSummary(call, out);
        case GET_RECORDS -> reads.getRecords(call, out);
        case GET_SHARD_ITERATOR -> reads.getShardIterator(call, out);
        case LIST_SHARDS -> shards.list(call, out);
        case LIST_STREAMS -> streams.list(call, out);
        case MERGE_SHARDS -> reshards.merge(call);
        case PUT_RECORD -> puts.putOne(call, out);
        case PUT_RECORDS -> puts.putMany(call, out);
        case SPLIT_SHARD -> reshards.split(call);
        case UPDATE_MAX_RECORD_SIZE -> reshards.updateMaxRecordSize(call);
        case UPDATE_SHARD_COUNT -> reshards.updateCount(call, out);
      }
    } catch (JsonProcessingException e) {
      throw ApiException.serialization("the request is not well-formed: " + position(e));
    } catch (CharConversionException e) {
      throw ApiException.serialization("the request is not in UTF-8");
    }
  }

  /** The body of an error, as the SDKs read it. */
  static void writeError(ApiException error, WireFormat format, OutputStream target)
      throws IOException {
    try (JsonGenerator out = format.generator(target)) {
      out.writeStartObject();
      out.writeStringField("__type", error.type());
      out.writeStringField("message", error.getMessage());
      out.writeEndObject();
    }
  }

  // never Jackson's own message: it quotes the request
  private static String position(JsonProcessingException e) {
    return e.getLocation() == null
        ? "it ends too early"
        : "byte " + e.getLocation().getByteOffset() + " cannot be read";
  }
}
