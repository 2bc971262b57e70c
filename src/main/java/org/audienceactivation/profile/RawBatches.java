package org.audienceactivation.profile;

import java.io.Closeable;
import java.util.Iterator;
import java.util.List;

/**
 * What a source handed over, as batches of raw records, none of them empty.
 *
 * <p>Neither {@link #hasNext()} nor {@link #next()} throws on account of the input, because a
 * splitter whose iterator throws loses the chunk in hand: what cannot be read is a record with a
 * {@link RawRecord#rejection()} instead.
 *
 * <p>One thread reads; {@link #bytesRead()} may be asked by any.
 */
public sealed interface RawBatches extends Iterator<List<RawRecord>>, Closeable
    permits RecordReader, JoinedReader {

  /**
   * Whether reading failed for another reason than the content, such as a disk that went away. What
   * was read until then has been handed out; the rest is no record of anybody's, and the input
   * should be read again.
   */
  boolean isCutShort();

  /** How much of the stored, still compressed input has been read. */
  long bytesRead();

  /** Closes the input; what it has to say about that no longer matters to any record. */
  @Override
  void close();
}
