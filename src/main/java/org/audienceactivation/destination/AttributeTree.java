package org.audienceactivation.destination;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Rejection;
import org.audienceactivation.profile.XdmPath;

/**
 * The mapped attributes as the tree in which an event shows them: in the order of the mapping,
 * siblings under one parent. What a profile does not have leaves no trace, its parents included.
 */
final class AttributeTree {

  /** A key of the mapping; without children it is a mapped path and takes everything below. */
  private record Node(String path, Map<String, Node> children) {}

  private final Node root = new Node("", new LinkedHashMap<>());

  /**
   * @param paths none within another
   */
  AttributeTree(List<XdmPath> paths) {
    for (XdmPath path : paths) {
      Node node = root;
      for (String key : path.segments()) {
        String parent = node.path().isEmpty() ? "" : node.path() + ".";
        node =
            node.children()
                .computeIfAbsent(key, name -> new Node(parent + name, new LinkedHashMap<>()));
      }
    }
  }

  /** Writes the members into the open object; stops and tells at a value that has no such key. */
  Optional<Rejection> write(JsonValue.Obj attributes, JsonBytes out) {
    for (Map.Entry<String, Node> wanted : root.children().entrySet()) {
      Optional<Rejection> rejection = writeMember(attributes, wanted, out);
      if (rejection.isPresent()) {
        return rejection;
      }
    }
    return Optional.empty();
  }

  private static Optional<Rejection> writeMember(
      JsonValue.Obj parent, Map.Entry<String, Node> wanted, JsonBytes out) {
    Optional<JsonValue> found = parent.get(wanted.getKey());
    if (found.isEmpty() || found.get() == JsonValue.Null.NULL) {
      return Optional.empty();
    }
    JsonValue value = found.get();
    Node node = wanted.getValue();
    if (!node.children().isEmpty() && !(value instanceof JsonValue.Obj)) {
      return Optional.of(Rejection.wrongType(node.path(), "an object", value.typeName()));
    }
    int before = out.mark();
    out.key(wanted.getKey());
    if (value instanceof JsonValue.Obj object && !node.children().isEmpty()) {
      return writePart(object, node, out, before);
    }
    if (!out.value(value)) {
      out.rewind(before);
    }
    return Optional.empty();
  }

  private static Optional<Rejection> writePart(
      JsonValue.Obj object, Node node, JsonBytes out, int before) {
    out.beginObject();
    int empty = out.mark();
    for (Map.Entry<String, Node> wanted : node.children().entrySet()) {
      Optional<Rejection> rejection = writeMember(object, wanted, out);
      if (rejection.isPresent()) {
        return rejection;
      }
    }
    if (out.mark() == empty) {
      out.rewind(before);
    } else {
      out.endObject();
    }
    return Optional.empty();
  }
}
