package org.audienceactivation.profile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * All identities of a profile by namespace, in the order of the export. Within a namespace an id
 * occurs once; no namespace is empty. Immutable.
 */
public final class IdentityMap {

  public static final IdentityMap EMPTY = new IdentityMap(Map.of());

  private final Map<String, List<Identity>> byNamespace;

  private IdentityMap(Map<String, List<Identity>> byNamespace) {
    this.byNamespace = byNamespace;
  }

  /** Namespaces as they are spelled in the profile, with their identities. */
  public Map<String, List<Identity>> byNamespace() {
    return byNamespace;
  }

  /** The first identity of a namespace, whatever the case in which either spells its name. */
  public Optional<Identity> firstOf(String namespace) {
    List<Identity> exact = byNamespace.get(namespace);
    if (exact != null) {
      return Optional.of(exact.get(0));
    }
    for (Map.Entry<String, List<Identity>> entry : byNamespace.entrySet()) {
      if (entry.getKey().equalsIgnoreCase(namespace)) {
        return Optional.of(entry.getValue().get(0));
      }
    }
    return Optional.empty();
  }

  /** True if the profile names nobody. */
  public boolean isEmpty() {
    return byNamespace.isEmpty();
  }

  /** The same identities under other names; namespaces that become one are merged in order. */
  public IdentityMap renamed(UnaryOperator<String> namespace) {
    Builder renamed = new Builder();
    byNamespace.forEach(
        (name, identities) ->
            identities.forEach(identity -> renamed.add(namespace.apply(name), identity)));
    return renamed.build();
  }

  /**
   * With these ids at the end of a namespace, whatever the case in which its name is spelled here;
   * those that it has already are not repeated.
   */
  public IdentityMap with(String namespace, Collection<String> ids) {
    if (ids.isEmpty()) {
      return this;
    }
    Builder extended = new Builder();
    byNamespace.forEach((name, all) -> all.forEach(identity -> extended.add(name, identity)));
    String spelled =
        byNamespace.keySet().stream()
            .filter(name -> name.equalsIgnoreCase(namespace))
            .findFirst()
            .orElse(namespace);
    ids.forEach(id -> extended.add(spelled, Identity.of(id)));
    return extended.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdentityMap that
        && new ArrayList<>(byNamespace.entrySet())
            .equals(new ArrayList<>(that.byNamespace.entrySet()));
  }

  @Override
  public int hashCode() {
    return byNamespace.hashCode();
  }

  /** Namespaces only: ids are personal data. */
  @Override
  public String toString() {
    return byNamespace.keySet().toString();
  }

  /** Collects identities; not thread-safe. */
  public static final class Builder {

    private final Map<String, Ids> collected = new LinkedHashMap<>(8);

    /** Adds an identity; of two with the same id in one namespace the first stays. */
    public Builder add(String namespace, Identity identity) {
      Ids ids = collected.get(namespace);
      if (ids == null) {
        ids = new Ids();
        collected.put(namespace, ids);
      }
      ids.add(identity);
      return this;
    }

    public IdentityMap build() {
      if (collected.isEmpty()) {
        return EMPTY;
      }
      Map<String, List<Identity>> map = new LinkedHashMap<>(8);
      for (Map.Entry<String, Ids> entry : collected.entrySet()) {
        map.put(entry.getKey(), List.copyOf(entry.getValue().distinct));
      }
      return new IdentityMap(Collections.unmodifiableMap(map));
    }
  }

  /** Distinct identities of one namespace: mostly one or two, but an export may hold any number. */
  private static final class Ids {
    private static final int FEW = 8;

    private final List<Identity> distinct = new ArrayList<>(2);
    private Set<String> seen = Set.of();

    void add(Identity identity) {
      if (!isKnown(identity.id())) {
        distinct.add(identity);
      }
    }

    private boolean isKnown(String id) {
      if (distinct.size() < FEW) {
        for (Identity one : distinct) {
          if (one.id().equals(id)) {
            return true;
          }
        }
        return false;
      }
      if (seen.isEmpty()) {
        seen = new HashSet<>();
        for (Identity one : distinct) {
          seen.add(one.id());
        }
      }
      return !seen.add(id);
    }
  }
}
