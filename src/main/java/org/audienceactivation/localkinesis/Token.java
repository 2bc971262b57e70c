package org.audienceactivation.localkinesis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Opaque texts that callers hand back: pages and shard iterators. They carry what they stand for,
 * so the server keeps nothing for a caller that never comes back; they are not secrets, and whoever
 * reads one checks what it says.
 */
final class Token {

  private static final String SEPARATOR = "|";

  private Token() {}

  static String seal(String kind, Object... parts) {
    StringBuilder text = new StringBuilder(kind);
    for (Object part : parts) {
      text.append(SEPARATOR).append(part);
    }
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The parts of a token of this kind; empty for any other text. */
  static Optional<List<String>> open(String kind, int parts, String token) {
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    List<String> all = Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\\|", -1));
    return all.size() == parts + 1 && all.get(0).equals(kind)
        ? Optional.of(all.subList(1, all.size()))
        : Optional.empty();
  }
}
