package org.audienceactivation.destination;

import java.time.Instant;
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
 * segmentMembership} with the audiences that the destination shows, then {@code identityMap} with
 * all identities. The last two are always there, if need be empty.
 *
 * <p>The order of keys is fixed (attributes and listed audiences as configured, namespaces sorted),
 * so the same profile gives the same bytes. Ids pass through untouched, and so do statuses and
 * dates unless the destination wants them otherwise. Thread-safe.
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
  private final boolean showsAll;
  private final Statuses statuses;
  private final Dates dates;
  private final boolean writesMappingTimes;
  private final Map<AudienceRef, Shown> known;
  private final Comparator<Membership> order;
  private final PartitionKey partitionKey;

  /**
   * What is known beforehand of an audience in an event.
   *
   * @param rank its place among the listed ones
   * @param key its id as a key
   * @param more the members with its name and times, as far as the destination wants them and they
   *     are known
   * @param times when it was mapped, if configuration tells; empty if it is to be looked up
   */
  private record Shown(
      int rank, JsonPiece key, List<JsonPiece> more, Optional<Destination.MappingTimes> times) {}

  /**
   * Prepares the mapping of one destination.
   *
   * @param catalogue where the names come from, if the destination wants them
   */
  public Mapping(Destination destination, AudienceCatalogue catalogue) {
    this.attributes = new AttributeTree(destination.attributes());
    this.showsAll = destination.shown() instanceof AudienceScope.All;
    this.statuses = destination.contents().statuses();
    this.dates = destination.contents().dates();
    this.writesMappingTimes = destination.contents().audienceTimestamps();
    this.known = known(destination, catalogue);
    this.order = showsAll ? Comparator.comparing(Membership::audience) : this::compare;
    this.partitionKey = new PartitionKey(destination.partitionNamespaces());
  }

  /** Those that are not mapped any more stand behind those of their namespace that are. */
  private int compare(Membership one, Membership other) {
    int byNamespace = one.audience().namespace().compareTo(other.audience().namespace());
    if (byNamespace != 0) {
      return byNamespace;
    }
    int byRank = Integer.compare(rank(one), rank(other));
    return byRank == 0 ? one.audience().compareTo(other.audience()) : byRank;
  }

  private int rank(Membership membership) {
    Shown audience = known.get(membership.audience());
    return audience == null ? Integer.MAX_VALUE : audience.rank();
  }

  /** Listed audiences in their order, which is by namespace, then as configured. */
  private static Map<AudienceRef, Shown> known(
      Destination destination, AudienceCatalogue catalogue) {
    boolean isDecorated =
        destination.contents().audienceNames() || destination.contents().audienceTimestamps();
    Stream<AudienceRef> refs =
        destination.audiences() instanceof AudienceScope.Listed listed
            ? listed.audiences().stream().sorted(Comparator.comparing(AudienceRef::namespace))
            : isDecorated ? catalogue.audiences().stream().map(Audience::ref) : Stream.empty();
    Map<AudienceRef, Shown> known = new HashMap<>();
    refs.forEach(ref -> known.put(ref, shown(known.size(), ref, destination, catalogue.find(ref))));
    return known;
  }

  private static Shown shown(
      int rank, AudienceRef ref, Destination destination, Optional<Audience> described) {
    Destination.Contents contents = destination.contents();
    List<JsonPiece> more = new ArrayList<>();
    Optional<Destination.MappingTimes> times = Optional.empty();
    if (contents.audienceTimestamps()) {
      described.flatMap(Audience::createdAt).ifPresent(at -> more.add(time("createdAt", at)));
      described.flatMap(Audience::updatedAt).ifPresent(at -> more.add(time("updatedAt", at)));
      times = Optional.ofNullable(destination.mappedAt().get(ref));
      times.ifPresent(mapped -> more.addAll(pieces(mapped)));
    }
    if (contents.audienceNames()) {
      described.ifPresent(one -> more.add(JsonPiece.member("name", one.name())));
    }
    return new Shown(rank, JsonPiece.key(ref.id()), List.copyOf(more), times);
  }

  private static List<JsonPiece> pieces(Destination.MappingTimes times) {
    return List.of(
        time("mappingCreatedAt", times.created()), time("mappingUpdatedAt", times.updated()));
  }

  private static JsonPiece time(String name, Instant at) {
    return JsonPiece.member(name, at.toEpochMilli());
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
    writeMemberships(withStatuses(mapped(profile.memberships())), out, Optional.empty());
    writeIdentities(profile.identities(), out);
    out.endObject();
    return new Mapped.Event(new ActivationEvent(key.get(), out.toByteArray()));
  }

  /**
   * All of the event that depends on the profile alone, for {@link #event}; or a rejection as by
   * {@link #map}.
   */
  public Draft draft(GovernedProfile governed) {
    Profile profile = governed.profile();
    Optional<String> key = partitionKey.of(profile.identities());
    if (key.isEmpty()) {
      return new Draft.Rejected(Rejection.noIdentity());
    }
    JsonBytes out = BUFFER.get();
    out.clear();
    out.beginObject();
    int begin = out.mark();
    AttributeTree.Digests digests = attributes.newDigests();
    Optional<Rejection> rejection = attributes.write(profile.attributes(), out, digests);
    if (rejection.isPresent()) {
      return new Draft.Rejected(rejection.get());
    }
    byte[] attributeMembers = out.since(begin);
    out.clear();
    writeIdentities(profile.identities(), out);
    return new Draft.Mapped(
        key.get(),
        attributeMembers,
        out.toByteArray(),
        new ProfileFacts(mapped(profile.memberships()), digests.toArray(), profile.identities()));
  }

  /**
   * The event of a draft with these memberships.
   *
   * @param mappings for the times of mapping that configuration does not tell
   * @param envelope if the destination wants one
   */
  public ActivationEvent event(
      Draft.Mapped draft,
      List<Membership> memberships,
      AudienceMappings mappings,
      Optional<Envelope> envelope) {
    JsonBytes out = BUFFER.get();
    out.clear();
    out.beginObject();
    if (draft.attributes().length > 0) {
      out.rendered(draft.attributes());
    }
    writeMemberships(ordered(memberships), out, Optional.of(mappings));
    out.rendered(draft.identities());
    int end = out.mark();
    out.endObject();
    if (envelope.isPresent()) {
      String id = envelope.get().eventId(out.since(0));
      out.rewind(end);
      writeEnvelope(envelope.get(), id, out);
      out.endObject();
    }
    return new ActivationEvent(draft.partitionKey(), out.toByteArray());
  }

  private static void writeEnvelope(Envelope envelope, String eventId, JsonBytes out) {
    out.key("_activation");
    out.beginObject();
    out.key("eventId");
    out.string(eventId);
    out.key("version");
    out.number(envelope.version());
    out.key("causes");
    out.beginArray();
    for (Trigger trigger : Trigger.values()) {
      if (envelope.causes().contains(trigger)) {
        out.string(trigger.label());
      }
    }
    out.endArray();
    out.key("policyVersion");
    out.string(envelope.policyVersion());
    out.endObject();
  }

  private void writeMemberships(
      List<Membership> memberships, JsonBytes out, Optional<AudienceMappings> mappings) {
    out.piece(SEGMENT_MEMBERSHIP);
    out.beginObject();
    String open = "";
    boolean isOpen = false;
    for (Membership membership : memberships) {
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
      writeMembership(membership, out, mappings);
    }
    if (isOpen) {
      out.endObject();
    }
    out.endObject();
  }

  /** Those that an event shows, in the order of the event. */
  private List<Membership> mapped(List<Membership> memberships) {
    if (isMappedAsItStands(memberships)) {
      return memberships;
    }
    List<Membership> mapped = new ArrayList<>(memberships.size());
    for (Membership membership : memberships) {
      if (showsAll || known.containsKey(membership.audience())) {
        mapped.add(membership);
      }
    }
    mapped.sort(order);
    return mapped;
  }

  /** With exits that no source shows, if there are any. */
  private List<Membership> ordered(List<Membership> memberships) {
    return isMappedAsItStands(memberships)
        ? memberships
        : memberships.stream().sorted(order).toList();
  }

  private List<Membership> withStatuses(List<Membership> memberships) {
    if (statuses == Statuses.AS_GIVEN) {
      return memberships;
    }
    List<Membership> shown = new ArrayList<>(memberships.size());
    for (Membership membership : memberships) {
      shown.add(statuses.shown(membership));
    }
    return shown;
  }

  /** Most exports keep one order, and a reader of one destination reads nothing else. */
  private boolean isMappedAsItStands(List<Membership> memberships) {
    if (!showsAll) {
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

  private void writeMembership(
      Membership membership, JsonBytes out, Optional<AudienceMappings> mappings) {
    Shown audience = known.get(membership.audience());
    if (audience == null) {
      out.key(membership.audience().id());
    } else {
      out.piece(audience.key());
    }
    out.beginObject();
    if (membership.lastQualificationTime().isPresent()) {
      out.piece(QUALIFIED);
      out.string(dates.shown(membership.lastQualificationTime().get()));
    }
    writeStatus(membership.statusOrDefault(), out);
    if (audience != null) {
      for (int i = 0; i < audience.more().size(); i++) {
        out.piece(audience.more().get(i));
      }
      if (writesMappingTimes && audience.times().isEmpty() && mappings.isPresent()) {
        writeMappingTimes(membership.audience(), mappings.get(), out);
      }
    }
    out.endObject();
  }

  private static void writeMappingTimes(
      AudienceRef audience, AudienceMappings mappings, JsonBytes out) {
    AudienceMappings.Mapped mapped = mappings.listed().get(audience);
    if (mapped != null) {
      pieces(new Destination.MappingTimes(mapped.since(), mapped.since())).forEach(out::piece);
    }
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
