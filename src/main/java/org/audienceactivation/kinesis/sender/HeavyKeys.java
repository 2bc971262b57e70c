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
 * repeated elements, 1982, with weights): a share is never overestimated, and underestimated by at
 * most one part in the number of keys that are kept. Not thread-safe.
 */
final class HeavyKeys {

  static final int KEPT = 200;
  private static final double WORTH_TELLING = 0.01;
  private static final int SHOWN_BYTES = 6;

  /** A key that was met less often may have been met by chance: it stands for many records. */
  private static final int MET_OFTEN_ENOUGH = 5;

  private final Map<String, Count> counts = new HashMap<>();
  private long seen;

  private static final class Count {
    private final String key;
    private long records;
    private long met;
    private String shardId;

    private Count(String key) {
      this.key = key;
    }
  }

  /** A key that stands for so many records, one of which went to this shard. */
  void add(String key, String shardId, int weight) {
    seen += weight;
    int left = weight;
    if (!counts.containsKey(key) && counts.size() == KEPT) {
      left -= takeFromAll(weight);
    }
    if (left > 0) { // there is room: the least that was kept is gone
      Count count = counts.computeIfAbsent(key, Count::new);
      count.records += left;
      count.met++;
      count.shardId = shardId;
    }
  }

  /** Takes so much from each, or what the least has; how much it was. */
  private int takeFromAll(int most) {
    long least = counts.values().stream().mapToLong(count -> count.records).min().orElse(0);
    int taken = (int) Math.min(most, least);
    counts.values().removeIf(count -> (count.records -= taken) == 0);
    return taken;
  }

  /** How many records of the key there were at least. */
  long atLeast(String key) {
    Count count = counts.get(key);
    return count == null ? 0 : count.records;
  }

  List<HeavyKey> report() {
    return counts.values().stream()
        .filter(count -> count.met >= MET_OFTEN_ENOUGH)
        .filter(count -> count.records >= WORTH_TELLING * seen)
        .sorted(Comparator.comparingLong((Count count) -> count.records).reversed())
        .map(count -> new HeavyKey(shown(count.key), (double) count.records / seen, count.shardId))
        .toList();
  }

  /** What may be shown of a key, which may be personal. */
  static String shown(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash, 0, SHOWN_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
