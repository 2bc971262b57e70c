package org.audienceactivation.kinesis.sender;

import java.util.List;

/** What came of one call. */
sealed interface CallAnswer {

  /** Kinesis took the call; {@code records} has one answer a record, in order. */
  record Answered(List<RecordAnswer> records) implements CallAnswer {}

  /** The call failed as a whole. Whether anything was stored is not known. */
  record Failed(Failure failure) implements CallAnswer {}

  /** What Kinesis says of one record. */
  sealed interface RecordAnswer {

    record Stored(String shardId, String sequenceNumber) implements RecordAnswer {}

    record NotStored(Failure failure) implements RecordAnswer {}
  }
}
