package org.audienceactivation.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads identities: {@code identityMap} (namespace to items) and the array {@code identities} of
 * the profile API. An item without an id, or with an empty one, names nobody and is left out.
 */
final class IdentityReader {

  private static final String MAP = "identityMap";
  private static final String NAMESPACE = MAP + ".<namespace>";
  private static final String ITEM = NAMESPACE + "[]";
  private static final XdmPath CODE = XdmPath.of("namespace.code");

  private IdentityReader() {}

  private record Named(String namespace, Identity identity) {}

  /** What one record has shown so far. */
  static final class Found {

    private final IdentityMap.Builder fromMap = new IdentityMap.Builder();
    private List<Named> fromArray = List.of();

    void addFromArray(Named named) {
      if (fromArray.isEmpty()) {
        fromArray = new ArrayList<>();
      }
      fromArray.add(named);
    }

    /** The array's after the map's. */
    IdentityMap merged() {
      for (Named named : fromArray) {
        fromMap.add(named.namespace(), named.identity());
      }
      return fromMap.build();
    }
  }

  static void readMap(JsonParser parser, Found found) throws IOException, WrongTypeException {
    if (Tokens.isNull(parser)) {
      return;
    }
    Tokens.requireObject(parser, MAP);
    String namespace;
    while ((namespace = Tokens.nextName(parser)) != null) {
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      Tokens.requireArray(parser, NAMESPACE);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        readItem(parser, namespace, found.fromMap);
      }
    }
  }

  private static void readItem(JsonParser parser, String namespace, IdentityMap.Builder into)
      throws IOException, WrongTypeException {
    if (Tokens.isNull(parser)) {
      return;
    }
    Tokens.requireObject(parser, ITEM);
    String id = "";
    boolean primary = false;
    Optional<String> state = Optional.empty();
    String name;
    while ((name = Tokens.nextName(parser)) != null) {
      parser.nextToken();
      switch (XdmPath.withoutPrefix(name)) {
        case "id" -> id = id(parser);
        case "primary" -> primary = flag(parser);
        case "authenticatedState" ->
            state = Tokens.optionalText(parser, ITEM + ".authenticatedState");
        default -> parser.skipChildren();
      }
    }
    if (!id.isEmpty()) {
      into.add(namespace, new Identity(id, primary, state));
    }
  }

  private static String id(JsonParser parser) throws IOException, WrongTypeException {
    return switch (parser.currentToken()) {
      case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getText();
      case VALUE_NULL -> "";
      default -> throw new WrongTypeException(ITEM + ".id", "a string", Tokens.typeName(parser));
    };
  }

  private static boolean flag(JsonParser parser) throws WrongTypeException {
    return switch (parser.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE, VALUE_NULL -> false;
      default ->
          throw new WrongTypeException(ITEM + ".primary", "a boolean", Tokens.typeName(parser));
    };
  }

  /** The form of the profile API; items that do not have its shape say nothing. */
  static void readArray(JsonParser parser, Found found) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (Tokens.readValue(parser) instanceof JsonValue.Obj item) {
        identity(item).ifPresent(found::addFromArray);
      }
    }
  }

  private static Optional<Named> identity(JsonValue.Obj item) {
    String id = item.get("id").map(IdentityReader::scalar).orElse("");
    String namespace = item.at(CODE).map(IdentityReader::scalar).orElse("");
    if (id.isEmpty() || namespace.isEmpty()) {
      return Optional.empty();
    }
    boolean primary = item.get("primary").filter(JsonValue.Bool.TRUE::equals).isPresent();
    Optional<String> state = item.get("authenticatedState").map(IdentityReader::scalar);
    return Optional.of(new Named(namespace, new Identity(id, primary, state)));
  }

  private static String scalar(JsonValue value) {
    if (value instanceof JsonValue.Text text) {
      return text.value();
    }
    return value instanceof JsonValue.Num number ? number.source() : "";
  }
}
