package org.audienceactivation.kinesis.sender;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.audienceactivation.kinesis.sender.SkewReport.HeavyKey;

/**
 * Finds the keys that carry much of the traffic, in constant memory (J. Misra and D. Gries, Finding
 * repeated elements, 1982): a share is underestimated by at most one part in the number of keys
 * that are kept. Not thread-safe.
 */
final class HeavyKeys {

  private static final int KEPT = 200;
  private static final double WORTH_TELLING = 0.01;
  private static final int SHOWN_BYTES = 6;

  private final Map<String, Long> counts = new HashMap<>();
  private long seen;

  /** A key that stands for so many records. */
  void add(String key, int weight) {
    seen += weight;
    if (counts.containsKey(key) || counts.size() < KEPT) {
      counts.merge(key, (long) weight, Long::sum);
      return;
    }
    counts.replaceAll((other, count) -> count - weight);
    counts.values().removeIf(count -> count <= 0);
  }

  List<HeavyKey> report() {
    return counts.entrySet().stream()
        .filter(entry -> entry.getValue() >= WORTH_TELLING * seen)
        .sorted(Comparator.comparingLong((Map.Entry<String, Long> e) -> e.getValue()).reversed())
        .map(entry -> new HeavyKey(shown(entry.getKey()), (double) entry.getValue() / seen))
        .toList();
  }

  private static String shown(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, SHOWN_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
