package org.audienceactivation.bench;

import java.util.Arrays;
import java.util.BitSet;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.StoredRecord;

/**
 * What a stream holds of {@link NumberedExports}, read as a consumer reads it: shard by shard, of
 * children after their parents.
 *
 * @param stored events of these exports, duplicates included
 * @param duplicates stored again
 * @param missing numbers of which there is no event
 * @param outOfOrder events whose first occurrence comes after that of a later one with their key
 * @param foreign records that are no event of these exports
 * @param shards that hold any record
 */
record Delivery(
    long stored, long duplicates, int missing, int outOfOrder, int foreign, int shards) {

  static Delivery in(LocalKinesis kinesis, NumberedExports exports) {
    Reader reader = new Reader(exports);
    kinesis.forEachRecord(reader::read);
    return reader.delivery();
  }

  /**
   * Whether every event is there as it should be; duplicates are allowed, disorder is another
   * matter.
   */
  boolean isComplete() {
    return missing == 0 && foreign == 0;
  }

  private static final class Reader {
    private final NumberedExports exports;
    private final BitSet seen;
    private final int[] lastOfKey;
    private long stored;
    private long duplicates;
    private int outOfOrder;
    private int foreign;
    private int shards;
    private String shard = "";

    Reader(NumberedExports exports) {
      this.exports = exports;
      this.seen = new BitSet(exports.profiles());
      this.lastOfKey = new int[exports.keys()];
      Arrays.fill(lastOfKey, -1);
    }

    void read(StoredRecord record) {
      if (!record.shardId().equals(shard)) {
        shard = record.shardId();
        shards++;
      }
      int number = exports.numberOf(record.partitionKey(), record.data());
      if (number < 0) {
        foreign++;
        return;
      }
      stored++;
      if (seen.get(number)) {
        duplicates++;
        return;
      }
      seen.set(number);
      int key = exports.keyOf(number);
      if (number < lastOfKey[key]) {
        outOfOrder++;
      }
      lastOfKey[key] = Math.max(lastOfKey[key], number);
    }

    Delivery delivery() {
      return new Delivery(
          stored, duplicates, exports.profiles() - seen.cardinality(), outOfOrder, foreign, shards);
    }
  }
}
