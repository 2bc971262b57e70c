package org.audienceactivation.governance;

import java.util.Set;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/** What may be shown of a value: words of consent as they are, of everything else the type. */
final class Shown {

  private static final Set<String> WORDS =
      Set.of(
          "y",
          "n",
          "p",
          "u",
          "dy",
          "dn",
          "LI",
          "CT",
          "CP",
          "VI",
          "PI",
          "realized",
          "exited",
          "email",
          "push",
          "inApp",
          "sms",
          "phone",
          "phyMail",
          "inVehicle",
          "inHome",
          "iot",
          "social",
          "other",
          "none",
          "unknown");

  private Shown() {}

  /** Such as {@code "LI" (yes)}. */
  static String choice(JsonValue value, String answer) {
    return value == JsonValue.Null.NULL
        ? "absent (" + answer + ")"
        : word(value) + " (" + answer + ")";
  }

  /** Elsewhere the same words may say something of the person. */
  static String of(String path, JsonValue value) {
    if (value == JsonValue.Null.NULL) {
      return "absent";
    }
    String root = XdmPath.of(path).segments().get(0);
    boolean isConsent = root.equals("consents") || PlatformResults.isMap(root);
    return isConsent ? word(value) : value.typeName();
  }

  private static String word(JsonValue value) {
    if (value instanceof JsonValue.Bool bool) {
      return bool == JsonValue.Bool.TRUE ? "true" : "false";
    }
    boolean isWord = value instanceof JsonValue.Text text && WORDS.contains(text.value());
    return isWord ? '"' + ((JsonValue.Text) value).value() + '"' : value.typeName();
  }
}
