package org.audienceactivation.destination;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.audienceactivation.profile.AudienceRef;

/**
 * An audience as few bytes, which are stored: one byte of length, then either the 16 bytes of a
 * UUID, as most ids are, or namespace and id. The same audiences come again and again, so both ways
 * are remembered. Thread-safe.
 *
 * <pre>
 * 16    the UUID of an audience in ups
 * n     namespace, a zero byte and the id, in UTF-8; n is below 255, and not 16
 * 255   four bytes of length, then the same
 * </pre>
 */
final class AudienceCode {

  private static final int UUID_BYTES = 16;
  private static final int LONG_FORM = 255;
  private static final int MOST_REMEMBERED = 4_096;

  private static final Map<AudienceRef, byte[]> ENCODED = new ConcurrentHashMap<>();

  /** Each in the place of a digest of its code, until another one takes it. */
  private static final Known[] DECODED = new Known[1 << 10];

  private static final class Known {
    private final byte[] code;
    private final AudienceRef audience;

    Known(byte[] code, AudienceRef audience) {
      this.code = code;
      this.audience = audience;
    }
  }

  private AudienceCode() {}

  /** Not to be changed. */
  static byte[] encoded(AudienceRef audience) {
    byte[] known = ENCODED.get(audience);
    if (known != null) {
      return known;
    }
    byte[] made = encode(audience);
    if (ENCODED.size() < MOST_REMEMBERED) {
      ENCODED.put(audience, made);
    }
    return made;
  }

  private static byte[] encode(AudienceRef audience) {
    Optional<UUID> uuid = uuid(audience);
    if (uuid.isPresent()) {
      return ByteBuffer.allocate(1 + UUID_BYTES)
          .put((byte) UUID_BYTES)
          .putLong(uuid.get().getMostSignificantBits())
          .putLong(uuid.get().getLeastSignificantBits())
          .array();
    }
    byte[] text = (audience.namespace() + '\0' + audience.id()).getBytes(StandardCharsets.UTF_8);
    if (text.length < LONG_FORM && text.length != UUID_BYTES) {
      return ByteBuffer.allocate(1 + text.length).put((byte) text.length).put(text).array();
    }
    return ByteBuffer.allocate(5 + text.length)
        .put((byte) LONG_FORM)
        .putInt(text.length)
        .put(text)
        .array();
  }

  /** Only the usual spelling: another one is another audience. */
  private static Optional<UUID> uuid(AudienceRef audience) {
    String id = audience.id();
    if (id.length() != 36 || !audience.namespace().equals(AudienceRef.DEFAULT_NAMESPACE)) {
      return Optional.empty();
    }
    try {
      UUID uuid = UUID.fromString(id);
      return uuid.toString().equals(id) ? Optional.of(uuid) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Where the code that begins at a place ends. */
  static int end(byte[] bytes, int from) {
    int length = bytes[from] & 0xFF;
    return length == LONG_FORM
        ? from + 5 + ByteBuffer.wrap(bytes, from + 1, Integer.BYTES).getInt()
        : from + 1 + length;
  }

  static AudienceRef decoded(byte[] bytes, int from, int to) {
    int place = (int) Digest64.of(0, bytes, from, to) & (DECODED.length - 1);
    Known known = DECODED[place];
    if (known == null || !Arrays.equals(known.code, 0, known.code.length, bytes, from, to)) {
      known = new Known(Arrays.copyOfRange(bytes, from, to), decode(bytes, from, to));
      DECODED[place] = known;
    }
    return known.audience;
  }

  private static AudienceRef decode(byte[] bytes, int from, int to) {
    int length = bytes[from] & 0xFF;
    if (length == UUID_BYTES) {
      ByteBuffer uuid = ByteBuffer.wrap(bytes, from + 1, UUID_BYTES);
      return AudienceRef.ups(new UUID(uuid.getLong(), uuid.getLong()).toString());
    }
    int begin = length == LONG_FORM ? from + 5 : from + 1;
    String text = new String(bytes, begin, to - begin, StandardCharsets.UTF_8);
    int zero = text.indexOf('\0');
    if (zero < 0) {
      throw new IllegalArgumentException("a state with an audience that has no namespace");
    }
    return new AudienceRef(text.substring(0, zero), text.substring(zero + 1));
  }
}
