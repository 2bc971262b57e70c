package org.audienceactivation.destination;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;

/**
 * What one destination was last sent of one profile, as far as it matters for what it is sent next:
 * memberships, and digests of attributes and identities. The values themselves are not kept, but
 * for the identities where the destination may have to tell an exit of somebody whom no source
 * shows. Immutable.
 *
 * <p>Its bytes are what a state store keeps, with the format in the first byte.
 */
public final class LastDelivered {

  /** Of a profile that was never sent. */
  public static final LastDelivered NOTHING =
      new LastDelivered(0, Map.of(), new long[0], new long[0], Optional.empty());

  private static final int FORMAT = 1;
  private static final int WITH_IDENTITIES = 1;

  private final long version;
  private final Map<AudienceRef, PastMembership> memberships;
  private final long[] attributes;
  private final long[] identities;
  private final Optional<IdentityMap> kept;

  /** Takes the arrays as its own; both are sorted. */
  LastDelivered(
      long version,
      Map<AudienceRef, PastMembership> memberships,
      long[] attributes,
      long[] identities,
      Optional<IdentityMap> kept) {
    this.version = version;
    this.memberships = memberships;
    this.attributes = attributes;
    this.identities = identities;
    this.kept = kept;
  }

  /** How many events of the profile the destination was sent. */
  public long version() {
    return version;
  }

  /** Whether it was ever sent anything. */
  public boolean isNothing() {
    return version == 0;
  }

  /** Whether it was told of a membership and not yet of its end. */
  public boolean isMember() {
    return memberships.values().stream().anyMatch(PastMembership::isMember);
  }

  /**
   * The same, of a profile that may also be in the audiences that another state knows it to be in:
   * of two events nobody knows yet which one is the last that is delivered.
   */
  public LastDelivered orMemberAs(LastDelivered other) {
    Map<AudienceRef, PastMembership> both = new LinkedHashMap<>(other.memberships);
    both.values().removeIf(past -> !past.isMember());
    memberships.forEach(
        (audience, past) -> {
          if (past.isMember() || !both.containsKey(audience)) {
            both.put(audience, past);
          }
        });
    return new LastDelivered(Math.max(version, other.version), both, attributes, identities, kept);
  }

  /**
   * Memberships of which an end must be told, and nothing else: whatever comes next is a change, a
   * membership too.
   */
  public LastDelivered uncertain() {
    Map<AudienceRef, PastMembership> doubtful = new LinkedHashMap<>();
    memberships.forEach(
        (audience, past) -> doubtful.put(audience, new PastMembership(0, past.exitedAt())));
    return new LastDelivered(version, doubtful, new long[0], new long[0], kept);
  }

  /** Whether each membership was delivered under the mapping that holds now. */
  public boolean isUnder(AudienceMappings mappings) {
    return memberships.entrySet().stream()
        .filter(one -> one.getValue().isMember())
        .allMatch(
            one -> mappings.of(one.getKey()).filter(now -> now.covers(one.getValue())).isPresent());
  }

  Map<AudienceRef, PastMembership> memberships() {
    return memberships;
  }

  long[] attributes() {
    return attributes;
  }

  long[] identities() {
    return identities;
  }

  /** The identities that it was last sent, if they are kept. */
  public Optional<IdentityMap> kept() {
    return kept;
  }

  /**
   * What a store kept.
   *
   * @param bytes empty for nothing
   * @throws IllegalArgumentException if these are not bytes of this format
   */
  public static LastDelivered of(byte[] bytes) {
    return bytes.length == 0 ? NOTHING : new Reader(bytes).read();
  }

  /** For a store; never empty. */
  public byte[] toByteArray() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64 + 24 * memberships.size());
    out.write(FORMAT);
    out.write(kept.isPresent() ? WITH_IDENTITIES : 0);
    number(out, version);
    number(out, memberships.size());
    memberships.forEach((audience, past) -> membership(out, audience, past));
    digests(out, attributes);
    if (kept.isPresent()) {
      identities(out, kept.get());
    } else {
      digests(out, identities);
    }
    return out.toByteArray();
  }

  private static void membership(
      ByteArrayOutputStream out, AudienceRef audience, PastMembership past) {
    byte[] encoded = AudienceCode.encoded(audience);
    out.write(encoded, 0, encoded.length);
    number(out, past.mapping());
    number(out, past.exitedAt());
  }

  private static void identities(ByteArrayOutputStream out, IdentityMap identities) {
    number(out, identities.namespaces().size());
    for (String namespace : identities.namespaces()) {
      text(out, namespace);
      number(out, identities.of(namespace).size());
      identities.of(namespace).forEach(identity -> text(out, identity.id()));
    }
  }

  private static void digests(ByteArrayOutputStream out, long[] digests) {
    number(out, digests.length);
    for (long digest : digests) {
      fixed(out, digest);
    }
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length);
    out.write(bytes, 0, bytes.length);
  }

  private static void fixed(ByteArrayOutputStream out, long value) {
    for (int shift = 56; shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
  }

  /** Seven bits a byte, the lowest first; the highest bit says that there is more. */
  private static void number(ByteArrayOutputStream out, long number) {
    long rest = number;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** Shows no values: with identities they are personal data. */
  @Override
  public String toString() {
    return "LastDelivered[version=" + version + ", memberships=" + memberships.size() + "]";
  }

  private static final class Reader {
    private final byte[] bytes;
    private int at;

    Reader(byte[] bytes) {
      this.bytes = bytes;
    }

    LastDelivered read() {
      try {
        return readAll();
      } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
        throw new IllegalArgumentException("a state that ends too early", e);
      }
    }

    private LastDelivered readAll() {
      int format = bytes[at++];
      if (format != FORMAT) {
        throw new IllegalArgumentException(
            "a state of format " + format + "; this version reads format " + FORMAT);
      }
      boolean hasIdentities = bytes[at++] == WITH_IDENTITIES;
      long version = number();
      Map<AudienceRef, PastMembership> memberships = memberships();
      long[] attributes = digests();
      if (!hasIdentities) {
        return new LastDelivered(version, memberships, attributes, digests(), Optional.empty());
      }
      IdentityMap kept = identities();
      return new LastDelivered(
          version, memberships, attributes, ProfileFacts.identities(kept), Optional.of(kept));
    }

    private Map<AudienceRef, PastMembership> memberships() {
      int count = (int) number();
      if (count == 0) {
        return Map.of();
      }
      Map<AudienceRef, PastMembership> memberships = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        memberships.put(audience(), new PastMembership(number(), number()));
      }
      return memberships;
    }

    private AudienceRef audience() {
      int from = at;
      at = AudienceCode.end(bytes, from);
      return AudienceCode.decoded(bytes, from, at);
    }

    private IdentityMap identities() {
      IdentityMap.Builder identities = new IdentityMap.Builder();
      int namespaces = (int) number();
      for (int i = 0; i < namespaces; i++) {
        String namespace = text((int) number());
        int count = (int) number();
        for (int j = 0; j < count; j++) {
          identities.add(namespace, Identity.of(text((int) number())));
        }
      }
      return identities.build();
    }

    private long[] digests() {
      long[] digests = new long[(int) number()];
      for (int i = 0; i < digests.length; i++) {
        digests[i] = fixed();
      }
      return digests;
    }

    private String text(int length) {
      String text = new String(bytes, at, length, StandardCharsets.UTF_8);
      at += length;
      return text;
    }

    private long fixed() {
      long value = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        value = (value << 8) | (bytes[at++] & 0xFF);
      }
      return value;
    }

    private long number() {
      long number = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = bytes[at++];
        number |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return number;
        }
      }
    }
  }
}
