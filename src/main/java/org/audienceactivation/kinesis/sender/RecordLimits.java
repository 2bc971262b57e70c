package org.audienceactivation.kinesis.sender;

import java.math.BigInteger;
import java.util.Optional;
import java.util.function.LongFunction;
import org.audienceactivation.kinesis.sender.DeliveryResult.Cause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;

/**
 * What Kinesis takes as a record (API reference of PutRecords, PutRecordsRequestEntry): a key of 1
 * to 256 characters, a hash key from 0 to 2^128 − 1, key in UTF-8 and data within the record limit
 * of the stream. A record outside is refused before any call, since one such record fails a whole
 * call.
 *
 * <p>Characters are counted as Unicode code points, as the API reference ("Unicode strings, with a
 * maximum length limit of 256 characters") and the Smithy model of the service have it. A stricter
 * count would refuse for good what the service may take; if the service counts more, it refuses the
 * record itself, which then is refused alone. Half a surrogate pair is no character and cannot be
 * written as UTF-8 or CBOR, so a key with one is not a key.
 */
final class RecordLimits {

  static final int MAX_KEY_CHARACTERS = 256;
  private static final BigInteger HASH_KEYS = BigInteger.ONE.shiftLeft(128);
  private static final int LONGEST_HASH_KEY = 39;

  private final LongFunction<Optional<Integer>> exceededSize;

  /**
   * The limits of one stream.
   *
   * @param exceededSize gives the size limit if so many bytes are more
   */
  RecordLimits(LongFunction<Optional<Integer>> exceededSize) {
    this.exceededSize = exceededSize;
  }

  /** Key in UTF-8 plus data. */
  static long bytes(StreamRecord record) {
    return utf8Length(record.partitionKey()) + (long) record.data().length;
  }

  /**
   * Why the record cannot be sent at all; empty if it can. For a large record the stream may be
   * asked, which takes as long as a call.
   */
  Optional<Refused> refusal(StreamRecord record) {
    String key = record.partitionKey();
    int characters = key.codePointCount(0, key.length());
    if (characters < 1 || characters > MAX_KEY_CHARACTERS) {
      return Optional.of(
          refused(
              Cause.INVALID_KEY,
              "InvalidPartitionKey",
              "the partition key has %d characters; allowed is 1 to %d"
                  .formatted(characters, MAX_KEY_CHARACTERS)));
    }
    if (holdsHalfASurrogatePair(key)) {
      return Optional.of(
          refused(
              Cause.INVALID_KEY,
              "InvalidPartitionKey",
              "the partition key is not valid Unicode: it holds half a surrogate pair"));
    }
    if (record.explicitHashKey().filter(hash -> !isHashKey(hash)).isPresent()) {
      return Optional.of(
          refused(
              Cause.INVALID_KEY,
              "InvalidExplicitHashKey",
              "the explicit hash key is not a decimal number from 0 to 2^128-1"));
    }
    long bytes = bytes(record);
    return exceededSize
        .apply(bytes)
        .map(
            allowed ->
                refused(
                    Cause.TOO_LARGE,
                    "RecordTooLarge",
                    "the record has %d bytes (partition key and data); allowed is %d"
                        .formatted(bytes, allowed)));
  }

  private static Refused refused(Cause cause, String code, String message) {
    return new Refused(cause, code, message, 0);
  }

  private static boolean holdsHalfASurrogatePair(String text) {
    int i = 0;
    while (i < text.length()) {
      int codePoint = text.codePointAt(i);
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        return true;
      }
      i += Character.charCount(codePoint);
    }
    return false;
  }

  // the service's pattern is 0|([1-9]\d{0,38})
  private static boolean isHashKey(String hash) {
    boolean decimal =
        !hash.isEmpty()
            && hash.length() <= LONGEST_HASH_KEY
            && hash.chars().allMatch(c -> c >= '0' && c <= '9')
            && (hash.length() == 1 || hash.charAt(0) != '0');
    return decimal && new BigInteger(hash).compareTo(HASH_KEYS) < 0;
  }

  private static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes += 1;
      } else if (c < 0x800) {
        bytes += 2;
      } else if (Character.isSurrogate(c)) {
        bytes += 2; // two halves make the four bytes of a supplementary character
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }
}
