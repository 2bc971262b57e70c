package org.audienceactivation.route;

/** The body of a message that holds neither bytes nor text. */
final class ForeignBody {
  private final String kind;
  private final byte[] raw;

  /**
   * What came.
   *
   * @param kind what it is instead, for the dead letter
   * @param raw its bytes as they came, as far as its client gives them; not copied
   */
  ForeignBody(String kind, byte[] raw) {
    this.kind = kind;
    this.raw = raw;
  }

  String kind() {
    return kind;
  }

  byte[] raw() {
    return raw;
  }
}
