package org.audienceactivation.route;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Names an identity so that only who has the key can tell which it is: HMAC-SHA256 of {@code
 * namespace:id}. Not thread-safe.
 */
final class IdentityHash {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int RANDOM_KEY_BYTES = 32;

  private final Mac mac;

  private IdentityHash(byte[] key) {
    try {
      mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  /** The bytes of a key that somebody has chosen. */
  static byte[] key(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A key that nobody knows. */
  static byte[] randomKey() {
    byte[] key = new byte[RANDOM_KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return key;
  }

  /**
   * A hash with this key.
   *
   * @param key not empty
   */
  static IdentityHash with(byte[] key) {
    return new IdentityHash(key);
  }

  /**
   * 64 hexadecimal digits.
   *
   * @param namespace its code in lower case
   */
  String of(String namespace, String id) {
    byte[] hash = mac.doFinal((namespace + ":" + id).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(hash);
  }
}
