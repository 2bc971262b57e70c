package org.audienceactivation.enrichment;

import java.util.Optional;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/** Values of a profile as texts. */
final class Texts {

  private Texts() {}

  /** A text, a number in its spelling, or a boolean; empty for anything else, and an empty text. */
  static Optional<String> at(XdmPath path, JsonValue.Obj attributes) {
    JsonValue value = attributes.at(path).orElse(JsonValue.Null.NULL);
    if (value instanceof JsonValue.Text text) {
      return text.value().isEmpty() ? Optional.empty() : Optional.of(text.value());
    }
    if (value instanceof JsonValue.Num number) {
      return Optional.of(number.source());
    }
    return value instanceof JsonValue.Bool bool
        ? Optional.of(bool == JsonValue.Bool.TRUE ? "true" : "false")
        : Optional.empty();
  }
}
