package org.audienceactivation.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the readers of this room ask of the parser's current token. */
final class Tokens {

  /** Texts of one letter, as most consents are: shared, they need not be made for each profile. */
  private static final JsonValue.Text[] LETTERS = new JsonValue.Text[128];

  static {
    for (char letter = 0; letter < LETTERS.length; letter++) {
      LETTERS[letter] = new JsonValue.Text(String.valueOf(letter));
    }
  }

  private Tokens() {}

  /**
   * The next key of an object, or null at its end.
   *
   * <p>Instead of {@code nextFieldName}: that is a second copy of Jackson's largest method, which
   * the JVM would have to compile over and over beside the first, for seconds of a run.
   */
  static String nextName(JsonParser parser) throws IOException {
    return parser.nextToken() == JsonToken.FIELD_NAME ? parser.currentName() : null;
  }

  static boolean isNull(JsonParser parser) {
    return parser.currentToken() == JsonToken.VALUE_NULL;
  }

  static void requireObject(JsonParser parser, String path) throws WrongTypeException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new WrongTypeException(path, "an object", typeName(parser));
    }
  }

  static void requireArray(JsonParser parser, String path) throws WrongTypeException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new WrongTypeException(path, "an array", typeName(parser));
    }
  }

  /** The text of a string; empty for null. */
  static Optional<String> optionalText(JsonParser parser, String path)
      throws IOException, WrongTypeException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> Optional.of(parser.getText());
      case VALUE_NULL -> Optional.empty();
      default -> throw new WrongTypeException(path, "a string", typeName(parser));
    };
  }

  /** True if the string at hand is this one; it is not made to see that. */
  static boolean isText(JsonParser parser, String text) throws IOException {
    if (parser.getTextLength() != text.length()) {
      return false;
    }
    char[] chars = parser.getTextCharacters();
    int from = parser.getTextOffset();
    for (int i = 0; i < text.length(); i++) {
      if (chars[from + i] != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  static String typeName(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "something else";
    };
  }

  /** Builds the value at the current token and leaves the parser at its end. */
  static JsonValue readValue(JsonParser parser) throws IOException {
    return readValue(parser, false);
  }

  /**
   * The same.
   *
   * @param once whether keys that stand twice in an object are treated as by {@link #putOnce}; else
   *     the last one counts
   */
  static JsonValue readValue(JsonParser parser, boolean once) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> readObject(parser, once);
      case START_ARRAY -> readArray(parser, once);
      case VALUE_STRING -> readText(parser);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonValue.Num(parser.getText());
      case VALUE_TRUE -> JsonValue.Bool.TRUE;
      case VALUE_FALSE -> JsonValue.Bool.FALSE;
      default -> JsonValue.Null.NULL;
    };
  }

  private static JsonValue.Text readText(JsonParser parser) throws IOException {
    if (parser.getTextLength() == 1) {
      char letter = parser.getTextCharacters()[parser.getTextOffset()];
      if (letter < LETTERS.length) {
        return LETTERS[letter];
      }
    }
    return new JsonValue.Text(parser.getText());
  }

  private static JsonValue readObject(JsonParser parser, boolean once) throws IOException {
    CompactMap<String, JsonValue> members = new CompactMap<>();
    String name;
    while ((name = nextName(parser)) != null) {
      parser.nextToken();
      JsonValue value = readValue(parser, once);
      if (once) {
        putOnce(XdmPath.withoutPrefix(name), value, members);
      } else {
        members.put(XdmPath.withoutPrefix(name), value);
      }
    }
    return JsonValue.Obj.owning(members);
  }

  /** Of a key that comes again all values stand in an array, but for null, which says nothing. */
  static void putOnce(String key, JsonValue value, CompactMap<String, JsonValue> into) {
    JsonValue former = into.get(key);
    if (former == null || former == JsonValue.Null.NULL) {
      into.put(key, value);
    } else if (value != JsonValue.Null.NULL) {
      into.put(key, new JsonValue.Arr(List.of(former, value)));
    }
  }

  private static JsonValue readArray(JsonParser parser, boolean once) throws IOException {
    List<JsonValue> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(readValue(parser, once));
    }
    return new JsonValue.Arr(items);
  }
}
