package org.audienceactivation.profile;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * All identities of a profile by namespace, in the order of the export. Within a namespace an id
 * occurs once; no namespace is empty. Immutable.
 */
public final class IdentityMap {

  public static final IdentityMap EMPTY = new IdentityMap(new CompactMap<>());

  /** By namespace, then by id. */
  private final CompactMap<String, CompactMap<String, Identity>> identities;

  private IdentityMap(CompactMap<String, CompactMap<String, Identity>> identities) {
    this.identities = identities;
  }

  /** As they are spelled in the profile. */
  public List<String> namespaces() {
    return identities.keys();
  }

  /** The identities of a namespace of exactly this spelling; empty if there is none. */
  public List<Identity> of(String namespace) {
    CompactMap<String, Identity> found = identities.get(namespace);
    return found == null ? List.of() : found.values();
  }

  /** The first identity of a namespace, whatever the case in which either spells its name. */
  public Optional<Identity> firstOf(String namespace) {
    CompactMap<String, Identity> exact = identities.get(namespace);
    if (exact != null) {
      return Optional.of(exact.value(0));
    }
    for (int at = 0; at < identities.size(); at++) {
      if (identities.key(at).equalsIgnoreCase(namespace)) {
        return Optional.of(identities.value(at).value(0));
      }
    }
    return Optional.empty();
  }

  /** True if the profile names nobody. */
  public boolean isEmpty() {
    return identities.isEmpty();
  }

  /** The same identities under other names; namespaces that become one are merged in order. */
  public IdentityMap renamed(UnaryOperator<String> namespace) {
    Builder renamed = new Builder();
    for (String name : namespaces()) {
      String newName = namespace.apply(name);
      of(name).forEach(identity -> renamed.add(newName, identity));
    }
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
    for (String name : namespaces()) {
      of(name).forEach(identity -> extended.add(name, identity));
    }
    String spelled =
        namespaces().stream()
            .filter(name -> name.equalsIgnoreCase(namespace))
            .findFirst()
            .orElse(namespace);
    ids.forEach(id -> extended.add(spelled, Identity.of(id)));
    return extended.build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdentityMap that
        && namespaces().equals(that.namespaces())
        && namespaces().stream().allMatch(name -> of(name).equals(that.of(name)));
  }

  @Override
  public int hashCode() {
    return identities.hashCode();
  }

  /** Namespaces only: ids are personal data. */
  @Override
  public String toString() {
    return namespaces().toString();
  }

  /** Collects identities; not thread-safe. */
  public static final class Builder {

    private CompactMap<String, CompactMap<String, Identity>> collected = new CompactMap<>();

    /** Adds an identity; of two with the same id in one namespace the first stays. */
    public Builder add(String namespace, Identity identity) {
      CompactMap<String, Identity> ofNamespace = collected.get(namespace);
      if (ofNamespace == null) {
        ofNamespace = new CompactMap<>();
        collected.put(namespace, ofNamespace);
      }
      ofNamespace.putIfAbsent(identity.id(), identity);
      return this;
    }

    /** Hands out what was collected; after that this builder begins anew. */
    public IdentityMap build() {
      IdentityMap built = collected.isEmpty() ? EMPTY : new IdentityMap(collected);
      collected = new CompactMap<>();
      return built;
    }
  }
}
