package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the members of one record after another; they come in any order. */
final class EntryReader {

  /**
   * The service's limit of a partition key, in Unicode characters (code points), as its
   * documentation and its model say; not in the units of UTF-16 or the bytes of UTF-8.
   */
  private static final int MAX_KEY_CHARACTERS = 256;

  private final byte[] body;
  private BlobSlice data;
  private Optional<String> partitionKey = Optional.empty();
  private Optional<String> explicitHashKey = Optional.empty();

  EntryReader(byte[] body) {
    this.body = body;
  }

  /** Takes the member on whose value the parser stands, or skips it. */
  void read(String name, JsonParser parser) throws IOException {
    switch (name) {
      case "Data" -> data = blob(parser);
      case "PartitionKey" -> partitionKey = PutRequest.text(name, parser);
      case "ExplicitHashKey" -> explicitHashKey = PutRequest.text(name, parser);
      default -> parser.skipChildren();
    }
  }

  /**
   * The record that was read; the reader is ready for the next one.
   *
   * @param path where the record stands in the request, for messages
   */
  PutEntry take(String path) {
    if (data == null) {
      throw ApiException.validation(path + "data", "not be null");
    }
    String key =
        partitionKey.orElseThrow(
            () -> ApiException.validation(path + "partitionKey", "not be null"));
    requireLength(key, path);
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    HashKey hashKey =
        explicitHashKey.isPresent()
            ? HashKey.ofDecimal(explicitHashKey.get())
            : HashKey.ofPartitionKey(utf8);
    PutEntry entry = new PutEntry(utf8, hashKey, data.source(), data.offset(), data.length());
    data = null;
    partitionKey = Optional.empty();
    explicitHashKey = Optional.empty();
    return entry;
  }

  private BlobSlice blob(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_EMBEDDED_OBJECT && token != JsonToken.VALUE_STRING) {
      throw ApiException.serialization("Data must be a blob");
    }
    BlobSlice slice = new BlobSlice(body);
    try {
      parser.readBinaryValue(slice);
    } catch (IllegalArgumentException e) { // Jackson's word for letters that are not base64
      throw ApiException.serialization("Data is not base64");
    }
    return slice;
  }

  private static void requireLength(String key, String path) {
    if (key.isEmpty()) {
      throw ApiException.validation(
          path + "partitionKey", "have length greater than or equal to 1");
    }
    if (key.codePointCount(0, key.length()) > MAX_KEY_CHARACTERS) {
      throw ApiException.validation(
          path + "partitionKey", "have length less than or equal to " + MAX_KEY_CHARACTERS);
    }
  }
}
