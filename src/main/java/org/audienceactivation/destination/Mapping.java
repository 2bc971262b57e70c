package org.audienceactivation.destination;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.audience.Audience;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.Membership;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Rejection;

/**
 * Turns governed profiles into the events of one destination: the mapped attributes, then {@code
 * segmentMembership} with the mapped audiences, then {@code identityMap} with all identities. The
 * last two are always there, if need be empty.
 *
 * <p>The order of keys is fixed (attributes and listed audiences as configured, namespaces sorted),
 * so the same profile gives the same bytes. Statuses, dates and ids pass through untouched.
 * Thread-safe.
 *
 * <p>It runs once a record, so it is written in loops: until the compiler gets to it, a lambda that
 * captures something costs more than all that it does.
 */
public final class Mapping {

  private static final ThreadLocal<JsonBytes> BUFFER = ThreadLocal.withInitial(JsonBytes::new);

  private static final Comparator<Map.Entry<String, List<Identity>>> BY_NAMESPACE =
      Map.Entry.comparingByKey();

  private final AttributeTree attributes;
  private final boolean mapsAll;
  private final Map<AudienceRef, Integer> positions;
  private final Comparator<Membership> order;
  private final Map<AudienceRef, String> names;
  private final PartitionKey partitionKey;

  /**
   * Prepares the mapping of one destination.
   *
   * @param catalogue where the names come from, if the destination wants them
   */
  public Mapping(Destination destination, AudienceCatalogue catalogue) {
    this.attributes = new AttributeTree(destination.attributes());
    this.mapsAll = destination.audiences() instanceof AudienceScope.All;
    this.positions = positions(destination.audiences());
    this.order =
        mapsAll
            ? Comparator.comparing(Membership::audience)
            : Comparator.comparing((Membership m) -> m.audience().namespace())
                .thenComparing(m -> positions.get(m.audience()));
    this.names = destination.audienceNames() ? names(catalogue) : Map.of();
    this.partitionKey = new PartitionKey(destination.partitionNamespaces());
  }

  private static Map<AudienceRef, Integer> positions(AudienceScope scope) {
    Map<AudienceRef, Integer> positions = new HashMap<>();
    if (scope instanceof AudienceScope.Listed listed) {
      listed.audiences().forEach(ref -> positions.put(ref, positions.size()));
    }
    return positions;
  }

  private static Map<AudienceRef, String> names(AudienceCatalogue catalogue) {
    Map<AudienceRef, String> names = new HashMap<>();
    for (Audience audience : catalogue.audiences()) {
      names.put(audience.ref(), audience.name());
    }
    return names;
  }

  /**
   * The event, or a rejection where a mapped path leads through something that is no object, or
   * nobody is named.
   */
  public Mapped map(GovernedProfile governed) {
    Profile profile = governed.profile();
    Optional<String> key = partitionKey.of(profile.identities());
    if (key.isEmpty()) {
      return new Mapped.Rejected(Rejection.noIdentity());
    }
    JsonBytes out = BUFFER.get();
    out.clear();
    out.beginObject();
    Optional<Rejection> rejection = attributes.write(profile.attributes(), out);
    if (rejection.isPresent()) {
      return new Mapped.Rejected(rejection.get());
    }
    writeMemberships(profile.memberships(), out);
    writeIdentities(profile.identities(), out);
    out.endObject();
    return new Mapped.Event(new ActivationEvent(key.get(), out.toByteArray()));
  }

  private void writeMemberships(List<Membership> memberships, JsonBytes out) {
    out.key("segmentMembership");
    out.beginObject();
    String open = "";
    boolean isOpen = false;
    for (Membership membership : mapped(memberships)) {
      String namespace = membership.audience().namespace();
      if (!isOpen || !namespace.equals(open)) {
        if (isOpen) {
          out.endObject();
        }
        out.key(namespace);
        out.beginObject();
        open = namespace;
        isOpen = true;
      }
      writeMembership(membership, out);
    }
    if (isOpen) {
      out.endObject();
    }
    out.endObject();
  }

  private List<Membership> mapped(List<Membership> memberships) {
    List<Membership> mapped = new ArrayList<>(memberships.size());
    for (Membership membership : memberships) {
      if (mapsAll || positions.containsKey(membership.audience())) {
        mapped.add(membership);
      }
    }
    mapped.sort(order);
    return mapped;
  }

  private void writeMembership(Membership membership, JsonBytes out) {
    out.key(membership.audience().id());
    out.beginObject();
    if (membership.lastQualificationTime().isPresent()) {
      member("lastQualificationTime", membership.lastQualificationTime().get(), out);
    }
    member("status", membership.statusOrDefault(), out);
    String name = names.get(membership.audience());
    if (name != null) {
      member("name", name, out);
    }
    out.endObject();
  }

  private static void member(String key, String text, JsonBytes out) {
    out.key(key);
    out.string(text);
  }

  private static void writeIdentities(IdentityMap identities, JsonBytes out) {
    out.key("identityMap");
    out.beginObject();
    List<Map.Entry<String, List<Identity>>> namespaces =
        new ArrayList<>(identities.byNamespace().entrySet());
    namespaces.sort(BY_NAMESPACE);
    for (Map.Entry<String, List<Identity>> entry : namespaces) {
      out.key(entry.getKey());
      out.beginArray();
      for (Identity identity : entry.getValue()) {
        out.beginObject();
        member("id", identity.id(), out);
        out.endObject();
      }
      out.endArray();
    }
    out.endObject();
  }
}
