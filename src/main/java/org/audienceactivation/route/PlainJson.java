package org.audienceactivation.route;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.profile.JsonValue;

/** Attributes as maps, lists, texts, numbers and booleans, for steps that know nothing of ours. */
final class PlainJson {

  private PlainJson() {}

  /** A copy that may be changed. */
  static Map<String, Object> of(JsonValue.Obj object) {
    Map<String, Object> plain = new LinkedHashMap<>();
    for (int at = 0; at < object.size(); at++) {
      plain.put(object.key(at), plain(object.value(at)));
    }
    return plain;
  }

  private static Object plain(JsonValue value) {
    if (value instanceof JsonValue.Obj object) {
      return of(object);
    }
    if (value instanceof JsonValue.Arr array) {
      List<Object> plain = new ArrayList<>();
      array.items().forEach(item -> plain.add(plain(item)));
      return plain;
    }
    if (value instanceof JsonValue.Num number) {
      return new BigDecimal(number.source());
    }
    if (value instanceof JsonValue.Bool bool) {
      return bool == JsonValue.Bool.TRUE;
    }
    return value instanceof JsonValue.Text text ? text.value() : null;
  }

  /**
   * What a step has made of a copy. What it has left alone is spelled as it was.
   *
   * @throws IllegalArgumentException for values that JSON does not have
   */
  static JsonValue.Obj back(Map<?, ?> plain, JsonValue.Obj before) {
    Map<String, JsonValue> members = new LinkedHashMap<>();
    plain.forEach(
        (key, value) ->
            members.put(String.valueOf(key), back(value, before.get(String.valueOf(key)))));
    return JsonValue.Obj.of(members);
  }

  private static JsonValue back(Object plain, Optional<JsonValue> before) {
    if (plain == null) {
      return JsonValue.Null.NULL;
    }
    if (before.isPresent() && plain.equals(plain(before.get()))) {
      return before.get();
    }
    if (plain instanceof Map<?, ?> map) {
      return back(
          map,
          before.orElse(JsonValue.Null.NULL) instanceof JsonValue.Obj was
              ? was
              : JsonValue.Obj.EMPTY);
    }
    if (plain instanceof List<?> list) {
      return new JsonValue.Arr(list.stream().map(item -> back(item, Optional.empty())).toList());
    }
    if (plain instanceof Boolean bool) {
      return bool ? JsonValue.Bool.TRUE : JsonValue.Bool.FALSE;
    }
    if (plain instanceof Number number && isFinite(number)) {
      return new JsonValue.Num(number.toString());
    }
    if (plain instanceof CharSequence text) {
      return new JsonValue.Text(text.toString());
    }
    throw new IllegalArgumentException(
        "a " + plain.getClass().getSimpleName() + " is no value of a profile");
  }

  private static boolean isFinite(Number number) {
    double value = number.doubleValue();
    return number instanceof BigDecimal || (!Double.isNaN(value) && !Double.isInfinite(value));
  }
}
