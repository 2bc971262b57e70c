package org.audienceactivation.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.accounting.ReasonCode;

/**
 * Collects the records of one batch after the other in a buffer of the batch's own. The last one
 * may be unfinished; it goes on in the next batch if the batch is taken before it ends.
 */
final class BatchBuilder {

  private static final int SMALLEST_BUFFER = 8 * 1024;

  /** A record whose buffer is not final yet: it grows while the batch is collected. */
  private record Draft(
      long position, int offset, int length, long fullLength, Optional<Rejection> rejection) {}

  private final String source;
  private final NdjsonReader.Limits limits;
  private List<Draft> drafts = new ArrayList<>();

  /** Empty at first: a message that is at hand as a whole needs none. */
  private byte[] buffer = new byte[0];

  private int end;

  private int recordStart;
  private long recordLength;
  private boolean isCut;
  private boolean endsWithReturn;

  BatchBuilder(String source, NdjsonReader.Limits limits) {
    this.source = source;
    this.limits = limits;
  }

  /** True if no further record should be added. */
  boolean isFull() {
    return drafts.size() >= limits.maxRecords()
        || (!drafts.isEmpty() && recordStart >= limits.maxBatchBytes());
  }

  /** True if the record that is being read no longer fits beside the ones before it. */
  boolean isOverfull() {
    return !drafts.isEmpty() && end > limits.maxBatchBytes();
  }

  /** Of the record that is being read. */
  long unfinishedBytes() {
    return recordLength;
  }

  void append(byte[] block, int from, int to) {
    if (from == to) {
      return;
    }
    recordLength += to - from;
    endsWithReturn = block[to - 1] == '\r';
    if (!isCut) {
      copy(block, from, to - from);
      isCut = contentLength() > limits.maxRecordBytes();
      end = isCut ? Math.min(end, recordStart + RawRecord.MAX_KEPT_BYTES) : end;
      return;
    }
    copy(block, from, Math.min(to - from, recordStart + RawRecord.MAX_KEPT_BYTES - end));
  }

  private void copy(byte[] block, int from, int length) {
    ensureCapacity(length);
    System.arraycopy(block, from, buffer, end, length);
    end += length;
  }

  /** The record is complete; it is none if it is blank. */
  void endRecord(long position) {
    if (position == 1) {
      dropByteOrderMark();
    }
    if (isCut) {
      addCutRecord(position);
    } else if (!isBlank()) {
      int length = (int) contentLength();
      drafts.add(new Draft(position, recordStart, length, length, Optional.empty()));
      end = recordStart + length;
    } else {
      end = recordStart;
    }
    startRecord();
  }

  /** The input broke off here: what there is of the record is the one that says so. */
  void breakOff(long position, Rejection rejection) {
    drafts.add(
        new Draft(position, recordStart, end - recordStart, recordLength, Optional.of(rejection)));
    startRecord();
  }

  /** True if the record, though unfinished, is a whole one already. */
  boolean recordIsCompleteObject() {
    return !isCut
        && Utf8.firstInvalid(buffer, recordStart, end - recordStart) < 0
        && Json.isCompleteObject(buffer, recordStart, end - recordStart);
  }

  /** The finished records; the unfinished one stays for the next batch. */
  List<RawRecord> take() {
    if (drafts.isEmpty() && end == 0) {
      return List.of();
    }
    byte[] taken = rightSized();
    List<RawRecord> records = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      records.add(record(draft, taken));
    }
    startBatch();
    return records;
  }

  private RawRecord record(Draft draft, byte[] taken) {
    if (draft.rejection().isEmpty()) {
      return RawRecord.usableOrInvalid(
          source, draft.position(), taken, draft.offset(), draft.length());
    }
    return RawRecord.unusable(
        source,
        draft.position(),
        taken,
        draft.offset(),
        draft.length(),
        draft.fullLength(),
        draft.rejection().get());
  }

  private void startBatch() {
    int carried = end - recordStart;
    byte[] next =
        new byte[Math.max(SMALLEST_BUFFER, Math.max(recordStart + recordStart / 8, carried))];
    System.arraycopy(buffer, recordStart, next, 0, carried);
    buffer = next;
    drafts = new ArrayList<>(limits.maxRecords());
    recordStart = 0;
    end = carried;
  }

  private byte[] rightSized() {
    return buffer.length > recordStart + recordStart / 2
        ? Arrays.copyOf(buffer, recordStart)
        : buffer;
  }

  private void startRecord() {
    recordStart = end;
    recordLength = 0;
    isCut = false;
    endsWithReturn = false;
  }

  private void addCutRecord(long position) {
    Rejection rejection =
        Rejection.of(
            ReasonCode.LINE_TOO_LONG,
            contentLength() + " bytes, the limit is " + limits.maxRecordBytes());
    drafts.add(
        new Draft(
            position, recordStart, end - recordStart, contentLength(), Optional.of(rejection)));
  }

  private void dropByteOrderMark() {
    boolean marked =
        end - recordStart >= 3
            && (buffer[recordStart] & 0xFF) == 0xEF
            && (buffer[recordStart + 1] & 0xFF) == 0xBB
            && (buffer[recordStart + 2] & 0xFF) == 0xBF;
    if (marked) {
      recordStart += 3;
      recordLength -= 3;
    }
  }

  private boolean isBlank() {
    for (int i = recordStart; i < end; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private long contentLength() {
    return endsWithReturn ? recordLength - 1 : recordLength;
  }

  private void ensureCapacity(int more) {
    if (buffer.length - end < more) {
      int wanted = Math.max(SMALLEST_BUFFER, buffer.length * 2);
      buffer = Arrays.copyOf(buffer, Math.max(end + more, wanted));
    }
  }
}
