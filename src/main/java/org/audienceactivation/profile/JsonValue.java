package org.audienceactivation.profile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A JSON value of a profile, immutable. Numbers keep their spelling, so that what goes out is what
 * came in. Its {@code toString} shows the type only: values are personal data.
 */
public sealed interface JsonValue {

  /** What a person calls this type, with its article: {@code a number}. */
  String typeName();

  record Text(String value) implements JsonValue {
    @Override
    public String typeName() {
      return "a string";
    }

    @Override
    public String toString() {
      return typeName();
    }
  }

  /**
   * A number.
   *
   * @param source its spelling in the input, valid JSON
   */
  record Num(String source) implements JsonValue {
    @Override
    public String typeName() {
      return "a number";
    }

    @Override
    public String toString() {
      return typeName();
    }
  }

  enum Bool implements JsonValue {
    TRUE,
    FALSE;

    @Override
    public String typeName() {
      return "a boolean";
    }
  }

  /** Keeps its place in an array; as the member of an object it means absent. */
  enum Null implements JsonValue {
    NULL;

    @Override
    public String typeName() {
      return "null";
    }
  }

  record Arr(List<JsonValue> items) implements JsonValue {
    public Arr {
      items = List.copyOf(items);
    }

    @Override
    public String typeName() {
      return "an array";
    }

    @Override
    public String toString() {
      return typeName();
    }
  }

  /** An object whose members keep their order. */
  final class Obj implements JsonValue {

    public static final Obj EMPTY = new Obj(new CompactMap<>());

    private final CompactMap<String, JsonValue> members;

    private Obj(CompactMap<String, JsonValue> members) {
      this.members = members;
    }

    /** Copies the members in the map's iteration order. */
    public static Obj of(Map<String, JsonValue> members) {
      CompactMap<String, JsonValue> copy = new CompactMap<>();
      members.forEach(copy::put);
      return owning(copy);
    }

    /** Takes the map itself; its maker must not keep it. */
    static Obj owning(CompactMap<String, JsonValue> members) {
      return members.isEmpty() ? EMPTY : new Obj(members);
    }

    /** How many members there are; {@link #key} and {@link #value} count them from zero. */
    public int size() {
      return members.size();
    }

    public String key(int at) {
      return members.key(at);
    }

    public JsonValue value(int at) {
      return members.value(at);
    }

    /** A copy of the members, for whom comfort counts more than speed. */
    public Map<String, JsonValue> members() {
      Map<String, JsonValue> copy = new LinkedHashMap<>();
      for (int at = 0; at < size(); at++) {
        copy.put(key(at), value(at));
      }
      return Collections.unmodifiableMap(copy);
    }

    public Optional<JsonValue> get(String key) {
      return Optional.ofNullable(members.get(key));
    }

    /** The value at the path; empty if a key is missing or something on the way is no object. */
    public Optional<JsonValue> at(XdmPath path) {
      JsonValue value = this;
      for (String key : path.segments()) {
        if (!(value instanceof Obj object)) {
          return Optional.empty();
        }
        value = object.members.get(key);
      }
      return Optional.ofNullable(value);
    }

    /**
     * With a value at a path, where objects are made as needed. Where something on the way is no
     * object nothing is changed.
     */
    public Obj with(XdmPath path, JsonValue value) {
      return with(path.segments(), value);
    }

    private Obj with(List<String> keys, JsonValue value) {
      String key = keys.get(0);
      JsonValue next = value;
      if (keys.size() > 1) {
        JsonValue before = get(key).orElse(Null.NULL);
        if (before != Null.NULL && !(before instanceof Obj)) {
          return this;
        }
        Obj below = before instanceof Obj object ? object : EMPTY;
        next = below.with(keys.subList(1, keys.size()), value);
      }
      CompactMap<String, JsonValue> copy = new CompactMap<>();
      for (int at = 0; at < size(); at++) {
        copy.put(key(at), value(at));
      }
      copy.put(key, next);
      return owning(copy);
    }

    /** Without what stands at a path; objects in which nothing is left go with it. */
    public Obj without(XdmPath path) {
      return without(path.segments());
    }

    private Obj without(List<String> keys) {
      String key = keys.get(0);
      Optional<JsonValue> found = get(key);
      if (found.isEmpty()) {
        return this;
      }
      Obj left = EMPTY;
      if (keys.size() > 1) {
        if (!(found.get() instanceof Obj below)) {
          return this;
        }
        left = below.without(keys.subList(1, keys.size()));
      }
      CompactMap<String, JsonValue> copy = new CompactMap<>();
      for (int at = 0; at < size(); at++) {
        if (!key(at).equals(key)) {
          copy.put(key(at), value(at));
        } else if (left.size() > 0) {
          copy.put(key, left);
        }
      }
      return owning(copy);
    }

    @Override
    public String typeName() {
      return "an object";
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Obj that && members.equals(that.members);
    }

    @Override
    public int hashCode() {
      return members.hashCode();
    }

    @Override
    public String toString() {
      return typeName();
    }
  }
}
