package org.audienceactivation.destination;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * 64 bits of a digest, to tell whether a value is still the one that was delivered. Eight bytes a
 * step, no security: who can choose values can only hide changes of his own profile. Its results
 * are stored, so it must never change.
 */
final class Digest64 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long A = 0x9E3779B97F4A7C15L;
  private static final long B = 0xD6E8FEB86659FD93L;

  private Digest64() {}

  /** Of a range of bytes, continued from another digest. */
  static long of(long seed, byte[] bytes, int from, int to) {
    long digest = mix(seed + A, (to - from) ^ B);
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      digest = mix(digest ^ (long) LONGS.get(bytes, at), B);
    }
    long rest = 0;
    for (int shift = 0; at < to; at++, shift += Byte.SIZE) {
      rest |= (bytes[at] & 0xFFL) << shift;
    }
    return mix(digest ^ rest, A);
  }

  /** Of a text, continued from another digest. */
  static long of(long seed, String text) {
    long digest = mix(seed + A, text.length() ^ B);
    int at = 0;
    for (; at + 4 <= text.length(); at += 4) {
      long four =
          text.charAt(at)
              | (long) text.charAt(at + 1) << 16
              | (long) text.charAt(at + 2) << 32
              | (long) text.charAt(at + 3) << 48;
      digest = mix(digest ^ four, B);
    }
    long rest = 0;
    for (int shift = 0; at < text.length(); at++, shift += Character.SIZE) {
      rest |= (long) text.charAt(at) << shift;
    }
    return mix(digest ^ rest, A);
  }

  private static long mix(long value, long factor) {
    long product = (value ^ A) * (factor | 1);
    long folded = product ^ Math.multiplyHigh(value, factor) ^ (product >>> 29);
    return folded * B ^ (folded >>> 32);
  }
}
