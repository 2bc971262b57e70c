package org.audienceactivation.destination;

import java.util.ArrayList;
import java.util.Arrays;
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
    private final long digestOfPath;
    private final List<Node> children = new ArrayList<>();

    Node(String name, String path) {
      this.name = name;
      this.path = path;
      this.key = JsonPiece.key(name);
      this.digestOfPath = ProfileFacts.ofPath(path);
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
  private final int size;

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
    this.size = paths.size();
  }

  /** Writes the members into the open object; stops and tells at a value that has no such key. */
  Optional<Rejection> write(JsonValue.Obj attributes, JsonBytes out) {
    return writeMembers(attributes, root, out, Digests.NONE);
  }

  /** The same, and a digest of each mapped attribute that is there is added to these. */
  Optional<Rejection> write(JsonValue.Obj attributes, JsonBytes out, Digests digests) {
    return writeMembers(attributes, root, out, digests);
  }

  /** Room for the digests of all mapped attributes of one profile. */
  Digests newDigests() {
    return new Digests(size);
  }

  /** Collects digests; not thread-safe. */
  static final class Digests {
    /** For those who ask for none. */
    private static final Digests NONE = new Digests(0);

    private final long[] digests;
    private int size;

    private Digests(int most) {
      this.digests = new long[most];
    }

    private void add(Node attribute, JsonBytes out, int from) {
      if (digests.length > 0) {
        digests[size++] = out.digest(attribute.digestOfPath, from);
      }
    }

    long[] toArray() {
      return Arrays.copyOf(digests, size);
    }
  }

  private static Optional<Rejection> writeMembers(
      JsonValue.Obj parent, Node node, JsonBytes out, Digests digests) {
    for (Node wanted : node.children) {
      Optional<Rejection> rejection = writeMember(parent, wanted, out, digests);
      if (rejection.isPresent()) {
        return rejection;
      }
    }
    return Optional.empty();
  }

  private static Optional<Rejection> writeMember(
      JsonValue.Obj parent, Node node, JsonBytes out, Digests digests) {
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
      return writePart(object, node, out, before, digests);
    }
    if (out.value(value)) {
      digests.add(node, out, before);
    } else {
      out.rewind(before);
    }
    return Optional.empty();
  }

  private static Optional<Rejection> writePart(
      JsonValue.Obj object, Node node, JsonBytes out, int before, Digests digests) {
    out.beginObject();
    int empty = out.mark();
    Optional<Rejection> rejection = writeMembers(object, node, out, digests);
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
