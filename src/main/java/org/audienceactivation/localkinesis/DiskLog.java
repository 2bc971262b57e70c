package org.audienceactivation.localkinesis;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * A log in one append-only file, opened with its first record. In memory it keeps a {@link
 * SparseIndex} and nothing per record.
 *
 * <p>The file is a sequence of frames, big-endian: length of the data (4 bytes), length of the key
 * (2), arrival in epoch milliseconds (8), the key in UTF-8, the data. What stands behind the last
 * acknowledged frame, after a failed write, is overwritten by the next one. Nothing is synced:
 * records survive the process, not the machine.
 */
final class DiskLog implements RecordLog {

  static final int FRAME_HEADER = Integer.BYTES + Short.BYTES + Long.BYTES;

  private static final ThreadLocal<ByteBuffer> STAGING =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(256 << 10));

  private final Path file;
  private final SparseIndex index = new SparseIndex();

  // all guarded by this
  private FileChannel channel;
  private boolean closed;
  private boolean sealed;
  private long end;
  private long count;
  private long lastArrival;

  DiskLog(Path file) {
    this.file = file;
  }

  @Override
  public synchronized OptionalLong append(List<PutEntry> entries, long nowMillis)
      throws IOException {
    if (sealed) {
      return OptionalLong.empty();
    }
    int indexed = index.size();
    long arrival = Math.max(nowMillis, lastArrival);
    try {
      end = write(entries, arrival);
    } catch (IOException e) {
      index.shrink(indexed);
      throw e;
    }
    long first = count + 1;
    count += entries.size();
    lastArrival = arrival;
    return OptionalLong.of(first);
  }

  @Override
  public synchronized long count() {
    return count;
  }

  @Override
  public synchronized void seal() throws IOException {
    sealed = true;
    if (channel != null) {
      channel.close();
    }
  }

  @Override
  public synchronized OptionalLong sealedCount() {
    return sealed ? OptionalLong.of(count) : OptionalLong.empty();
  }

  @Override
  public long firstPlaceSince(long epochMillis) throws IOException {
    try (LogReader reader = readerFromArrival(epochMillis)) {
      while (reader.next()) {
        if (reader.arrival() >= epochMillis) {
          return reader.place();
        }
      }
      return count() + 1;
    }
  }

  @Override
  public LogReader reader(long fromPlace) throws IOException {
    LogReader reader = readerBefore(fromPlace);
    reader.skipTo(fromPlace);
    return reader;
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    if (channel != null) {
      channel.close();
    }
  }

  @Override
  public void delete() throws IOException {
    close();
    Files.deleteIfExists(file);
  }

  private synchronized LogReader readerBefore(long place) throws IOException {
    return count == 0 ? LogReader.ofNothing() : readerAt(index.entryBefore(place));
  }

  private synchronized LogReader readerFromArrival(long epochMillis) throws IOException {
    return count == 0 ? LogReader.ofNothing() : readerAt(index.entryBeforeArrival(epochMillis));
  }

  // a channel of its own: an interrupt of the reading thread closes the channel that it reads from
  private LogReader readerAt(int entry) throws IOException {
    return new LogReader(
        FileChannel.open(file, READ), index.position(entry), end, index.place(entry));
  }

  private long write(List<PutEntry> entries, long arrival) throws IOException {
    Appender appender = new Appender(channel(), end, STAGING.get().clear());
    long place = count + 1;
    for (PutEntry entry : entries) {
      index.offer(place++, appender.position(), arrival);
      appender.putHeader(entry.length(), entry.key().length, arrival);
      appender.put(entry.key(), 0, entry.key().length);
      appender.put(entry.source(), entry.offset(), entry.length());
    }
    appender.flush();
    return appender.position();
  }

  private FileChannel channel() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (channel == null) {
      Files.createDirectories(file.getParent());
      channel = FileChannel.open(file, CREATE_NEW, WRITE);
    }
    return channel;
  }

  /** Gathers frames in one direct buffer, so that a call costs a shard one write. */
  private static final class Appender {
    private final FileChannel channel;
    private final ByteBuffer staging;
    private long flushed;

    Appender(FileChannel channel, long start, ByteBuffer staging) {
      this.channel = channel;
      this.flushed = start;
      this.staging = staging;
    }

    long position() {
      return flushed + staging.position();
    }

    void putHeader(int dataLength, int keyLength, long arrival) throws IOException {
      if (staging.remaining() < FRAME_HEADER) {
        flush();
      }
      staging.putInt(dataLength).putShort((short) keyLength).putLong(arrival);
    }

    void put(byte[] source, int offset, int length) throws IOException {
      for (int done = 0; done < length; ) {
        if (!staging.hasRemaining()) {
          flush();
        }
        int step = Math.min(staging.remaining(), length - done);
        staging.put(source, offset + done, step);
        done += step;
      }
    }

    void flush() throws IOException {
      staging.flip();
      while (staging.hasRemaining()) {
        flushed += channel.write(staging, flushed);
      }
      staging.clear();
    }
  }
}
