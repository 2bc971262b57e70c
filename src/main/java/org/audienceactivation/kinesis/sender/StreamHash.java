package org.audienceactivation.kinesis.sender;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Where in the hash space of its stream a record lies: the upper 64 bits of its explicit hash key,
 * else of the MD5 of its partition key (API reference of PutRecords). To be compared unsigned.
 */
final class StreamHash {

  private static final int LOWER_BITS = 64;

  // asked for more than once a record only by shards that are in trouble
  private static final ThreadLocal<MessageDigest> MD5 = ThreadLocal.withInitial(StreamHash::md5);

  private StreamHash() {}

  /** Of a record that {@link RecordLimits} let pass. */
  static long of(StreamRecord record) {
    if (record.explicitHashKey().isPresent()) {
      return new BigInteger(record.explicitHashKey().get()).shiftRight(LOWER_BITS).longValue();
    }
    byte[] hash = MD5.get().digest(record.partitionKey().getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(hash).getLong();
  }

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
