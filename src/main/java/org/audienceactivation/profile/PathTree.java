package org.audienceactivation.profile;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Wanted paths by their keys, for a parser that goes down them. Immutable once built. */
final class PathTree {

  private final String key;
  private final String path;
  private final Map<String, PathTree> children = new HashMap<>();
  private boolean whole;

  private PathTree(String key, String path) {
    this.key = key;
    this.path = path;
  }

  static PathTree of(Set<XdmPath> paths) {
    PathTree root = new PathTree("", "");
    for (XdmPath path : paths) {
      PathTree node = root;
      for (String key : path.segments()) {
        node = node.childOrNew(key);
      }
      node.whole = true;
    }
    return root;
  }

  /** What is wanted below a key; empty if nothing is. */
  Optional<PathTree> child(String key) {
    return Optional.ofNullable(children.get(key));
  }

  /** The last key of the path, which profiles hold in place of the one that the parser reads. */
  String key() {
    return key;
  }

  /** True if everything below is wanted. */
  boolean isWhole() {
    return whole;
  }

  /** Dotted, for messages. */
  String path() {
    return path;
  }

  private PathTree childOrNew(String key) {
    return children.computeIfAbsent(
        key, name -> new PathTree(name, path.isEmpty() ? name : path + "." + name));
  }
}
