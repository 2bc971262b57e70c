package org.audienceactivation.destination;

/**
 * A piece of JSON that occurs in event after event, as the bytes that it is: writing a key letter
 * by letter costs more than all that is written under it. Immutable.
 */
final class JsonPiece {

  private final byte[] bytes;

  private JsonPiece(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A key with its colon; a value must follow. */
  static JsonPiece key(String name) {
    JsonBytes out = new JsonBytes();
    out.key(name);
    return new JsonPiece(out.toByteArray());
  }

  /** A key and its text. */
  static JsonPiece member(String name, String text) {
    JsonBytes out = new JsonBytes();
    out.key(name);
    out.string(text);
    return new JsonPiece(out.toByteArray());
  }

  /** A key and its number. */
  static JsonPiece member(String name, long number) {
    JsonBytes out = new JsonBytes();
    out.key(name);
    out.number(number);
    return new JsonPiece(out.toByteArray());
  }

  /** Not to be changed. */
  byte[] bytes() {
    return bytes;
  }
}
