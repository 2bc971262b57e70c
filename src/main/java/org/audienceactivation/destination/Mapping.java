package org.audienceactivation.destination;

import java.util.ArrayList;
import java.util.Arrays;
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

  private final AttributeTree attributes;
  private final boolean mapsAll;
  private final Map<AudienceRef, Integer> ranks;
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
    this.ranks = ranks(destination.audiences());
    this.order =
        mapsAll
            ? Comparator.comparing(Membership::audience)
            : Comparator.comparing(m -> ranks.get(m.audience()));
    this.names = destination.audienceNames() ? names(catalogue) : Map.of();
    this.partitionKey = new PartitionKey(destination.partitionNamespaces());
  }

  /** Of listed audiences their places in an event: by namespace, then as configured. */
  private static Map<AudienceRef, Integer> ranks(AudienceScope scope) {
    Map<AudienceRef, Integer> ranks = new HashMap<>();
    if (scope instanceof AudienceScope.Listed listed) {
      listed.audiences().stream()
          .sorted(Comparator.comparing(AudienceRef::namespace))
          .forEach(ref -> ranks.put(ref, ranks.size()));
    }
    return ranks;
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
    if (isMappedAsItStands(memberships)) {
      return memberships;
    }
    List<Membership> mapped = new ArrayList<>(memberships.size());
    for (Membership membership : memberships) {
      if (mapsAll || ranks.containsKey(membership.audience())) {
        mapped.add(membership);
      }
    }
    mapped.sort(order);
    return mapped;
  }

  /** Most exports keep one order, and a reader of one destination reads nothing else. */
  private boolean isMappedAsItStands(List<Membership> memberships) {
    Membership last = null;
    for (Membership membership : memberships) {
      if (!mapsAll && !ranks.containsKey(membership.audience())) {
        return false;
      }
      if (last != null && order.compare(last, membership) > 0) {
        return false;
      }
      last = membership;
    }
    return true;
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
    String[] namespaces = identities.namespaces().toArray(String[]::new);
    Arrays.sort(namespaces);
    for (String namespace : namespaces) {
      out.key(namespace);
      out.beginArray();
      for (Identity identity : identities.of(namespace)) {
        out.beginObject();
        member("id", identity.id(), out);
        out.endObject();
      }
      out.endArray();
    }
    out.endObject();
  }
}
