package org.audienceactivation.localkinesis;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The scalar members of a small request, nested ones by their dotted names ({@code
 * StreamModeDetails.StreamMode}). Lists are skipped: no action that is read this way needs one.
 * Null is absent, as in the service.
 */
final class Fields {

  private final WireFormat format;
  private final Map<String, Object> values;

  private Fields(WireFormat format, Map<String, Object> values) {
    this.format = format;
    this.values = values;
  }

  static Fields of(Call call) throws IOException {
    Map<String, Object> values = new HashMap<>();
    try (JsonParser parser = call.parser()) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ApiException.serialization("the request must be an object");
      }
      readObject(parser, "", values);
    }
    return new Fields(call.format(), values);
  }

  Optional<String> text(String name) {
    return value(name, String.class, "a string");
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> ApiException.validation(name, "not be null"));
  }

  Optional<Instant> timestamp(String name) {
    return value(name, Number.class, "a timestamp").map(format::timestamp);
  }

  /** An integer of a closed range. */
  OptionalInt integer(String name, int min, int max) {
    Optional<Number> number = value(name, Number.class, "a number");
    if (number.isEmpty()) {
      return OptionalInt.empty();
    }
    double value = number.get().doubleValue();
    if (!(value >= min && value <= max)) {
      throw ApiException.validation(name, "be between " + min + " and " + max);
    }
    return OptionalInt.of((int) value);
  }

  private <T> Optional<T> value(String name, Class<T> type, String expected) {
    Object value = values.get(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!type.isInstance(value)) {
      throw ApiException.serialization(name + " must be " + expected);
    }
    return Optional.of(type.cast(value));
  }

  private static void readObject(JsonParser parser, String prefix, Map<String, Object> values)
      throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      readValue(parser, prefix + name, values);
    }
  }

  // the depth of the recursion is bounded by Jackson's own limit on nesting
  private static void readValue(JsonParser parser, String name, Map<String, Object> values)
      throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.START_OBJECT) {
      readObject(parser, name + ".", values);
    } else if (token == JsonToken.START_ARRAY) {
      parser.skipChildren();
    } else if (token == JsonToken.VALUE_STRING) {
      values.put(name, parser.getText());
    } else if (token.isNumeric()) {
      values.put(name, parser.getNumberValue());
    } else if (token != JsonToken.VALUE_NULL) {
      values.put(name, token);
    }
  }
}
