package org.audienceactivation.profile;

import java.util.List;

/**
 * The place of a value in a profile: keys joined by dots, such as {@code person.name.firstName} or,
 * for a tenant's own fields, {@code _tenant.loyalty.tier}.
 *
 * <p>There is no list of known paths: schemas are the tenant's business, and the published samples
 * themselves use fields that the standard schema does not have. Keys are taken without the {@code
 * xdm:} prefix, with which exports may spell them.
 *
 * @param segments interned, as they are in the profiles that are read for a path: whoever looks for
 *     one there mostly finds the same string, and need not compare letters. So a path is for
 *     configuration, not for what stands in a record.
 */
public record XdmPath(List<String> segments) {

  public XdmPath {
    segments = segments.stream().map(String::intern).toList();
    if (segments.isEmpty() || segments.contains("")) {
      throw new IllegalArgumentException("a path needs a key between any two dots");
    }
  }

  /**
   * Reads a path as configuration spells it.
   *
   * @param dotted keys joined by dots; a prefix {@code xdm:} of a key is dropped
   * @throws IllegalArgumentException if a key is empty
   */
  public static XdmPath of(String dotted) {
    return new XdmPath(
        List.of(dotted.split("\\.", -1)).stream().map(XdmPath::withoutPrefix).toList());
  }

  /** True if this is the other path or one of the containers that it lies in. */
  public boolean contains(XdmPath other) {
    return other.segments.size() >= segments.size()
        && other.segments.subList(0, segments.size()).equals(segments);
  }

  static String withoutPrefix(String key) {
    return key.startsWith("xdm:") ? key.substring(4) : key;
  }

  @Override
  public String toString() {
    return String.join(".", segments);
  }
}
