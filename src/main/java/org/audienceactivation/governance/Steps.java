package org.audienceactivation.governance;

import java.util.List;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/** Goes down a path of keys. It runs several times a record, so it makes nothing on the way. */
final class Steps {

  private final String[] keys;

  private Steps(String[] keys) {
    this.keys = keys;
  }

  static Steps along(List<String> keys) {
    // as those of the profiles: most look-ups then need not compare letters
    return new Steps(keys.stream().map(String::intern).toArray(String[]::new));
  }

  static Steps along(XdmPath path) {
    return along(path.segments());
  }

  /**
   * The value at the end; {@code Null} if a key is missing. Where something on the way is no
   * object, it is an empty object, which answers no question: so that fails closed.
   */
  JsonValue from(JsonValue start) {
    JsonValue value = start;
    for (String key : keys) {
      if (value == JsonValue.Null.NULL) {
        return value;
      }
      if (!(value instanceof JsonValue.Obj object)) {
        return JsonValue.Obj.EMPTY;
      }
      value = member(object, key);
    }
    return value;
  }

  /** Whether something on the way, which is there, is no object. */
  boolean isBlocked(JsonValue start) {
    JsonValue value = start;
    for (String key : keys) {
      if (value == JsonValue.Null.NULL) {
        return false;
      }
      if (!(value instanceof JsonValue.Obj object)) {
        return true;
      }
      value = member(object, key);
    }
    return false;
  }

  /** {@code Null} if there is none. */
  static JsonValue member(JsonValue.Obj object, String key) {
    for (int at = 0; at < object.size(); at++) {
      if (object.key(at).equals(key)) {
        return object.value(at);
      }
    }
    return JsonValue.Null.NULL;
  }
}
