package org.audienceactivation.localkinesis;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/** A place in the space of 2^128 that a stream's shards divide among them; unsigned. */
record HashKey(long high, long low) implements Comparable<HashKey> {

  private static final Pattern DECIMAL = Pattern.compile("0|[1-9]\\d{0,38}");
  private static final BigInteger SIZE = BigInteger.ONE.shiftLeft(128);

  /** Where a partition key belongs: the MD5 of its UTF-8 bytes. */
  static HashKey ofPartitionKey(byte[] utf8) {
    ByteBuffer digest = ByteBuffer.wrap(Md5.OF_THREAD.get().digest(utf8));
    return new HashKey(digest.getLong(), digest.getLong());
  }

  /** An {@code ExplicitHashKey}: decimal, 0 to 2^128 − 1. */
  static HashKey ofDecimal(String text) {
    if (!isDecimal(text)) {
      throw ApiException.validation(
          "explicitHashKey", "satisfy regular expression pattern: 0|([1-9]\\d{0,38})");
    }
    BigInteger value = new BigInteger(text);
    if (value.compareTo(SIZE) >= 0) {
      throw ApiException.invalidArgument(
          "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]");
    }
    return of(value);
  }

  /** Whether a text is written as hash keys are; it may still be too large for one. */
  static boolean isDecimal(String text) {
    return DECIMAL.matcher(text).matches();
  }

  static HashKey of(BigInteger value) {
    return new HashKey(value.shiftRight(64).longValue(), value.longValue());
  }

  /** The first key of part {@code index} when the space is divided evenly into {@code parts}. */
  static BigInteger startOfPart(int index, int parts) {
    return index == parts
        ? SIZE
        : SIZE.divide(BigInteger.valueOf(parts)).multiply(BigInteger.valueOf(index));
  }

  @Override
  public int compareTo(HashKey other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
  }

  private static final class Md5 {
    static final ThreadLocal<MessageDigest> OF_THREAD = ThreadLocal.withInitial(Md5::create);

    private static MessageDigest create() {
      try {
        return MessageDigest.getInstance("MD5");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has MD5", e);
      }
    }
  }
}
