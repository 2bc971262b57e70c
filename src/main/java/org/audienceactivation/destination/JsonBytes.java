package org.audienceactivation.destination;

import java.util.Arrays;
import org.audienceactivation.profile.JsonValue;

/**
 * Writes JSON straight to UTF-8 bytes, without white space and with as little escaping as JSON
 * allows, so that equal values are equal bytes. Reused from event to event; not thread-safe.
 *
 * <p>Commas take care of themselves: a value is preceded by one unless it opens its container.
 */
final class JsonBytes {

  private static final int USUAL_SIZE = 4 * 1024;
  private static final int LARGEST_KEPT = 1024 * 1024;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private byte[] bytes = new byte[USUAL_SIZE];
  private int size;

  /** Forgets everything, and a buffer that one giant has left. */
  void clear() {
    if (bytes.length > LARGEST_KEPT) {
      bytes = new byte[USUAL_SIZE];
    }
    size = 0;
  }

  byte[] toByteArray() {
    return Arrays.copyOf(bytes, size);
  }

  /** Where the next byte goes, for {@link #rewind}. */
  int mark() {
    return size;
  }

  /** The digest of an attribute whose key and value are all that was written since the mark. */
  long digest(long path, int mark) {
    // the comma before it tells nothing of it
    boolean isFirst = mark == 0 || bytes[mark - 1] == '{';
    return ProfileFacts.ofAttribute(path, bytes, isFirst ? mark : mark + 1, size);
  }

  /** A copy of what was written since the mark. */
  byte[] since(int mark) {
    return Arrays.copyOfRange(bytes, mark, size);
  }

  /** Members or values that were rendered before, at least one. */
  void rendered(byte[] json) {
    separate();
    ensure(json.length);
    System.arraycopy(json, 0, bytes, size, json.length);
    size += json.length;
  }

  void number(long number) {
    literal(Long.toString(number));
  }

  /** Takes back everything since the mark. */
  void rewind(int mark) {
    size = mark;
  }

  void beginObject() {
    separate();
    put('{');
  }

  void endObject() {
    put('}');
  }

  void key(String name) {
    separate();
    quoted(name);
    put(':');
  }

  void string(String text) {
    separate();
    quoted(text);
  }

  void piece(JsonPiece piece) {
    separate();
    byte[] rendered = piece.bytes();
    ensure(rendered.length);
    System.arraycopy(rendered, 0, bytes, size, rendered.length);
    size += rendered.length;
  }

  void beginArray() {
    separate();
    put('[');
  }

  void endArray() {
    put(']');
  }

  /** True if the value came to something; an object in which nothing remains is not written. */
  boolean value(JsonValue value) {
    if (value instanceof JsonValue.Obj object) {
      return object(object);
    }
    if (value instanceof JsonValue.Null) {
      return false;
    }
    verbatim(value);
    return true;
  }

  private boolean object(JsonValue.Obj object) {
    beginObject();
    boolean any = false;
    for (int at = 0; at < object.size(); at++) {
      int before = mark();
      key(object.key(at));
      if (value(object.value(at))) {
        any = true;
      } else {
        rewind(before);
      }
    }
    endObject();
    return any;
  }

  /** As it came in: within arrays nothing is dropped, since positions may matter. */
  private void verbatim(JsonValue value) {
    if (value instanceof JsonValue.Text text) {
      string(text.value());
    } else if (value instanceof JsonValue.Num number) {
      literal(number.source());
    } else if (value instanceof JsonValue.Bool bool) {
      literal(bool == JsonValue.Bool.TRUE ? "true" : "false");
    } else if (value instanceof JsonValue.Null) {
      literal("null");
    } else if (value instanceof JsonValue.Arr array) {
      beginArray();
      array.items().forEach(this::verbatim);
      endArray();
    } else if (value instanceof JsonValue.Obj object) {
      verbatimObject(object);
    }
  }

  private void verbatimObject(JsonValue.Obj object) {
    beginObject();
    for (int at = 0; at < object.size(); at++) {
      key(object.key(at));
      verbatim(object.value(at));
    }
    endObject();
  }

  private void literal(String ascii) {
    separate();
    ensure(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      bytes[size++] = (byte) ascii.charAt(i);
    }
  }

  private void separate() {
    if (size == 0) {
      return;
    }
    byte last = bytes[size - 1];
    if (last != '{' && last != '[' && last != ':') {
      put(',');
    }
  }

  private void quoted(String text) {
    int length = text.length();
    // six bytes are the longest that one char becomes
    ensure(6L * length + 2);
    byte[] out = bytes;
    int at = size;
    out[at++] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        at = c >= ' ' && c != '"' && c != '\\' ? plain(out, at, c) : escaped(out, at, c);
      } else if (c < 0x800) {
        out[at++] = (byte) (0xC0 | (c >> 6));
        out[at++] = continuation(c);
      } else if (!Character.isSurrogate(c)) {
        at = threeBytes(out, at, c);
      } else if (i + 1 < length && Character.isSurrogatePair(c, text.charAt(i + 1))) {
        at = fourBytes(out, at, Character.toCodePoint(c, text.charAt(++i)));
      } else {
        at = unicodeEscape(out, at, c);
      }
    }
    out[at++] = '"';
    size = at;
  }

  private static int plain(byte[] out, int at, char c) {
    out[at] = (byte) c;
    return at + 1;
  }

  private static int escaped(byte[] out, int at, char c) {
    char letter =
        switch (c) {
          case '"', '\\' -> c;
          case '\b' -> 'b';
          case '\f' -> 'f';
          case '\n' -> 'n';
          case '\r' -> 'r';
          case '\t' -> 't';
          default -> 'u';
        };
    if (letter == 'u') {
      return unicodeEscape(out, at, c);
    }
    out[at] = '\\';
    out[at + 1] = (byte) letter;
    return at + 2;
  }

  private static int unicodeEscape(byte[] out, int at, char c) {
    out[at] = '\\';
    out[at + 1] = 'u';
    for (int digit = 0; digit < 4; digit++) {
      out[at + 2 + digit] = HEX[(c >> (12 - 4 * digit)) & 0xF];
    }
    return at + 6;
  }

  private static int threeBytes(byte[] out, int at, char c) {
    out[at] = (byte) (0xE0 | (c >> 12));
    out[at + 1] = continuation(c >> 6);
    out[at + 2] = continuation(c);
    return at + 3;
  }

  private static int fourBytes(byte[] out, int at, int codePoint) {
    out[at] = (byte) (0xF0 | (codePoint >> 18));
    out[at + 1] = continuation(codePoint >> 12);
    out[at + 2] = continuation(codePoint >> 6);
    out[at + 3] = continuation(codePoint);
    return at + 4;
  }

  private static byte continuation(int bits) {
    return (byte) (0x80 | (bits & 0x3F));
  }

  private void put(char ascii) {
    ensure(1);
    bytes[size++] = (byte) ascii;
  }

  private void ensure(long more) {
    long needed = size + more;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(needed, 2L * bytes.length)));
    }
  }
}
