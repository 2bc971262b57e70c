package org.audienceactivation.profile;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.Optional;
import org.audienceactivation.accounting.ReasonCode;

/**
 * Reads raw records into profiles along one projection: one pass over the bytes, what nobody wants
 * is skipped. The whole record must nevertheless be well-formed JSON, and memberships and
 * identities must have the types of the XDM schema, and {@code consents} must be an object;
 * attributes and consents are kept as what they are, since only a destination knows what it expects
 * and asks. So what one of them wants changes nothing for another.
 *
 * <p>Where consents, or the platform's results for them, hold a key twice in one object, its values
 * stand in an array, which no rule takes for an answer: one of them may be a refusal.
 *
 * <p>Keys of the schema are accepted with and without the prefix {@code xdm:}. Beside {@code
 * segmentMembership} and {@code identityMap} the older arrays {@code segments} and {@code
 * identities} are read and merged; where both speak of the same thing, the former count.
 * Thread-safe.
 */
public final class ProfileReader {

  private final PathTree wanted;
  private final MembershipReader memberships;

  public ProfileReader(Projection projection) {
    this.wanted = PathTree.of(projection.paths());
    this.memberships = new MembershipReader(projection.audiences());
  }

  /**
   * Never throws: what is no usable profile is a rejection, and an unusable record gives its own. A
   * profile without any identity is a profile here; see {@link Profile#hasIdentity()}.
   */
  public Reading read(RawRecord record) {
    if (record.rejection().isPresent()) {
      return record.rejection().get();
    }
    if (Json.isNotUtf8(record.buffer(), record.offset(), record.length())) {
      return malformed("column 1: a zero byte; it must be UTF-8");
    }
    try (JsonParser parser =
        Json.FACTORY.createParser(record.buffer(), record.offset(), record.length())) {
      return read(parser);
    } catch (IOException e) {
      return malformed("cannot be parsed");
    }
  }

  private Reading read(JsonParser parser) throws IOException {
    try {
      JsonToken first = parser.nextToken();
      if (first == null) {
        return malformedAt(parser.currentLocation(), "nothing there");
      }
      Tokens.requireObject(parser, "the record");
      Profile profile = readProfile(parser);
      return parser.nextToken() == null
          ? profile
          : malformedAt(parser.currentTokenLocation(), "more after the end of the object");
    } catch (WrongTypeException e) {
      return e.rejection();
    } catch (JsonEOFException e) {
      return malformedAt(parser.currentLocation(), "unexpected end");
    } catch (StreamConstraintsException e) {
      return malformedAt(
          parser.currentLocation(), "nested too deep, or a key, number or text that is too long");
    } catch (JsonProcessingException e) {
      return malformedAt(e.getLocation(), "unexpected character");
    }
  }

  private Profile readProfile(JsonParser parser) throws IOException, WrongTypeException {
    CompactMap<String, JsonValue> attributes = new CompactMap<>();
    MembershipReader.Found foundMemberships = memberships.start();
    IdentityReader.Found foundIdentities = new IdentityReader.Found();
    String name;
    while ((name = Tokens.nextName(parser)) != null) {
      String key = XdmPath.withoutPrefix(name);
      parser.nextToken();
      switch (key) {
        case "segmentMembership" -> memberships.readMap(parser, foundMemberships);
        case "segments" -> memberships.readArray(parser, foundMemberships);
        case "identityMap" -> IdentityReader.readMap(parser, foundIdentities);
        case "identities" -> IdentityReader.readArray(parser, foundIdentities);
        case "consents" -> readConsents(parser, attributes);
        default -> readAttribute(parser, key, wanted, attributes);
      }
    }
    return new Profile(
        JsonValue.Obj.owning(attributes), foundMemberships.merged(), foundIdentities.merged());
  }

  private void readConsents(JsonParser parser, CompactMap<String, JsonValue> attributes)
      throws IOException, WrongTypeException {
    if (Tokens.isNull(parser)) {
      return;
    }
    Tokens.requireObject(parser, "consents");
    readAttribute(parser, "consents", wanted, attributes);
  }

  private static void readAttribute(
      JsonParser parser, String key, PathTree parent, CompactMap<String, JsonValue> into)
      throws IOException {
    Optional<PathTree> node = parent.child(key);
    if (node.isEmpty() || Tokens.isNull(parser)) {
      parser.skipChildren();
      return;
    }
    if (node.get().isWhole() || parser.currentToken() != JsonToken.START_OBJECT) {
      put(node.get(), Tokens.readValue(parser, node.get().isOnce()), into);
      return;
    }
    JsonValue.Obj part = readPart(parser, node.get());
    if (part.size() > 0 || node.get().isOnce()) {
      put(node.get(), part, into);
    }
  }

  private static void put(PathTree node, JsonValue value, CompactMap<String, JsonValue> into) {
    if (node.isOnce()) {
      Tokens.putOnce(node.key(), value, into);
    } else {
      into.put(node.key(), value);
    }
  }

  private static JsonValue.Obj readPart(JsonParser parser, PathTree node) throws IOException {
    CompactMap<String, JsonValue> members = new CompactMap<>();
    String name;
    while ((name = Tokens.nextName(parser)) != null) {
      parser.nextToken();
      readAttribute(parser, XdmPath.withoutPrefix(name), node, members);
    }
    return JsonValue.Obj.owning(members);
  }

  private static Rejection malformedAt(JsonLocation location, String what) {
    String line = location.getLineNr() > 1 ? "line " + location.getLineNr() + ", " : "";
    return malformed(line + "column " + location.getColumnNr() + ": " + what);
  }

  private static Rejection malformed(String detail) {
    return Rejection.of(ReasonCode.MALFORMED_JSON, detail);
  }
}
