package org.audienceactivation.route;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.profile.RawRecord;

/**
 * One record that can never be delivered as it is, with all that is needed to understand it and to
 * hand it in again. Its JSON form is published as {@code schemas/dead-letter.schema.json}.
 *
 * @param runId the run that wrote it
 * @param batchId the batch in which the record came
 * @param destinations for which the record failed: one, or all if it could not be decoded
 * @param failure why
 * @param raw the record as the source had it; cut to 64 KiB if it was above the size limit
 */
record DeadLetter(
    String runId,
    String batchId,
    List<String> destinations,
    Settlement.NotDelivered failure,
    RawRecord raw) {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  /** Writes the documents one a line, each line ended. */
  static void write(List<DeadLetter> letters, Instant time, OutputStream out) throws IOException {
    for (DeadLetter letter : letters) {
      try (JsonGenerator json = JSON.createGenerator(out)) {
        letter.write(json, time);
      }
      out.write('\n');
    }
  }

  private void write(JsonGenerator json, Instant time) throws IOException {
    json.writeStartObject();
    json.writeNumberField("formatVersion", 1);
    json.writeStringField(
        "id", runId + "/" + destinations.get(0) + "/" + batchId + "/" + position());
    json.writeStringField("time", time.toString());
    json.writeStringField("runId", runId);
    json.writeStringField("batchId", batchId);
    json.writeArrayFieldStart("destinations");
    for (String destination : destinations) {
      json.writeString(destination);
    }
    json.writeEndArray();
    json.writeStringField("outcome", failure.reason().outcome().label());
    json.writeStringField("reason", failure.reason().code().code());
    writeOptional(json, "subject", failure.reason().subject());
    json.writeStringField("detail", failure.detail());
    json.writeNumberField("attempts", failure.attempts());
    writeOptional(json, "partitionKey", failure.partitionKey());
    json.writeObjectFieldStart("source");
    json.writeStringField("name", raw.source());
    json.writeNumberField("line", raw.line());
    json.writeEndObject();
    writeRaw(json);
    json.writeEndObject();
  }

  /** A batch of several messages has several records of one number, one of each. */
  private String position() {
    return batchId.startsWith(raw.source()) ? "" + raw.line() : raw.source() + ":" + raw.line();
  }

  private void writeRaw(JsonGenerator json) throws IOException {
    Optional<String> text = utf8(raw);
    json.writeObjectFieldStart("raw");
    json.writeStringField("encoding", text.isPresent() ? "utf-8" : "base64");
    json.writeNumberField("bytes", raw.fullLength());
    json.writeBooleanField("truncated", raw.fullLength() > raw.length());
    if (text.isPresent()) {
      json.writeStringField("data", text.get());
    } else {
      json.writeFieldName("data");
      json.writeBinary(raw.buffer(), raw.offset(), raw.length());
    }
    json.writeEndObject();
  }

  private static Optional<String> utf8(RawRecord raw) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(raw.buffer(), raw.offset(), raw.length()))
              .toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static void writeOptional(JsonGenerator json, String name, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      json.writeStringField(name, value.get());
    }
  }
}
