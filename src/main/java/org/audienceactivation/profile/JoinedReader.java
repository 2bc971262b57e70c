package org.audienceactivation.profile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads several inputs, such as the messages of one poll, one after the other as if they were one:
 * the records of small ones fill a batch together, in their order. Each record says of which input
 * it is.
 */
public final class JoinedReader implements RawBatches {
  private final Iterator<RecordReader> inputs;
  private final NdjsonReader.Limits limits;
  private Iterator<RawRecord> records = Collections.emptyIterator();
  private List<RawRecord> ready = List.of();

  /** The first record that did not fit into the batch before; none if empty. */
  private List<RawRecord> carried = List.of();

  private RecordReader input;
  private boolean cutShort;
  private final AtomicLong bytesRead = new AtomicLong();

  /**
   * A reader that has read nothing yet.
   *
   * @param inputs asked for the next one only when the one before it has been read
   * @param limits of the batches; those of records are the inputs' own
   */
  public JoinedReader(Iterator<RecordReader> inputs, NdjsonReader.Limits limits) {
    this.inputs = inputs;
    this.limits = limits;
  }

  @Override
  public boolean hasNext() {
    if (ready.isEmpty()) {
      ready = readBatch();
    }
    return !ready.isEmpty();
  }

  @Override
  public List<RawRecord> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all batches have been read");
    }
    List<RawRecord> next = ready;
    ready = List.of();
    return next;
  }

  private List<RawRecord> readBatch() {
    List<RawRecord> batch = new ArrayList<>(carried);
    long bytes = carried.stream().mapToLong(RawRecord::length).sum();
    carried = List.of();
    while (batch.size() < limits.maxRecords() && hasRecord()) {
      RawRecord record = records.next();
      bytes += record.length();
      if (bytes > limits.maxBatchBytes() && !batch.isEmpty()) {
        carried = List.of(record);
        break;
      }
      batch.add(record);
    }
    return batch;
  }

  private boolean hasRecord() {
    while (!records.hasNext()) {
      if (input != null && input.hasNext()) {
        records = input.next().iterator();
      } else if (!beginNextInput()) {
        return false;
      }
    }
    return true;
  }

  /** What follows an input that was cut short is not begun: its records would overtake the rest. */
  private boolean beginNextInput() {
    endInput();
    if (cutShort || !inputs.hasNext()) {
      return false;
    }
    input = inputs.next();
    return true;
  }

  private void endInput() {
    if (input != null) {
      cutShort |= input.isCutShort();
      bytesRead.addAndGet(input.bytesRead());
      input.close();
      input = null;
    }
  }

  @Override
  public boolean isCutShort() {
    return cutShort;
  }

  @Override
  public long bytesRead() {
    return bytesRead.get();
  }

  @Override
  public void close() {
    endInput();
  }
}
