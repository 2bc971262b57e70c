package org.audienceactivation.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.StoredRecord;

/** What lies in the streams of a local Kinesis, one JSON object a line, stream by stream. */
final class StreamDump {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private StreamDump() {}

  static void write(LocalKinesis kinesis, OutputStream out) {
    kinesis.forEachRecord(
        stored -> {
          try {
            write(stored, out);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  static void write(StoredRecord stored, OutputStream out) throws IOException {
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("stream", stored.stream());
      json.writeStringField("shardId", stored.shardId());
      json.writeStringField("sequenceNumber", stored.sequenceNumber());
      json.writeStringField("partitionKey", stored.partitionKey());
      json.writeFieldName("data");
      json.writeRawValue(new String(stored.data(), StandardCharsets.UTF_8));
      json.writeEndObject();
    }
    out.write('\n');
  }
}
