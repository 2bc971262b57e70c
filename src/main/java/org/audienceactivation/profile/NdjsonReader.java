package org.audienceactivation.profile;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * Newline-delimited JSON as batches of raw records, streamed: what is held in memory is one read
 * block and the batch that is being collected.
 *
 * <p>Neither {@link #hasNext()} nor {@link #next()} throws on account of the input, because a
 * splitter whose iterator throws loses the chunk in hand. What cannot be read is a record with a
 * {@link RawRecord#rejection()} instead: a line above the limit or with invalid UTF-8 costs itself
 * only, and an input that breaks off costs exactly one record after the last good one. Byte-order
 * mark, CRLF and blank lines cost nothing.
 *
 * <p>One thread reads; {@link #bytesRead()} may be asked by any.
 */
public final class NdjsonReader implements Iterator<List<RawRecord>>, Closeable {

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

  private static final int BLOCK = 64 * 1024;
  private static final int LONGEST_DETAIL = 200;
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long NEWLINES = 0x0A0A0A0A0A0A0A0AL;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  private final CountedInput raw;
  private final InputStream unpacked;
  private final BatchBuilder batch;
  private final byte[] block = new byte[BLOCK];
  private int blockAt;
  private int blockEnd;
  private long line = 1;
  private boolean ended;
  private volatile boolean cutShort;
  private Optional<String> failure = Optional.empty();
  private List<RawRecord> ready = List.of();

  private NdjsonReader(CountedInput raw, InputStream unpacked, BatchBuilder batch) {
    this.raw = raw;
    this.unpacked = unpacked;
    this.batch = batch;
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

  /** Reads on until there is a batch or the end. */
  @Override
  public boolean hasNext() {
    if (ready.isEmpty()) {
      ready = readBatch();
    }
    return !ready.isEmpty();
  }

  /**
   * The next batch, never empty.
   *
   * @throws NoSuchElementException if {@link #hasNext()} says that there is none
   */
  @Override
  public List<RawRecord> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all batches have been read");
    }
    List<RawRecord> next = ready;
    ready = List.of();
    return next;
  }

  /**
   * Whether reading failed for another reason than the content, such as a disk that went away. What
   * was read until then has been handed out; the rest is no record of anybody's, and the input
   * should be read again.
   */
  public boolean isCutShort() {
    return cutShort;
  }

  /** How much of the stored, still compressed input has been read. */
  public long bytesRead() {
    return raw.count();
  }

  /** Closes the input; what it has to say about that no longer matters to any record. */
  @Override
  public void close() {
    try {
      unpacked.close();
    } catch (IOException e) {
      ended = true;
    }
  }

  private List<RawRecord> readBatch() {
    while (!ended && !batch.isFull()) {
      if (blockAt == blockEnd) {
        fillBlock();
        continue;
      }
      int newline = indexOfNewline(block, blockAt, blockEnd);
      batch.append(block, blockAt, newline);
      blockAt = newline;
      if (batch.isOverfull()) {
        return batch.take();
      }
      if (newline < blockEnd) {
        batch.endLine(line++);
        blockAt++;
      }
    }
    if (failure.isPresent() && !batch.isFull()) {
      batch.breakOff(line, failure.get());
      failure = Optional.empty();
    }
    return batch.take();
  }

  private void fillBlock() {
    blockAt = 0;
    blockEnd = 0;
    try {
      int read = unpacked.read(block, 0, block.length);
      if (read < 0) {
        end();
      } else {
        blockEnd = read;
      }
    } catch (IOException | RuntimeException e) {
      breakOff(e);
    }
  }

  private void end() {
    ended = true;
    batch.endLine(line);
  }

  private void breakOff(Exception cause) {
    ended = true;
    if (!(cause instanceof ZipException || cause instanceof EOFException)) {
      // not the content is at fault but the way to it: the same file may be whole the next time
      cutShort = true;
      return;
    }
    failure = Optional.of("the input cannot be read on: " + describe(cause));
    if (batch.lineIsCompleteObject()) {
      batch.endLine(line++);
    }
  }

  private static String describe(Exception cause) {
    String text =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return text.substring(0, Math.min(text.length(), LONGEST_DETAIL));
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
