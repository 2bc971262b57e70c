package org.audienceactivation.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.destination.AudienceMappings;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.state.StateStoreException;

/**
 * The document of a destination in the state store: which audiences are mapped, since when, and
 * what was asked to be sent again. Immutable.
 *
 * @param next the number of the next mapping; whatever changes mappings makes it higher
 * @param others the mapping of audiences that are not listed, if all are mapped
 * @param target the stream to which was delivered; empty if none was yet
 * @param resend the last request to send again
 */
record MappingRecord(
    long next,
    Map<AudienceRef, AudienceMappings.Mapped> listed,
    Optional<AudienceMappings.Mapped> others,
    String target,
    Optional<Resend> resend) {

  /** Its name in the store. */
  static final String DOCUMENT = "mappings";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int FORMAT = 1;

  private static final MappingRecord NEW =
      new MappingRecord(1, Map.of(), Optional.empty(), "", Optional.empty());

  /**
   * A request to send members again.
   *
   * @param audience the only one whose members are meant; empty for all
   * @param number the mappings from this number on are those that it began
   * @param endedAt when an input that began after it was through
   */
  record Resend(
      Optional<AudienceRef> audience, Instant askedAt, long number, Optional<Instant> endedAt) {}

  /**
   * Reads it.
   *
   * @throws StateStoreException if it is of another format
   */
  static MappingRecord of(Optional<byte[]> document) {
    if (document.isEmpty()) {
      return NEW;
    }
    try {
      JsonNode root = JSON.readTree(document.get());
      if (root.path("format").asInt() != FORMAT) {
        throw new StateStoreException(
            "state store: mappings of format "
                + root.path("format").asText()
                + "; this version reads format "
                + FORMAT);
      }
      Map<AudienceRef, AudienceMappings.Mapped> listed = new LinkedHashMap<>();
      for (JsonNode one : root.path("audiences")) {
        listed.put(
            new AudienceRef(one.path("namespace").asText(), one.path("id").asText()), mapped(one));
      }
      return new MappingRecord(
          root.path("next").asLong(),
          listed,
          root.has("others") ? Optional.of(mapped(root.path("others"))) : Optional.empty(),
          root.path("target").asText(""),
          root.has("resend") ? Optional.of(resend(root.path("resend"))) : Optional.empty());
    } catch (IOException | RuntimeException e) {
      if (e instanceof StateStoreException known) {
        throw known;
      }
      throw new StateStoreException("state store: the mappings of a destination are damaged", e);
    }
  }

  private static AudienceMappings.Mapped mapped(JsonNode node) {
    return new AudienceMappings.Mapped(
        node.path("number").asLong(),
        Instant.parse(node.path("since").asText()),
        node.path("resend").asBoolean());
  }

  private static Resend resend(JsonNode node) {
    return new Resend(
        node.has("id")
            ? Optional.of(
                new AudienceRef(node.path("namespace").asText(), node.path("id").asText()))
            : Optional.empty(),
        Instant.parse(node.path("askedAt").asText()),
        node.path("number").asLong(),
        node.has("endedAt")
            ? Optional.of(Instant.parse(node.path("endedAt").asText()))
            : Optional.empty());
  }

  byte[] toBytes() {
    ObjectNode root = JSON.createObjectNode();
    root.put("format", FORMAT);
    root.put("next", next);
    root.put("target", target);
    ArrayNode audiences = root.putArray("audiences");
    listed.forEach((audience, mapped) -> write(named(audiences.addObject(), audience), mapped));
    others.ifPresent(mapped -> write(root.putObject("others"), mapped));
    resend.ifPresent(one -> write(root.putObject("resend"), one));
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new AssertionError("a tree can be written", e);
    }
  }

  private static ObjectNode named(ObjectNode node, AudienceRef audience) {
    return node.put("namespace", audience.namespace()).put("id", audience.id());
  }

  private static void write(ObjectNode node, AudienceMappings.Mapped mapped) {
    node.put("number", mapped.number());
    node.put("since", mapped.since().toString());
    node.put("resend", mapped.isResend());
  }

  private static void write(ObjectNode node, Resend resend) {
    resend.audience().ifPresent(audience -> named(node, audience));
    node.put("askedAt", resend.askedAt().toString());
    node.put("number", resend.number());
    resend.endedAt().ifPresent(at -> node.put("endedAt", at.toString()));
  }

  AudienceMappings mappings() {
    return new AudienceMappings(listed, others);
  }

  /**
   * With exactly these audiences mapped to this stream. Those that are mapped anew get a number of
   * their own; those that are not mapped any more are forgotten, so that they are new when they
   * come again. To another stream nothing was delivered yet.
   */
  MappingRecord mapping(AudienceScope scope, String stream, Instant at) {
    boolean isElsewhere = !target.isEmpty() && !target.equals(stream);
    MappingRecord before = isElsewhere ? renewed(at) : this;
    if (scope instanceof AudienceScope.All) {
      return before.others.isPresent() && before.target.equals(stream)
          ? before
          : new MappingRecord(
              before.next + 1,
              Map.of(),
              before.others.or(() -> Optional.of(mapped(before.next, at))),
              stream,
              resend);
    }
    Map<AudienceRef, AudienceMappings.Mapped> now = new LinkedHashMap<>();
    long number = before.next;
    for (AudienceRef audience : ((AudienceScope.Listed) scope).audiences()) {
      AudienceMappings.Mapped was = before.listed.get(audience);
      now.put(audience, was == null ? mapped(number++, at) : was);
    }
    return now.equals(before.listed) && before.others.isEmpty() && before.target.equals(stream)
        ? before
        : new MappingRecord(
            Math.max(number, before.next + 1), now, Optional.empty(), stream, resend);
  }

  private static AudienceMappings.Mapped mapped(long number, Instant at) {
    return new AudienceMappings.Mapped(number, at, false);
  }

  /** With new numbers for all: whatever is switched off, everybody is sent. */
  private MappingRecord renewed(Instant at) {
    Map<AudienceRef, AudienceMappings.Mapped> now = new LinkedHashMap<>();
    listed.keySet().forEach(one -> now.put(one, new AudienceMappings.Mapped(next, at, true)));
    return new MappingRecord(
        next + 1, now, others.map(one -> new AudienceMappings.Mapped(next, at, true)), "", resend);
  }

  /**
   * With a request to send members again.
   *
   * @param audience one that is mapped; empty for all
   */
  MappingRecord resending(Optional<AudienceRef> audience, Instant at) {
    Map<AudienceRef, AudienceMappings.Mapped> now = new LinkedHashMap<>(listed);
    Optional<AudienceMappings.Mapped> forOthers = others;
    if (audience.isPresent()) {
      now.put(audience.get(), again(since(audience.get(), at)));
    } else {
      now.replaceAll((one, mapped) -> again(mapped.since()));
      forOthers = others.map(mapped -> again(mapped.since()));
    }
    return new MappingRecord(
        next + 1,
        now,
        forOthers,
        target,
        Optional.of(new Resend(audience, at, next, Optional.empty())));
  }

  private Instant since(AudienceRef audience, Instant otherwise) {
    return mappings().of(audience).map(AudienceMappings.Mapped::since).orElse(otherwise);
  }

  private AudienceMappings.Mapped again(Instant since) {
    return new AudienceMappings.Mapped(next, since, true);
  }

  /** An input that began at a moment is through: what was asked for before has ended. */
  MappingRecord ended(Instant inputBegan, Instant at) {
    boolean ends =
        resend.isPresent()
            && resend.get().endedAt().isEmpty()
            && !inputBegan.isBefore(resend.get().askedAt());
    if (!ends) {
      return this;
    }
    Resend open = resend.get();
    return new MappingRecord(
        next,
        listed,
        others,
        target,
        Optional.of(new Resend(open.audience(), open.askedAt(), open.number(), Optional.of(at))));
  }
}
