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
  private final boolean once;
  private boolean whole;

  private PathTree(String key, String path, boolean once) {
    this.key = key;
    this.path = path;
    this.once = once;
  }

  static PathTree of(Set<XdmPath> paths) {
    PathTree root = new PathTree("", "", false);
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

  /**
   * Whether this key and those below may stand once in their object. Elsewhere the last one counts;
   * here one of two may be a refusal.
   */
  boolean isOnce() {
    return once;
  }

  /** True if everything below is wanted. */
  boolean isWhole() {
    return whole;
  }

  /** Dotted, for messages. */
  String path() {
    return path;
  }

  private PathTree childOrNew(String name) {
    return children.computeIfAbsent(
        name,
        child ->
            path.isEmpty()
                ? new PathTree(child, child, saysWhatIsAllowed(child))
                : new PathTree(child, path + "." + child, once));
  }

  private static boolean saysWhatIsAllowed(String key) {
    return key.equals("consents") || Profile.CONSENT_RESULTS.contains(key);
  }
}
