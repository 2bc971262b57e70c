package org.audienceactivation.kinesis.sender;

import java.util.List;

/**
 * A body whose records each get their own result. The producer sends those that have none yet, so a
 * batch that comes a second time is continued, not repeated; a refused record is a result here and
 * not an exception.
 */
public interface RecordBatch {

  /** The records in the order in which they are to be sent; none is null. */
  List<StreamRecord> records();

  /**
   * The batch's place among those of its source: its records are given to the sender when the
   * places before it are over, however fast each batch was prepared.
   */
  default Turn turn() {
    return Turn.NONE;
  }
}
