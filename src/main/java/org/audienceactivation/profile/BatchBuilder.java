package org.audienceactivation.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.accounting.ReasonCode;

/**
 * Collects the lines of one batch after the other in a buffer of the batch's own. The last line may
 * be unfinished; it goes on in the next batch if the batch is taken before it ends.
 */
final class BatchBuilder {

  private static final int SMALLEST_BUFFER = 8 * 1024;

  /** A record whose buffer is not final yet: it grows while the batch is collected. */
  private record Draft(
      long line, int offset, int length, long fullLength, Optional<Rejection> rejection) {}

  private final String source;
  private final NdjsonReader.Limits limits;
  private List<Draft> drafts = new ArrayList<>();
  private byte[] buffer = new byte[SMALLEST_BUFFER];
  private int end;

  private int lineStart;
  private long lineLength;
  private boolean lineIsCut;
  private boolean endsWithReturn;

  BatchBuilder(String source, NdjsonReader.Limits limits) {
    this.source = source;
    this.limits = limits;
  }

  /** True if no further line should be added. */
  boolean isFull() {
    return drafts.size() >= limits.maxRecords()
        || (!drafts.isEmpty() && lineStart >= limits.maxBatchBytes());
  }

  /** True if the line that is being read no longer fits beside the ones before it. */
  boolean isOverfull() {
    return !drafts.isEmpty() && end > limits.maxBatchBytes();
  }

  void append(byte[] block, int from, int to) {
    if (from == to) {
      return;
    }
    lineLength += to - from;
    endsWithReturn = block[to - 1] == '\r';
    if (lineIsCut) {
      return;
    }
    ensureCapacity(to - from);
    System.arraycopy(block, from, buffer, end, to - from);
    end += to - from;
    if (contentLength() > limits.maxRecordBytes()) {
      lineIsCut = true;
      end = Math.min(end, lineStart + RawRecord.MAX_KEPT_BYTES);
    }
  }

  /** The line is complete: a record, or nothing if it is blank. */
  void endLine(long line) {
    if (line == 1) {
      dropByteOrderMark();
    }
    if (lineIsCut) {
      addCutLine(line);
    } else if (!lineIsBlank()) {
      int length = (int) contentLength();
      drafts.add(new Draft(line, lineStart, length, length, Optional.empty()));
      end = lineStart + length;
    } else {
      end = lineStart;
    }
    startLine();
  }

  /** The input broke off here: what there is of the line is the one record that says so. */
  void breakOff(long line, String detail) {
    Rejection rejection = Rejection.of(ReasonCode.UNREADABLE_INPUT, detail);
    drafts.add(new Draft(line, lineStart, end - lineStart, lineLength, Optional.of(rejection)));
    startLine();
  }

  /** True if the line, though unfinished, is a whole record already. */
  boolean lineIsCompleteObject() {
    return !lineIsCut
        && Utf8.firstInvalid(buffer, lineStart, end - lineStart) < 0
        && Json.isCompleteObject(buffer, lineStart, end - lineStart);
  }

  /** The finished lines as records; the unfinished one stays for the next batch. */
  List<RawRecord> take() {
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
      return RawRecord.usableOrInvalid(source, draft.line(), taken, draft.offset(), draft.length());
    }
    return RawRecord.unusable(
        source,
        draft.line(),
        taken,
        draft.offset(),
        draft.length(),
        draft.fullLength(),
        draft.rejection().get());
  }

  private void startBatch() {
    int carried = end - lineStart;
    byte[] next = new byte[Math.max(SMALLEST_BUFFER, Math.max(lineStart + lineStart / 8, carried))];
    System.arraycopy(buffer, lineStart, next, 0, carried);
    buffer = next;
    drafts = new ArrayList<>(limits.maxRecords());
    lineStart = 0;
    end = carried;
  }

  private byte[] rightSized() {
    return buffer.length > lineStart + lineStart / 2 ? Arrays.copyOf(buffer, lineStart) : buffer;
  }

  private void startLine() {
    lineStart = end;
    lineLength = 0;
    lineIsCut = false;
    endsWithReturn = false;
  }

  private void addCutLine(long line) {
    Rejection rejection =
        Rejection.of(
            ReasonCode.LINE_TOO_LONG,
            contentLength() + " bytes, the limit is " + limits.maxRecordBytes());
    drafts.add(
        new Draft(line, lineStart, end - lineStart, contentLength(), Optional.of(rejection)));
  }

  private void dropByteOrderMark() {
    boolean marked =
        end - lineStart >= 3
            && (buffer[lineStart] & 0xFF) == 0xEF
            && (buffer[lineStart + 1] & 0xFF) == 0xBB
            && (buffer[lineStart + 2] & 0xFF) == 0xBF;
    if (marked) {
      lineStart += 3;
      lineLength -= 3;
    }
  }

  private boolean lineIsBlank() {
    for (int i = lineStart; i < end; i++) {
      if (buffer[i] != ' ' && buffer[i] != '\t' && buffer[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private long contentLength() {
    return endsWithReturn ? lineLength - 1 : lineLength;
  }

  private void ensureCapacity(int more) {
    if (buffer.length - end < more) {
      buffer = Arrays.copyOf(buffer, Math.max(end + more, buffer.length * 2));
    }
  }
}
