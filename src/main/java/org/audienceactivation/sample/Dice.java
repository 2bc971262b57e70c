package org.audienceactivation.sample;

import java.util.Collections;
import java.util.List;
import java.util.UUID;

/**
 * Repeatable chance: SplitMix64, spelled out here because the JDK does not promise that its own
 * generators give the same numbers in every release, and the committed samples must.
 *
 * <p>Not thread-safe.
 */
final class Dice {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  Dice(long seed) {
    this.state = seed;
  }

  long next() {
    state += GOLDEN_GAMMA;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** A number from 0 (inclusive) to {@code bound} (exclusive). */
  int below(int bound) {
    return (int) (((next() >>> 32) * bound) >>> 32);
  }

  boolean chance(double probability) {
    return (next() >>> 11) * 0x1.0p-53 < probability;
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(below(choices.size()));
  }

  void shuffle(List<?> list) {
    for (int i = list.size(); i > 1; i--) {
      Collections.swap(list, i - 1, below(i));
    }
  }

  /** {@code count} decimal digits, the first of which is not zero. */
  String digits(int count) {
    StringBuilder digits = new StringBuilder(count);
    digits.append((char) ('1' + below(9)));
    while (digits.length() < count) {
      digits.append((char) ('0' + below(10)));
    }
    return digits.toString();
  }

  /** A version 4 UUID. */
  String uuid() {
    long high = (next() & ~0xF000L) | 0x4000L;
    long low = (next() >>> 2) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
