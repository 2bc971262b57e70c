package org.audienceactivation.localkinesis;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * The sequence numbers of one shard: 56 digits that begin with 49, as the service's do. Behind them
 * stand when and where the shard was made, so that no two shards share a number and a shard made
 * later has the higher ones, and the record's place in the shard, so that numbers strictly
 * increase.
 *
 * <pre>49 | milliseconds of creation (13) | shard (10) | zeros (12) | place (19)</pre>
 */
final class SequenceNumbers {

  static final int DIGITS = 56;

  private static final int PLACE_DIGITS = 19;
  private static final int PREFIX_DIGITS = DIGITS - PLACE_DIGITS;

  private final byte[] prefix;
  private final String prefixText;

  SequenceNumbers(long createdMillis, int shard) {
    this.prefixText = "49%013d%010d%012d".formatted(createdMillis, shard, 0);
    this.prefix = prefixText.getBytes(StandardCharsets.US_ASCII);
  }

  /** The number of the record at a place (0 is the shard's beginning, before any record). */
  String text(long place) {
    byte[] digits = new byte[DIGITS];
    write(place, digits);
    return new String(digits, StandardCharsets.US_ASCII);
  }

  /** As {@link #text(long)}, into an array of {@link #DIGITS} bytes. */
  void write(long place, byte[] digits) {
    System.arraycopy(prefix, 0, digits, 0, PREFIX_DIGITS);
    long rest = place;
    for (int i = DIGITS - 1; i >= PREFIX_DIGITS; i--) {
      digits[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  /** The place that a number stands for; empty for one that is not of this shard. */
  OptionalLong place(String number) {
    if (number.length() != DIGITS || !number.startsWith(prefixText)) {
      return OptionalLong.empty();
    }
    String digits = number.substring(PREFIX_DIGITS);
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalLong.empty();
    }
    BigInteger place = new BigInteger(digits);
    return place.bitLength() < Long.SIZE
        ? OptionalLong.of(place.longValue())
        : OptionalLong.empty();
  }
}
