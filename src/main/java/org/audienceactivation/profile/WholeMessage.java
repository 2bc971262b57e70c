package org.audienceactivation.profile;

import java.util.Optional;
import org.audienceactivation.accounting.ReasonCode;

/** A message that is one record, whatever it is. */
final class WholeMessage extends RecordReader {

  private final BatchBuilder batch;
  private Optional<Rejection> failure = Optional.empty();

  /** A message at hand. */
  WholeMessage(RawRecord record) {
    super(record);
    this.batch = new BatchBuilder(record.source(), NdjsonReader.Limits.DEFAULT);
  }

  /** A message that is still to be read, of which no more is kept than of any record. */
  WholeMessage(String source, MessageInput input, NdjsonReader.Limits limits) {
    super(input);
    this.batch = new BatchBuilder(source, limits);
  }

  @Override
  BatchBuilder batch() {
    return batch;
  }

  @Override
  int read(byte[] bytes, int from, int to) {
    batch.append(bytes, from, to);
    return to;
  }

  @Override
  void end() {
    batch.endRecord(1);
  }

  @Override
  void breakOff(String detail) {
    failure = Optional.of(Rejection.of(ReasonCode.UNREADABLE_INPUT, detail));
  }

  @Override
  void readLast() {
    failure.ifPresent(rejection -> batch.breakOff(1, rejection));
    failure = Optional.empty();
  }
}
