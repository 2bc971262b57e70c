package org.audienceactivation.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;

/** How this room parses JSON: strictly, and without source text in its exceptions. */
final class Json {

  /**
   * Names are kept in the factory's own table, which parsing shares; interning them in the JVM's
   * would cost more and, with audience ids among the names, never stop growing.
   */
  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Json() {}

  /**
   * True if a zero byte stands where Jackson would take it for a sign of UTF-16 or UTF-32, which it
   * would then read, line by line and wrongly, instead of refusing it.
   */
  static boolean isNotUtf8(byte[] bytes, int offset, int length) {
    return length >= 2 && (bytes[offset] == 0 || bytes[offset + 1] == 0);
  }

  /** True if the bytes are one JSON object, white space around it allowed. */
  static boolean isCompleteObject(byte[] bytes, int offset, int length) {
    return isComplete(JsonToken.START_OBJECT, bytes, offset, length);
  }

  /** True if the bytes are one JSON array, white space around it allowed. */
  static boolean isCompleteArray(byte[] bytes, int offset, int length) {
    return isComplete(JsonToken.START_ARRAY, bytes, offset, length);
  }

  private static boolean isComplete(JsonToken begin, byte[] bytes, int offset, int length) {
    if (isNotUtf8(bytes, offset, length)) {
      return false;
    }
    try (JsonParser parser = FACTORY.createParser(bytes, offset, length)) {
      if (parser.nextToken() != begin) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }
}
