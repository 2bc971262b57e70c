package org.audienceactivation.profile;

import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Optional;
import org.audienceactivation.accounting.ReasonCode;

/**
 * Newline-delimited JSON: one record a line.
 *
 * <p>A line above the limit or with invalid UTF-8 costs itself only. Byte-order mark, CRLF and
 * blank lines cost nothing.
 */
public final class NdjsonReader extends RecordReader {

  /**
   * How batches and records are bounded.
   *
   * @param maxRecords records in one batch
   * @param maxBatchBytes bytes in one batch; a single longer record is a batch of its own
   * @param maxRecordBytes bytes in one line, without its line break
   */
  public record Limits(int maxRecords, int maxBatchBytes, int maxRecordBytes) {

    /** 500 records or 4 MiB a batch, 1 MiB a record. */
    public static final Limits DEFAULT = new Limits(500, 4 * 1024 * 1024, 1024 * 1024);

    public Limits {
      if (maxRecords < 1 || maxBatchBytes < 1 || maxRecordBytes < 1) {
        throw new IllegalArgumentException("limits must be positive");
      }
    }

    public Limits withMaxRecordBytes(int bytes) {
      return new Limits(maxRecords, maxBatchBytes, bytes);
    }
  }

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NEWLINES = 0x0A0A0A0A0A0A0A0AL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final BatchBuilder batch;
  private long line = 1;
  private Optional<Rejection> failure = Optional.empty();

  private NdjsonReader(CountedInput raw, InputStream unpacked, BatchBuilder batch) {
    super(raw, unpacked);
    this.batch = batch;
  }

  private NdjsonReader(MessageInput input, BatchBuilder batch) {
    super(input);
    this.batch = batch;
  }

  /** The lines of a message. */
  static NdjsonReader of(String source, MessageInput input, Limits limits) {
    return new NdjsonReader(input, new BatchBuilder(source, limits));
  }

  /**
   * Reads nothing yet, and so cannot fail.
   *
   * @param source how the records name where they come from
   * @param raw the bytes as they are stored; closed by {@link #close()}
   */
  public static NdjsonReader open(
      String source, InputStream raw, Compression compression, Limits limits) {
    CountedInput counted = new CountedInput(raw);
    InputStream unpacked =
        switch (compression) {
          case NONE -> counted;
          case GZIP -> new GzipInput(counted);
        };
    return new NdjsonReader(counted, unpacked, new BatchBuilder(source, limits));
  }

  /** With {@link Limits#DEFAULT}. */
  public static NdjsonReader open(String source, InputStream raw, Compression compression) {
    return open(source, raw, compression, Limits.DEFAULT);
  }

  @Override
  BatchBuilder batch() {
    return batch;
  }

  @Override
  int read(byte[] bytes, int from, int to) {
    int newline = indexOfNewline(bytes, from, to);
    batch.append(bytes, from, newline);
    if (newline == to || batch.isOverfull()) {
      return newline;
    }
    batch.endRecord(line++);
    return newline + 1;
  }

  @Override
  void end() {
    batch.endRecord(line);
  }

  @Override
  void breakOff(String detail) {
    failure = Optional.of(Rejection.of(ReasonCode.UNREADABLE_INPUT, detail));
    if (batch.recordIsCompleteObject()) {
      batch.endRecord(line++);
    }
  }

  @Override
  void readLast() {
    failure.ifPresent(rejection -> batch.breakOff(line, rejection));
    failure = Optional.empty();
  }

  /** The index of the first line feed, or {@code to}; eight bytes at a time. */
  private static int indexOfNewline(byte[] bytes, int from, int to) {
    int at = from;
    while (at <= to - Long.BYTES) {
      long zeroAtNewline = (long) LONGS.get(bytes, at) ^ NEWLINES;
      long found = (zeroAtNewline - ONES) & ~zeroAtNewline & HIGH_BITS;
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
      at += Long.BYTES;
    }
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }
}
