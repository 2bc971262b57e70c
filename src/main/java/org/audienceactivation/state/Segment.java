package org.audienceactivation.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * One file of the log of a destination: frames of entries, one behind the other. It is mapped, so
 * what was written is the operating system's as soon as it is written, and a kill of the process
 * takes nothing away. Its room on the disk is taken when it is made: a disk that is full is an
 * exception then, and no fault of memory later. Not thread-safe.
 *
 * <pre>
 * header  8 bytes sequence, 8 bytes live bytes, 48 bytes of nothing
 * frame   4 bytes length of what follows the checksum, 4 bytes CRC-32C of it, then entries
 * entry   16 bytes key, 4 bytes length, state
 * </pre>
 */
final class Segment {

  /** Positions within a segment have 24 bits. */
  static final int SIZE = 1 << 24;

  static final int HEADER = 64;
  static final int FRAME_HEADER = 8;
  static final int ENTRY_HEADER = 20;

  private static final int SEQUENCE_AT = 0;
  private static final int LIVE_AT = 8;
  private static final byte[] ZEROS = new byte[1 << 16];

  private final int id;
  private final Path file;
  private final MappedByteBuffer bytes;
  private int end = HEADER;

  private Segment(int id, Path file, MappedByteBuffer bytes) {
    this.id = id;
    this.file = file;
    this.bytes = bytes;
  }

  /** Makes an empty one. */
  static Segment create(Path folder, int id, long sequence) throws IOException {
    Path file = folder.resolve(name(id));
    Path unfinished = folder.resolve(name(id) + ".new");
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      for (int written = 0; written < SIZE; ) {
        written += channel.write(ByteBuffer.wrap(ZEROS));
      }
    }
    Files.move(unfinished, file);
    Segment segment = map(id, file);
    segment.bytes.putLong(SEQUENCE_AT, sequence);
    return segment;
  }

  /** Opens one; its end is where {@link #recover} finds it. */
  static Segment map(int id, Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return new Segment(id, file, channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE));
    }
  }

  static String name(int id) {
    return String.format("%05d.log", id);
  }

  int id() {
    return id;
  }

  /** Those that were made later have higher ones. */
  long sequence() {
    return bytes.getLong(SEQUENCE_AT);
  }

  int end() {
    return end;
  }

  boolean hasRoomFor(int frameBytes) {
    return SIZE - end >= frameBytes;
  }

  /** About how many bytes of it are of entries that nobody has written anew. */
  long live() {
    return bytes.getLong(LIVE_AT);
  }

  void addLive(int more) {
    bytes.putLong(LIVE_AT, live() + more);
  }

  /**
   * Writes a frame.
   *
   * @return where it begins
   */
  int append(byte[] entries, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(entries, 0, length);
    int at = end;
    bytes.put(at + FRAME_HEADER, entries, 0, length);
    bytes.putInt(at + 4, (int) checksum.getValue());
    bytes.putInt(at, length);
    end = at + FRAME_HEADER + length;
    return at;
  }

  /** What a frame or an entry may be read with; positions are of the file. */
  ByteBuffer bytes() {
    return bytes;
  }

  /**
   * Finds the end of what is whole.
   *
   * @param isChecked whether checksums are compared as well
   */
  void recover(boolean isChecked) {
    int at = HEADER;
    while (isFrame(at, isChecked)) {
      at += FRAME_HEADER + bytes.getInt(at);
    }
    end = at;
  }

  private boolean isFrame(int at, boolean isChecked) {
    if (at + FRAME_HEADER > SIZE) {
      return false;
    }
    int length = bytes.getInt(at);
    if (length <= 0 || length > SIZE - at - FRAME_HEADER) {
      return false;
    }
    if (!isChecked) {
      return true;
    }
    CRC32C checksum = new CRC32C();
    checksum.update(
        bytes.duplicate().position(at + FRAME_HEADER).limit(at + FRAME_HEADER + length));
    return (int) checksum.getValue() == bytes.getInt(at + 4);
  }

  void force() {
    bytes.force();
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }
}
