package org.audienceactivation.governance;

import org.audienceactivation.profile.JsonValue;

/** What a value of the XDM choice list comes to. */
enum Answer {
  YES("yes"),
  NO("no"),
  /** The person was asked and has not said: what is asked instead may refuse, and not permit. */
  PENDING("not given"),
  MISSING("not given"),
  UNREADABLE("unreadable");

  private final String word;

  Answer(String word) {
    this.word = word;
  }

  /** For people. */
  String word() {
    return word;
  }

  /** Opt-outs refuse, pending and unknown say nothing, and what XDM does not know is unreadable. */
  static Answer ofChoice(JsonValue value) {
    if (value == JsonValue.Null.NULL) {
      return MISSING;
    }
    if (!(value instanceof JsonValue.Text text)) {
      return UNREADABLE;
    }
    return switch (text.value()) {
      case "y", "dy", "LI", "CT", "CP", "VI", "PI" -> YES;
      case "n", "dn" -> NO;
      case "p" -> PENDING;
      case "u" -> MISSING;
      default -> UNREADABLE;
    };
  }

  /** The status that the platform gives the result of a consent policy. */
  static Answer ofStatus(JsonValue value) {
    if (value == JsonValue.Null.NULL) {
      return MISSING;
    }
    if (!(value instanceof JsonValue.Text text)) {
      return UNREADABLE;
    }
    return switch (text.value()) {
      case "realized" -> YES;
      case "exited" -> NO;
      default -> UNREADABLE;
    };
  }
}
