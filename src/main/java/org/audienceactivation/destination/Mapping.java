package org.audienceactivation.destination;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private static final JsonPiece SEGMENT_MEMBERSHIP = JsonPiece.key("segmentMembership");
  private static final JsonPiece QUALIFIED = JsonPiece.key("lastQualificationTime");
  private static final JsonPiece STATUS = JsonPiece.key("status");
  private static final JsonPiece IDENTITY_MAP = JsonPiece.key("identityMap");
  private static final JsonPiece ID = JsonPiece.key("id");

  /** Those of the XDM schema; others are written as they came in. */
  private static final Map<String, JsonPiece> USUAL_STATUSES =
      Stream.of("realized", "existing", "exited")
          .collect(
              Collectors.toMap(status -> status, status -> JsonPiece.member("status", status)));

  private final AttributeTree attributes;
  private final boolean mapsAll;
  private final Map<AudienceRef, Shown> known;
  private final Comparator<Membership> order;
  private final PartitionKey partitionKey;

  /**
   * What is known beforehand of an audience in an event.
   *
   * @param rank its place among the listed ones
   * @param key its id as a key
   * @param name the member with its name, if the destination wants names and there is one
   */
  private record Shown(int rank, JsonPiece key, Optional<JsonPiece> name) {}

  /**
   * Prepares the mapping of one destination.
   *
   * @param catalogue where the names come from, if the destination wants them
   */
  public Mapping(Destination destination, AudienceCatalogue catalogue) {
    this.attributes = new AttributeTree(destination.attributes());
    this.mapsAll = destination.audiences() instanceof AudienceScope.All;
    this.known = known(destination, catalogue);
    this.order =
        mapsAll
            ? Comparator.comparing(Membership::audience)
            : Comparator.comparing(m -> known.get(m.audience()).rank());
    this.partitionKey = new PartitionKey(destination.partitionNamespaces());
  }

  /** Listed audiences in their order, which is by namespace, then as configured. */
  private static Map<AudienceRef, Shown> known(
      Destination destination, AudienceCatalogue catalogue) {
    AudienceCatalogue names = destination.audienceNames() ? catalogue : AudienceCatalogue.empty();
    Stream<AudienceRef> refs =
        destination.audiences() instanceof AudienceScope.Listed listed
            ? listed.audiences().stream().sorted(Comparator.comparing(AudienceRef::namespace))
            : names.audiences().stream().map(Audience::ref);
    Map<AudienceRef, Shown> known = new HashMap<>();
    refs.forEach(
        ref ->
            known.put(
                ref,
                new Shown(
                    known.size(),
                    JsonPiece.key(ref.id()),
                    names.find(ref).map(audience -> JsonPiece.member("name", audience.name())))));
    return known;
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
    out.piece(SEGMENT_MEMBERSHIP);
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
      if (mapsAll || known.containsKey(membership.audience())) {
        mapped.add(membership);
      }
    }
    mapped.sort(order);
    return mapped;
  }

  /** Most exports keep one order, and a reader of one destination reads nothing else. */
  private boolean isMappedAsItStands(List<Membership> memberships) {
    if (!mapsAll) {
      return areListedInOrder(memberships);
    }
    for (int i = 1; i < memberships.size(); i++) {
      if (order.compare(memberships.get(i - 1), memberships.get(i)) > 0) {
        return false;
      }
    }
    return true;
  }

  private boolean areListedInOrder(List<Membership> memberships) {
    int last = -1;
    for (Membership membership : memberships) {
      Shown audience = known.get(membership.audience());
      if (audience == null || audience.rank() < last) {
        return false;
      }
      last = audience.rank();
    }
    return true;
  }

  private void writeMembership(Membership membership, JsonBytes out) {
    Shown audience = known.get(membership.audience());
    if (audience == null) {
      out.key(membership.audience().id());
    } else {
      out.piece(audience.key());
    }
    out.beginObject();
    if (membership.lastQualificationTime().isPresent()) {
      out.piece(QUALIFIED);
      out.string(membership.lastQualificationTime().get());
    }
    writeStatus(membership.statusOrDefault(), out);
    if (audience != null && audience.name().isPresent()) {
      out.piece(audience.name().get());
    }
    out.endObject();
  }

  private static void writeStatus(String status, JsonBytes out) {
    JsonPiece usual = USUAL_STATUSES.get(status);
    if (usual != null) {
      out.piece(usual);
      return;
    }
    out.piece(STATUS);
    out.string(status);
  }

  private static void writeIdentities(IdentityMap identities, JsonBytes out) {
    out.piece(IDENTITY_MAP);
    out.beginObject();
    for (String namespace : sorted(identities.namespaces())) {
      out.key(namespace);
      out.beginArray();
      for (Identity identity : identities.of(namespace)) {
        out.beginObject();
        out.piece(ID);
        out.string(identity.id());
        out.endObject();
      }
      out.endArray();
    }
    out.endObject();
  }

  private static List<String> sorted(List<String> names) {
    for (int i = 1; i < names.size(); i++) {
      if (names.get(i - 1).compareTo(names.get(i)) > 0) {
        return names.stream().sorted().toList();
      }
    }
    return names;
  }
}
