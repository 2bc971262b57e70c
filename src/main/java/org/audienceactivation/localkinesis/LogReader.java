package org.audienceactivation.localkinesis;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the frames of a {@link DiskLog} forward, up to the end that was known when it was opened.
 * It holds one buffer that grows to the largest record met. Used by one thread.
 */
final class LogReader implements AutoCloseable {

  private static final int STEP = 64 << 10;

  private final FileChannel channel;
  private final long end;
  private long readUpTo;

  private byte[] buffer = new byte[STEP];
  private int limit;
  private int frame;
  private int nextFrame;

  private long nextPlace;
  private int dataLength;
  private int keyLength;
  private long arrival;

  LogReader(FileChannel channel, long position, long end, long place) {
    this.channel = channel;
    this.readUpTo = position;
    this.end = end;
    this.nextPlace = place;
  }

  static LogReader ofNothing() {
    return new LogReader(null, 0, 0, 1);
  }

  /** Goes to the next record; false at the end. */
  boolean next() throws IOException {
    frame = nextFrame;
    if (frame == limit && readUpTo == end) {
      return false;
    }
    require(DiskLog.FRAME_HEADER);
    ByteBuffer header = ByteBuffer.wrap(buffer, frame, DiskLog.FRAME_HEADER);
    dataLength = header.getInt();
    keyLength = header.getShort();
    arrival = header.getLong();
    require(DiskLog.FRAME_HEADER + keyLength + dataLength);
    nextFrame = frame + DiskLog.FRAME_HEADER + keyLength + dataLength;
    nextPlace++;
    return true;
  }

  /** Passes over the records before a place. */
  void skipTo(long place) throws IOException {
    while (nextPlace < place && next()) {}
  }

  /** The place of the current record. */
  long place() {
    return nextPlace - 1;
  }

  long arrival() {
    return arrival;
  }

  int keyLength() {
    return keyLength;
  }

  int dataLength() {
    return dataLength;
  }

  /** Holds the current record's key and data until the next one is read. */
  byte[] buffer() {
    return buffer;
  }

  int keyOffset() {
    return frame + DiskLog.FRAME_HEADER;
  }

  int dataOffset() {
    return keyOffset() + keyLength;
  }

  String partitionKey() {
    return new String(buffer, keyOffset(), keyLength, StandardCharsets.UTF_8);
  }

  byte[] data() {
    return Arrays.copyOfRange(buffer, dataOffset(), dataOffset() + dataLength);
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }

  /** Makes the first bytes of the current frame available in the buffer. */
  private void require(int bytes) throws IOException {
    if (limit - frame >= bytes) {
      return;
    }
    makeRoom(bytes);
    while (limit - frame < bytes) {
      fill();
    }
  }

  private void makeRoom(int bytes) {
    byte[] target = buffer.length < bytes ? new byte[bytes + STEP] : buffer;
    System.arraycopy(buffer, frame, target, 0, limit - frame);
    limit -= frame;
    frame = 0;
    buffer = target;
  }

  // in small steps, because the JDK keeps a direct buffer as large as the largest step for each
  // thread
  private void fill() throws IOException {
    int step = (int) Math.min(Math.min(STEP, buffer.length - limit), end - readUpTo);
    int read = channel.read(ByteBuffer.wrap(buffer, limit, step), readUpTo);
    if (read <= 0) {
      throw new EOFException("the log ends before its last record does");
    }
    limit += read;
    readUpTo += read;
  }
}
