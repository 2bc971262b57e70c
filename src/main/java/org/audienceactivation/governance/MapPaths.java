package org.audienceactivation.governance;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.NamespaceCodes;

/**
 * Of which identities or audiences a path speaks that leads into {@code identityMap}, {@code
 * segmentMembership}, or the arrays that are the older forms of both. Namespaces and ids may have
 * dots themselves, so a path may mean several; what cannot be told apart means all.
 */
final class MapPaths {

  private static final Set<String> OF_IDENTITIES = Set.of("identityMap", "identities");
  private static final Set<String> OF_AUDIENCES = Set.of("segmentMembership", "segments");

  /** Where an identity's or a membership's own fields begin. */
  private static final Set<String> OWN_FIELDS =
      Set.of(
          "id",
          "xid",
          "primary",
          "authenticatedState",
          "status",
          "lastQualificationTime",
          "timestamp",
          "validUntil",
          "version",
          "payload");

  private MapPaths() {}

  static boolean isOfIdentities(LabelPath path) {
    return OF_IDENTITIES.contains(path.segments().get(0));
  }

  static boolean isOfAudiences(LabelPath path) {
    return OF_AUDIENCES.contains(path.segments().get(0));
  }

  /** Codes in lower case; empty for all namespaces. */
  static Optional<Set<String>> namespaces(LabelPath path) {
    List<String> segments = path.segments();
    boolean isArray = segments.get(0).equals("identities");
    if (isArray || segments.size() == 1 || segments.get(1).equals(LabelPath.ANY)) {
      return Optional.empty();
    }
    Set<String> codes = new LinkedHashSet<>();
    for (String name : names(segments, 1)) {
      String code = NamespaceCodes.codeOf(name);
      if (NamespaceCodes.isUnknownId(code)) {
        return Optional.empty();
      }
      if (NamespaceCodes.isStandard(code)) {
        return Optional.of(Set.of(code));
      }
      codes.add(code);
    }
    return Optional.of(codes);
  }

  /** Empty for all audiences. */
  static Optional<Set<AudienceRef>> audiences(LabelPath path) {
    List<String> segments = path.segments();
    boolean isArray = segments.get(0).equals("segments");
    if (isArray || segments.size() < 3 || segments.subList(1, 3).contains(LabelPath.ANY)) {
      return Optional.empty();
    }
    Set<AudienceRef> refs = new LinkedHashSet<>();
    boolean isDefault = segments.get(1).equalsIgnoreCase(AudienceRef.DEFAULT_NAMESPACE);
    int longest = isDefault ? 2 : segments.size() - 1;
    for (int end = 2; end <= longest; end++) {
      String namespace = String.join(".", segments.subList(1, end));
      names(segments, end).forEach(id -> refs.add(new AudienceRef(namespace, id)));
    }
    return Optional.of(refs);
  }

  /** Those that may begin there: one key, or several with the dots between them. */
  private static Set<String> names(List<String> segments, int from) {
    Set<String> names = new LinkedHashSet<>();
    for (int end = from + 1; end <= segments.size(); end++) {
      boolean isFurther = end > from + 1;
      String last = segments.get(end - 1);
      if (isFurther && (OWN_FIELDS.contains(last) || last.equals(LabelPath.ANY))) {
        break;
      }
      names.add(String.join(".", segments.subList(from, end)));
    }
    return names;
  }
}
