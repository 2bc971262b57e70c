package org.audienceactivation.destination;

import java.util.ArrayList;
import java.util.List;
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
  private static final class Node {
    private final String name;
    private final String path;
    private final JsonPiece key;
    private final List<Node> children = new ArrayList<>();

    Node(String name, String path) {
      this.name = name;
      this.path = path;
      this.key = JsonPiece.key(name);
    }

    Node child(String childName) {
      for (Node child : children) {
        if (child.name.equals(childName)) {
          return child;
        }
      }
      Node child = new Node(childName, path.isEmpty() ? childName : path + "." + childName);
      children.add(child);
      return child;
    }
  }

  private final Node root = new Node("", "");

  /**
   * @param paths none within another
   */
  AttributeTree(List<XdmPath> paths) {
    for (XdmPath path : paths) {
      Node node = root;
      for (String key : path.segments()) {
        node = node.child(key);
      }
    }
  }

  /** Writes the members into the open object; stops and tells at a value that has no such key. */
  Optional<Rejection> write(JsonValue.Obj attributes, JsonBytes out) {
    return writeMembers(attributes, root, out);
  }

  private static Optional<Rejection> writeMembers(JsonValue.Obj parent, Node node, JsonBytes out) {
    for (Node wanted : node.children) {
      Optional<Rejection> rejection = writeMember(parent, wanted, out);
      if (rejection.isPresent()) {
        return rejection;
      }
    }
    return Optional.empty();
  }

  private static Optional<Rejection> writeMember(JsonValue.Obj parent, Node node, JsonBytes out) {
    Optional<JsonValue> found = parent.get(node.name);
    if (found.isEmpty() || found.get() == JsonValue.Null.NULL) {
      return Optional.empty();
    }
    JsonValue value = found.get();
    if (!node.children.isEmpty() && !(value instanceof JsonValue.Obj)) {
      return Optional.of(Rejection.wrongType(node.path, "an object", value.typeName()));
    }
    int before = out.mark();
    out.piece(node.key);
    if (value instanceof JsonValue.Obj object && !node.children.isEmpty()) {
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
    Optional<Rejection> rejection = writeMembers(object, node, out);
    if (rejection.isPresent()) {
      return rejection;
    }
    if (out.mark() == empty) {
      out.rewind(before);
    } else {
      out.endObject();
    }
    return Optional.empty();
  }
}
