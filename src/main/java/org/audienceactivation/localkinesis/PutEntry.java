package org.audienceactivation.localkinesis;

/**
 * A record that a caller wants stored. Its data stay where they were received: {@code length} bytes
 * of {@code source} from {@code offset} on.
 *
 * @param key the partition key in UTF-8
 * @param hashKey where it belongs: the explicit hash key if there is one, else that of the key
 */
@SuppressWarnings("ArrayRecordComponent") // entries are never compared
record PutEntry(byte[] key, HashKey hashKey, byte[] source, int offset, int length) {

  /** What counts against the service's limits. */
  int size() {
    return key.length + length;
  }
}
