package org.audienceactivation.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Where in the log the last entry of each key stands: a table of 16 bytes a slot with linear
 * probing, mapped from a file. A slot holds the lower half of a key, a position and marks; whether
 * it is the key's, the log says. Each change is one write of eight aligned bytes, so a kill leaves
 * it whole. Not thread-safe.
 */
final class HashIndex {

  private static final long MAGIC = 0x41414354_53544131L;
  private static final int HEADER = 64;
  private static final int SLOT = 16;
  private static final int SMALLEST = 1 << 14;
  private static final int LARGEST = 1 << 26;

  private static final int MAGIC_AT = 0;
  private static final int CAPACITY_AT = 8;
  private static final int COUNT_AT = 16;
  private static final int SEQUENCE_AT = 24;
  private static final int END_AT = 32;
  private static final int BOOT_AT = 40;
  private static final int CLEAN_AT = 48;

  private static final int POSITION_BITS = 40;
  private static final long POSITION = (1L << POSITION_BITS) - 1;
  private static final byte[] ZEROS = new byte[1 << 16];

  /** How many marks there are. */
  static final int MARKS = 64 - POSITION_BITS;

  private final Path file;
  private MappedByteBuffer table;
  private int capacity;

  private HashIndex(Path file, MappedByteBuffer table) {
    this.file = file;
    this.table = table;
    this.capacity = (int) table.getLong(CAPACITY_AT);
  }

  static HashIndex create(Path file) throws IOException {
    return new HashIndex(file, make(file, SMALLEST));
  }

  private static MappedByteBuffer make(Path file, int capacity) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".new");
    long size = HEADER + (long) SLOT * capacity;
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      long written = 0;
      while (written < size) {
        int piece = (int) Math.min(ZEROS.length, size - written);
        written += channel.write(ByteBuffer.wrap(ZEROS, 0, piece));
      }
      MappedByteBuffer table = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
      table.putLong(CAPACITY_AT, capacity);
      table.putLong(MAGIC_AT, MAGIC);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      return table;
    }
  }

  /**
   * Opens one.
   *
   * @param boot tells one start of the machine from another; 0 if nobody can tell
   * @return empty if it is not there, or may not be whole: then it must be made anew of the log
   */
  static Optional<HashIndex> open(Path file, long boot) throws IOException {
    if (!Files.exists(file) || Files.size(file) < HEADER) {
      return Optional.empty();
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long size = channel.size();
      if (size > HEADER + (long) SLOT * LARGEST) {
        return Optional.empty();
      }
      MappedByteBuffer table = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
      boolean isWhole =
          table.getLong(MAGIC_AT) == MAGIC
              && size == HEADER + SLOT * table.getLong(CAPACITY_AT)
              && (table.getLong(CLEAN_AT) == 1 || (boot != 0 && table.getLong(BOOT_AT) == boot));
      return isWhole ? Optional.of(new HashIndex(file, table)) : Optional.empty();
    }
  }

  /** From now on it is only whole if the machine is not started anew meanwhile. */
  void begin(long boot) {
    table.putLong(BOOT_AT, boot);
    table.putLong(CLEAN_AT, 0);
    table.force();
  }

  void end() {
    table.force();
    table.putLong(CLEAN_AT, 1);
    table.force();
  }

  /** Up to where the log is in it. */
  void noteLog(long sequence, int end) {
    table.putLong(SEQUENCE_AT, sequence);
    table.putLong(END_AT, end);
  }

  long loggedSequence() {
    return table.getLong(SEQUENCE_AT);
  }

  int loggedEnd() {
    return (int) table.getLong(END_AT);
  }

  long count() {
    return table.getLong(COUNT_AT);
  }

  private int at(int slot) {
    return HEADER + SLOT * slot;
  }

  int first(ProfileKey key) {
    return (int) (key.low() ^ (key.low() >>> 32)) & (capacity - 1);
  }

  int next(int slot) {
    return (slot + 1) & (capacity - 1);
  }

  boolean isEmpty(int slot) {
    return table.getLong(at(slot) + 8) == 0;
  }

  boolean mayBe(int slot, ProfileKey key) {
    return table.getLong(at(slot)) == key.low();
  }

  long position(int slot) {
    return table.getLong(at(slot) + 8) & POSITION;
  }

  int marks(int slot) {
    return (int) (table.getLong(at(slot) + 8) >>> POSITION_BITS);
  }

  /** Moves the slot's entry; its marks stay. */
  void move(int slot, long position) {
    set(slot, position, marks(slot));
  }

  void mark(int slot, int marks) {
    set(slot, position(slot), marks(slot) | marks);
  }

  void insert(int slot, ProfileKey key, long position, int marks) {
    table.putLong(at(slot), key.low());
    set(slot, position, marks);
    table.putLong(COUNT_AT, count() + 1);
  }

  private void set(int slot, long position, int marks) {
    table.putLong(at(slot) + 8, position | ((long) marks << POSITION_BITS));
  }

  void unmark(int marks) {
    for (int slot = 0; slot < capacity; slot++) {
      if ((marks(slot) & marks) != 0) {
        set(slot, position(slot), marks(slot) & ~marks);
      }
    }
  }

  boolean isFull() {
    return count() * 10 > capacity * 7L;
  }

  /**
   * Makes room for twice as many.
   *
   * @throws StateStoreException beyond some 47 million profiles
   */
  void grow() throws IOException {
    if (capacity >= LARGEST) {
      throw new StateStoreException(
          "state store: more than "
              + LARGEST / 10L * 7
              + " profiles of one destination; use state.store = postgresql");
    }
    MappedByteBuffer before = table;
    int slots = capacity;
    table = make(file, slots * 2);
    capacity = slots * 2;
    for (int at = HEADER; at < HEADER + SLOT * slots; at += SLOT) {
      long second = before.getLong(at + 8);
      if (second != 0) {
        ProfileKey key = new ProfileKey(0, before.getLong(at));
        int slot = first(key);
        while (!isEmpty(slot)) {
          slot = next(slot);
        }
        table.putLong(at(slot), key.low());
        table.putLong(at(slot) + 8, second);
      }
    }
    table.putLong(COUNT_AT, before.getLong(COUNT_AT));
    noteLog(before.getLong(SEQUENCE_AT), (int) before.getLong(END_AT));
    table.putLong(BOOT_AT, before.getLong(BOOT_AT));
  }
}
