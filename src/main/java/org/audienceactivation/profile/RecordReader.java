package org.audienceactivation.profile;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.zip.ZipException;

/**
 * What a source handed over, a file or a message, as batches of raw records, streamed: what is held
 * in memory is one read block and the batch that is being collected.
 *
 * <p>An input that breaks off costs exactly one record after the last good one.
 */
public abstract sealed class RecordReader implements RawBatches
    permits NdjsonReader, JsonArrayReader, WholeMessage {

  private static final int BLOCK = 64 * 1024;
  private static final int LONGEST_DETAIL = 200;

  private final CountedInput raw;
  private final InputStream unpacked;
  private byte[] block;
  private int blockAt;
  private int blockEnd;
  private boolean ended;
  private volatile boolean cutShort;
  private List<RawRecord> ready = List.of();

  /**
   * A reader that has read nothing yet.
   *
   * @param raw what is counted
   * @param unpacked what is read: the same, or what it holds unpacked
   */
  RecordReader(CountedInput raw, InputStream unpacked) {
    this.raw = raw;
    this.unpacked = unpacked;
    this.block = new byte[BLOCK];
  }

  /** A reader of an input whose beginning is at hand. */
  RecordReader(MessageInput input) {
    this.raw = input.rest();
    this.unpacked = raw;
    this.block = input.head();
    this.blockAt = input.start();
    this.blockEnd = input.head().length;
  }

  /** A reader that has read everything: one record. */
  RecordReader(RawRecord only) {
    this(new CountedInput(InputStream.nullInputStream()), only);
  }

  private RecordReader(CountedInput nothing, RawRecord only) {
    this.raw = nothing;
    this.unpacked = nothing;
    this.block = only.buffer();
    this.ready = List.of(only);
    this.ended = true;
  }

  /** Reads on until there is a batch or the end. */
  @Override
  public final boolean hasNext() {
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
  public final List<RawRecord> next() {
    if (!hasNext()) {
      throw new NoSuchElementException("all batches have been read");
    }
    List<RawRecord> next = ready;
    ready = List.of();
    return next;
  }

  @Override
  public final boolean isCutShort() {
    return cutShort;
  }

  @Override
  public final long bytesRead() {
    return raw.count();
  }

  @Override
  public final void close() {
    try {
      unpacked.close();
    } catch (IOException e) {
      ended = true;
    }
  }

  private List<RawRecord> readBatch() {
    BatchBuilder batch = batch();
    while (!ended && !batch.isFull()) {
      if (blockAt == blockEnd) {
        fillBlock();
        continue;
      }
      blockAt = read(block, blockAt, blockEnd);
      if (batch.isOverfull()) {
        return batch.take();
      }
    }
    if (ended && !batch.isFull()) {
      readLast();
    }
    return batch.take();
  }

  /** Where the records are collected; the same one each time. */
  abstract BatchBuilder batch();

  /**
   * Takes bytes up to the end of a record, or all of them.
   *
   * @return the index of the first byte that was not taken
   */
  abstract int read(byte[] bytes, int from, int to);

  /** The input ends here, well or not. */
  abstract void end();

  /** The input breaks off here, because of what is in it. */
  abstract void breakOff(String detail);

  /** Adds the record that says that the input broke off, if it did and has not been added yet. */
  abstract void readLast();

  private void fillBlock() {
    blockAt = 0;
    blockEnd = 0;
    try {
      int read = unpacked.read(block, 0, block.length);
      if (read < 0) {
        ended = true;
        end();
      } else {
        blockEnd = read;
      }
    } catch (IOException | RuntimeException e) {
      ended = true;
      breakOff(e);
    }
  }

  private void breakOff(Exception cause) {
    if (!(cause instanceof ZipException || cause instanceof EOFException)) {
      // not the content is at fault but the way to it: the same input may be whole the next time
      cutShort = true;
      return;
    }
    breakOff("the input cannot be read on: " + describe(cause));
  }

  private static String describe(Exception cause) {
    String text =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return text.substring(0, Math.min(text.length(), LONGEST_DETAIL));
  }
}
