package org.audienceactivation.profile;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/** Where a profile says how its person can be reached. */
final class ContactPoints {

  private ContactPoints() {}

  /**
   * The distinct values, trimmed and not empty, of the identities in these namespaces (codes in
   * lower case), then of these attributes in the order of their paths.
   */
  static Set<String> of(Profile profile, Set<String> namespaces, Set<XdmPath> paths) {
    Set<String> values = new LinkedHashSet<>();
    for (String namespace : profile.identities().namespaces()) {
      if (namespaces.contains(NamespaceCodes.codeOf(namespace))) {
        profile.identities().of(namespace).forEach(identity -> values.add(identity.id().strip()));
      }
    }
    for (XdmPath path : sorted(paths)) {
      profile.attributes().at(path).map(ContactPoints::text).ifPresent(values::add);
    }
    values.remove("");
    return values;
  }

  /** In an order that does not change from run to run. */
  private static Iterable<XdmPath> sorted(Set<XdmPath> paths) {
    TreeSet<XdmPath> sorted = new TreeSet<>(java.util.Comparator.comparing(XdmPath::toString));
    sorted.addAll(paths);
    return sorted;
  }

  private static String text(JsonValue value) {
    if (value instanceof JsonValue.Text text) {
      return text.value().strip();
    }
    return value instanceof JsonValue.Num number ? number.source() : "";
  }
}
