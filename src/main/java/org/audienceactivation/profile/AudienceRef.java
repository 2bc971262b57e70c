package org.audienceactivation.profile;

import java.util.Comparator;
import java.util.Locale;

/**
 * Names one audience: the namespace of the system that evaluated it and its id there. It lives in
 * this room because memberships are spelled with it; the catalogue of audiences is another room's.
 *
 * @param id any text; samples in the field are not always UUIDs, so nothing is assumed of its shape
 */
public record AudienceRef(String namespace, String id) implements Comparable<AudienceRef> {

  /** The namespace of the platform's own segmentation service, used where none is given. */
  public static final String DEFAULT_NAMESPACE = "ups";

  private static final Comparator<AudienceRef> ORDER =
      Comparator.comparing(AudienceRef::namespace).thenComparing(AudienceRef::id);

  public static AudienceRef ups(String id) {
    return new AudienceRef(DEFAULT_NAMESPACE, id);
  }

  /**
   * The same audience in the one spelling that stands for all: for those who must not let one pass
   * because its letters are of another case.
   */
  public AudienceRef inLowerCase() {
    String lowerNamespace = namespace.strip().toLowerCase(Locale.ROOT);
    String lowerId = id.strip().toLowerCase(Locale.ROOT);
    boolean isSo = lowerNamespace.equals(namespace) && lowerId.equals(id);
    return isSo ? this : new AudienceRef(lowerNamespace, lowerId);
  }

  /** By namespace, then by id, as text. */
  @Override
  public int compareTo(AudienceRef other) {
    return ORDER.compare(this, other);
  }

  /** The id alone in the default namespace, otherwise {@code namespace/id}. */
  @Override
  public String toString() {
    return namespace.equals(DEFAULT_NAMESPACE) ? id : namespace + "/" + id;
  }
}
