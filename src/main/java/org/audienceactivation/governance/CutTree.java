package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.audienceactivation.profile.JsonValue;

/**
 * The fields that are left out, by their keys, for whoever goes down a profile. At every key there
 * is one node to go to: what a {@code *} says is merged into the keys beside it when the tree is
 * built. A list is passed through, and its items may also be what a {@code *} stands for: both
 * readings are cut, since a value too few is better than one too many. Immutable.
 */
final class CutTree {

  static final CutTree EMPTY = new CutTree(Optional.empty(), Map.of(), Optional.empty());

  private final Optional<Cut> cut;
  private final Map<String, CutTree> children;
  private final Optional<CutTree> anyChild;

  private CutTree(Optional<Cut> cut, Map<String, CutTree> children, Optional<CutTree> anyChild) {
    this.cut = cut;
    this.children = children;
    this.anyChild = anyChild;
  }

  /** A tree of the cuts whose part is an attribute. */
  static CutTree of(List<Cut> cuts) {
    CutTree tree = EMPTY;
    for (Cut cut : cuts) {
      if (cut.part() instanceof Part.Attribute attribute) {
        tree = tree.merged(line(attribute.fields().segments(), cut));
      }
    }
    return tree;
  }

  private static CutTree line(List<String> segments, Cut cut) {
    CutTree tree = new CutTree(Optional.of(cut), Map.of(), Optional.empty());
    for (int at = segments.size() - 1; at >= 0; at--) {
      tree =
          segments.get(at).equals(LabelPath.ANY)
              ? new CutTree(Optional.empty(), Map.of(), Optional.of(tree))
              : new CutTree(Optional.empty(), Map.of(segments.get(at), tree), Optional.empty());
    }
    return tree;
  }

  private CutTree merged(CutTree other) {
    Optional<CutTree> any = merged(anyChild, other.anyChild);
    Map<String, CutTree> keys = new LinkedHashMap<>(children);
    other.children.forEach((key, child) -> keys.merge(key, child, CutTree::merged));
    any.ifPresent(every -> keys.replaceAll((key, child) -> child.merged(every)));
    return new CutTree(cut.or(() -> other.cut), keys, any);
  }

  private static Optional<CutTree> merged(Optional<CutTree> one, Optional<CutTree> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of(one.get().merged(other.get()))
        : one.or(() -> other);
  }

  boolean isEmpty() {
    return children.isEmpty() && anyChild.isEmpty();
  }

  /**
   * The object without the fields that are left out; the same one if it has none of them.
   *
   * @param found is told of every cut that took something away, once for each place
   */
  JsonValue.Obj pruned(JsonValue.Obj object, Consumer<Cut> found) {
    Optional<Map<String, JsonValue>> kept = Optional.empty();
    for (int at = 0; at < object.size(); at++) {
      JsonValue value = object.value(at);
      Optional<JsonValue> rest = remaining(child(object.key(at)), value, found);
      boolean isWhole = rest.isPresent() && rest.get() == value;
      if (kept.isEmpty() && !isWhole) {
        kept = Optional.of(first(at, object));
      }
      if (kept.isPresent() && rest.isPresent()) {
        kept.get().put(object.key(at), rest.get());
      }
    }
    return kept.map(JsonValue.Obj::of).orElse(object);
  }

  private static Map<String, JsonValue> first(int members, JsonValue.Obj object) {
    Map<String, JsonValue> first = new LinkedHashMap<>();
    for (int at = 0; at < members; at++) {
      first.put(object.key(at), object.value(at));
    }
    return first;
  }

  private static Optional<JsonValue> remaining(
      Optional<CutTree> below, JsonValue value, Consumer<Cut> found) {
    if (below.isEmpty() || value == JsonValue.Null.NULL) {
      return Optional.of(value);
    }
    CutTree node = below.get();
    if (node.cut.isPresent()) {
      found.accept(node.cut.get());
      return Optional.empty();
    }
    if (value instanceof JsonValue.Obj object) {
      return Optional.of(node.pruned(object, found));
    }
    return value instanceof JsonValue.Arr array ? node.pruned(array, found) : Optional.of(value);
  }

  /** Empty if the items themselves are what is left out. */
  private Optional<JsonValue> pruned(JsonValue.Arr array, Consumer<Cut> found) {
    CutTree ofItems = ofItems();
    List<JsonValue> kept = new ArrayList<>(array.items().size());
    boolean changed = false;
    for (JsonValue item : array.items()) {
      Optional<JsonValue> rest = remaining(Optional.of(ofItems), item, found);
      if (rest.isEmpty()) {
        return Optional.empty();
      }
      changed |= rest.get() != item;
      kept.add(rest.get());
    }
    return Optional.of(changed ? new JsonValue.Arr(kept) : array);
  }

  private CutTree ofItems() {
    CutTree items = this;
    for (Optional<CutTree> any = anyChild; any.isPresent(); any = any.get().anyChild) {
      items = items.merged(any.get());
    }
    return items;
  }

  private Optional<CutTree> child(String key) {
    CutTree child = children.get(key);
    return child == null ? anyChild : Optional.of(child);
  }
}
