package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.profile.XdmPath;

/**
 * The fields that a label is put on: a path of which any key may be {@code *}, for every key of a
 * map or every item of a list. Lists need no key of their own: {@code orders.sku} and {@code
 * orders[*].sku} both speak of the {@code sku} of every item.
 */
public record LabelPath(List<String> segments) {

  static final String ANY = "*";

  public LabelPath {
    segments = List.copyOf(segments);
  }

  /**
   * Reads a path as configuration spells it. What looks like another notation is refused: taken for
   * keys, it would protect nothing.
   *
   * @throws IllegalArgumentException if a key is empty, only part of a key is {@code *}, or the
   *     path is written as a JSON pointer or with the index of an item
   */
  static LabelPath of(String dotted) {
    List<String> segments =
        XdmPath.of(dotted.replace("[*]", "")).segments().stream().map(String::strip).toList();
    if (dotted.startsWith("/") || !segments.stream().allMatch(LabelPath::isKey)) {
      throw new IllegalArgumentException("no keys joined by dots");
    }
    return new LabelPath(segments);
  }

  private static boolean isKey(String segment) {
    boolean isPartlyAny = segment.contains(ANY) && !segment.equals(ANY);
    return !segment.isEmpty() && !isPartlyAny && !segment.contains("[") && !segment.contains("]");
  }

  static LabelPath of(XdmPath path) {
    return new LabelPath(path.segments());
  }

  /** Whether every field of the other path is one of these, or lies within one of them. */
  boolean covers(LabelPath other) {
    return segments.size() <= other.segments.size() && agrees(other, segments.size());
  }

  /** The part of these fields that lies below a path, if there can be one. */
  Optional<LabelPath> below(XdmPath path) {
    List<String> above = path.segments();
    if (segments.size() <= above.size() || !agrees(of(path), above.size())) {
      return Optional.empty();
    }
    List<String> found = new ArrayList<>(above);
    found.addAll(segments.subList(above.size(), segments.size()));
    return Optional.of(new LabelPath(found));
  }

  /**
   * Whether a field can be one of these, or lie within one, and also be one of the other's or lie
   * within one. A {@code *} may stand for the items of a list, which need no key of their own.
   */
  boolean overlaps(LabelPath other) {
    return overlaps(0, other, 0);
  }

  private boolean overlaps(int at, LabelPath other, int otherAt) {
    if (at == segments.size() || otherAt == other.segments.size()) {
      return true;
    }
    boolean isAny = segments.get(at).equals(ANY);
    boolean isOtherAny = other.segments.get(otherAt).equals(ANY);
    if ((isAny && overlaps(at + 1, other, otherAt))
        || (isOtherAny && overlaps(at, other, otherAt + 1))) {
      return true;
    }
    boolean agree = isAny || isOtherAny || segments.get(at).equals(other.segments.get(otherAt));
    return agree && overlaps(at + 1, other, otherAt + 1);
  }

  private boolean agrees(LabelPath other, int length) {
    for (int at = 0; at < length; at++) {
      String mine = segments.get(at);
      if (!mine.equals(ANY) && !mine.equals(other.segments.get(at))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return String.join(".", segments);
  }
}
