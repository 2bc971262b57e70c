package org.audienceactivation.profile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads memberships: {@code segmentMembership} (namespace to audience id to membership) and the
 * deprecated array {@code segments}. Only wanted ones are built; version, validity and payload are
 * skipped.
 */
final class MembershipReader {

  private static final String MAP = "segmentMembership";
  private static final String NAMESPACE = MAP + ".<namespace>";
  private static final String AUDIENCE = NAMESPACE + ".<audience>";

  private static final XdmPath ARRAY_NAMESPACE = XdmPath.of("segmentID.namespace.code");
  private static final XdmPath ARRAY_ID = XdmPath.of("segmentID.@id");
  private static final XdmPath ARRAY_OLDER_ID = XdmPath.of("segmentID._id");
  private static final XdmPath ARRAY_STATUS = XdmPath.of("status");
  private static final XdmPath ARRAY_TIME = XdmPath.of("lastQualificationTime");
  private static final XdmPath ARRAY_OLDER_TIME = XdmPath.of("timestamp");

  /** Those of the XDM schema, which all memberships share instead of holding copies. */
  private static final List<Optional<String>> USUAL_STATUSES =
      List.of(Optional.of("realized"), Optional.of("existing"), Optional.of("exited"));

  private final boolean wantsAll;
  private final Map<String, Map<String, AudienceRef>> wanted = new HashMap<>();

  MembershipReader(AudienceScope scope) {
    this.wantsAll = scope instanceof AudienceScope.All;
    if (scope instanceof AudienceScope.Listed listed) {
      for (AudienceRef ref : listed.audiences()) {
        wanted.computeIfAbsent(ref.namespace(), name -> new HashMap<>()).put(ref.id(), ref);
      }
    }
  }

  /** What one record has shown so far. */
  static final class Found {

    private final CompactMap<AudienceRef, Membership> fromMap = new CompactMap<>();
    private List<Membership> fromArray = List.of();

    void addFromArray(Membership membership) {
      if (fromArray.isEmpty()) {
        fromArray = new ArrayList<>();
      }
      fromArray.add(membership);
    }

    /** Of the array, only what the map says nothing of. */
    List<Membership> merged() {
      for (Membership membership : fromArray) {
        fromMap.putIfAbsent(membership.audience(), membership);
      }
      return List.copyOf(fromMap.values());
    }
  }

  Found start() {
    return new Found();
  }

  void readMap(JsonParser parser, Found found) throws IOException, WrongTypeException {
    if (Tokens.isNull(parser)) {
      return;
    }
    Tokens.requireObject(parser, MAP);
    String namespace;
    while ((namespace = Tokens.nextName(parser)) != null) {
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      Tokens.requireObject(parser, NAMESPACE);
      readNamespace(parser, namespace, found);
    }
  }

  private void readNamespace(JsonParser parser, String namespace, Found found)
      throws IOException, WrongTypeException {
    String id;
    while ((id = Tokens.nextName(parser)) != null) {
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new WrongTypeException(AUDIENCE, "an object", Tokens.typeName(parser));
      }
      Optional<AudienceRef> ref = wantedRef(namespace, id);
      if (ref.isEmpty()) {
        parser.skipChildren();
        continue;
      }
      found.fromMap.put(ref.get(), readMembership(parser, ref.get()));
    }
  }

  private static Membership readMembership(JsonParser parser, AudienceRef ref)
      throws IOException, WrongTypeException {
    Optional<String> status = Optional.empty();
    Optional<String> qualified = Optional.empty();
    Optional<String> timestamp = Optional.empty();
    String name;
    while ((name = Tokens.nextName(parser)) != null) {
      parser.nextToken();
      switch (XdmPath.withoutPrefix(name)) {
        case "status" -> status = status(parser);
        case "lastQualificationTime" ->
            qualified = Tokens.optionalText(parser, AUDIENCE + ".lastQualificationTime");
        case "timestamp" -> timestamp = timestamp(parser);
        default -> parser.skipChildren();
      }
    }
    return new Membership(ref, status, qualified.isPresent() ? qualified : timestamp);
  }

  private static Optional<String> status(JsonParser parser) throws IOException, WrongTypeException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      for (Optional<String> usual : USUAL_STATUSES) {
        if (Tokens.isText(parser, usual.get())) {
          return usual;
        }
      }
    }
    return Tokens.optionalText(parser, AUDIENCE + ".status");
  }

  /** The name that older exports give to {@code lastQualificationTime}. */
  private static Optional<String> timestamp(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return Optional.of(parser.getText());
    }
    parser.skipChildren();
    return Optional.empty();
  }

  /** The deprecated form; items that do not have its shape say nothing. */
  void readArray(JsonParser parser, Found found) throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (Tokens.readValue(parser) instanceof JsonValue.Obj item) {
        membership(item).ifPresent(found::addFromArray);
      }
    }
  }

  private Optional<Membership> membership(JsonValue.Obj item) {
    String namespace = text(item, ARRAY_NAMESPACE).orElse(AudienceRef.DEFAULT_NAMESPACE);
    return text(item, ARRAY_ID)
        .or(() -> text(item, ARRAY_OLDER_ID))
        .flatMap(id -> wantedRef(namespace, id))
        .map(
            ref ->
                new Membership(
                    ref,
                    text(item, ARRAY_STATUS),
                    text(item, ARRAY_TIME).or(() -> text(item, ARRAY_OLDER_TIME))));
  }

  private static Optional<String> text(JsonValue.Obj item, XdmPath path) {
    return item.at(path)
        .flatMap(
            value ->
                value instanceof JsonValue.Text text
                    ? Optional.of(text.value())
                    : Optional.empty());
  }

  private Optional<AudienceRef> wantedRef(String namespace, String id) {
    if (wantsAll) {
      return Optional.of(new AudienceRef(namespace, id));
    }
    return Optional.ofNullable(wanted.getOrDefault(namespace, Map.of()).get(id));
  }
}
