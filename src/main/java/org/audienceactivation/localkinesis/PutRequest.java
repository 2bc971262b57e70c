package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A PutRecord or PutRecords request, read in one pass over its bytes. */
record PutRequest(StreamKey stream, List<PutEntry> entries) {

  /** The service's limit of records in one call. */
  static final int MAX_RECORDS = 500;

  static PutRequest ofOne(Call call) throws IOException {
    return new Reader(call).readOne();
  }

  static PutRequest ofMany(Call call) throws IOException {
    return new Reader(call).readMany();
  }

  private static final class Reader {
    private final Call call;
    private Optional<String> streamName = Optional.empty();
    private Optional<String> streamArn = Optional.empty();

    Reader(Call call) {
      this.call = call;
    }

    PutRequest readOne() throws IOException {
      try (JsonParser parser = call.parser()) {
        requireObject(parser);
        EntryReader entry = new EntryReader(call.body());
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          if (!readStream(name, parser)) {
            entry.read(name, parser);
          }
        }
        return request(List.of(entry.take("")));
      }
    }

    PutRequest readMany() throws IOException {
      try (JsonParser parser = call.parser()) {
        requireObject(parser);
        List<PutEntry> entries = List.of();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          if (name.equals("Records")) {
            entries = readEntries(parser);
          } else if (!readStream(name, parser)) {
            parser.skipChildren();
          }
        }
        if (entries.isEmpty()) {
          throw ApiException.validation("records", "have length greater than or equal to 1");
        }
        return request(entries);
      }
    }

    private PutRequest request(List<PutEntry> entries) {
      return new PutRequest(StreamKey.of(call.region(), streamName, streamArn), entries);
    }

    private boolean readStream(String name, JsonParser parser) throws IOException {
      switch (name) {
        case "StreamName" -> streamName = text(name, parser);
        case "StreamARN" -> streamArn = text(name, parser);
        default -> {
          return false;
        }
      }
      return true;
    }

    private List<PutEntry> readEntries(JsonParser parser) throws IOException {
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw ApiException.serialization("Records must be a list");
      }
      List<PutEntry> entries = new ArrayList<>(MAX_RECORDS);
      EntryReader entry = new EntryReader(call.body());
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (entries.size() == MAX_RECORDS) {
          throw ApiException.validation(
              "records", "have length less than or equal to " + MAX_RECORDS);
        }
        requireStartOfObject(parser.currentToken());
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
          parser.nextToken();
          entry.read(name, parser);
        }
        entries.add(entry.take("records." + (entries.size() + 1) + ".member."));
      }
      return entries;
    }

    private static void requireObject(JsonParser parser) throws IOException {
      requireStartOfObject(parser.nextToken());
    }

    private static void requireStartOfObject(JsonToken token) {
      if (token != JsonToken.START_OBJECT) {
        throw ApiException.serialization("the request and its records must be objects");
      }
    }
  }

  static Optional<String> text(String name, JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    if (token != JsonToken.VALUE_STRING) {
      throw ApiException.serialization(name + " must be a string");
    }
    return Optional.of(parser.getText());
  }
}
