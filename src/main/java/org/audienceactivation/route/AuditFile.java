package org.audienceactivation.route;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of whole lines that only grows, until it has reached its size: then it becomes {@code
 * NAME.1}, that which was so called {@code NAME.2}, and so on; the oldest beyond the bound is
 * deleted. A write that fails leaves nothing behind. If somebody else has moved it away or deleted
 * it, it is made anew. Thread-safe; one process at a time.
 */
final class AuditFile implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AuditFile.class);

  private final Path file;
  private final long maxBytes;
  private final int maxFiles;
  private final boolean isDurable;
  private final Object forcing = new Object();
  private final FileChannel lockFile;
  private FileChannel channel;
  private Object key;
  private long size;
  private volatile long written;
  private long forced;

  private AuditFile(Path file, long maxBytes, int maxFiles, boolean isDurable, FileChannel lockFile)
      throws IOException {
    this.file = file;
    this.maxBytes = maxBytes;
    this.maxFiles = maxFiles;
    this.isDurable = isDurable;
    this.lockFile = lockFile;
    open();
  }

  /**
   * Opens the file, and makes it and its folder if need be. A line that a killed process has cut
   * short is ended.
   *
   * @param maxFiles how many there are at most, this one included
   * @param isDurable whether {@link #append} waits for the disk
   * @throws IOException with a message for people, also if another process writes the file
   */
  static AuditFile open(Path file, long maxBytes, int maxFiles, boolean isDurable)
      throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    FileChannel lockFile =
        FileChannel.open(
            file.resolveSibling(file.getFileName() + ".lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    try {
      if (!isLocked(lockFile)) {
        throw new IOException("is being written by another process; each needs a file of its own");
      }
      return new AuditFile(file, maxBytes, maxFiles, isDurable, lockFile);
    } catch (IOException e) {
      lockFile.close();
      throw e;
    }
  }

  /** The lock lives as long as its channel. */
  private static boolean isLocked(FileChannel lockFile) throws IOException {
    try {
      FileLock lock = lockFile.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void open() throws IOException {
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    key = keyOf(file);
    size = channel.size();
    if (size > 0 && !endsWithNewline()) {
      write(ByteBuffer.wrap(new byte[] {'\n'}));
      size++;
    }
  }

  /** By what a file is known under whichever name; nothing where the file system has no such. */
  private static Object keyOf(Path path) throws IOException {
    Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    return key == null ? "" : key;
  }

  private boolean isInItsPlace() throws IOException {
    try {
      return keyOf(file).equals(key);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private boolean endsWithNewline() throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    channel.read(last, size - 1);
    return last.get(0) == '\n';
  }

  /**
   * Appends whole lines.
   *
   * @throws IOException if they could not be written, or not forced to the disk; none of them is
   *     there then, or all of them
   */
  void append(byte[] lines) throws IOException {
    long mine;
    synchronized (this) {
      if (!channel.isOpen()) {
        open();
      } else if (!isInItsPlace()) {
        LOG.info("audit log: {} was moved away or deleted, and is made anew", file);
        reopen();
      }
      // somebody may have emptied it
      size = Math.min(size, channel.size());
      if (size > 0 && size + lines.length > maxBytes) {
        rotate();
      }
      writeOrNothing(lines);
      mine = ++written;
    }
    if (isDurable) {
      force(mine);
    }
  }

  private void writeOrNothing(byte[] lines) throws IOException {
    // what a write that failed before has left behind, if it could not be taken back then
    channel.truncate(size);
    try {
      write(ByteBuffer.wrap(lines));
      size += lines.length;
    } catch (IOException e) {
      channel.truncate(size);
      throw e;
    }
  }

  private void write(ByteBuffer bytes) throws IOException {
    long at = size;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** Who comes while the disk is busy is served by the next time, together with all who wait. */
  private void force(long upTo) throws IOException {
    synchronized (forcing) {
      if (forced >= upTo) {
        return;
      }
      long all = written;
      channel.force(false);
      forced = all;
    }
  }

  private void rotate() throws IOException {
    synchronized (forcing) {
      channel.force(false);
      forced = written;
      shift();
      channel.close();
      open();
    }
  }

  private void reopen() throws IOException {
    synchronized (forcing) {
      channel.force(false);
      forced = written;
      channel.close();
      open();
    }
  }

  /** Up to the first number that is free, so that a shift that failed half-way loses nothing. */
  private void shift() throws IOException {
    int free = 1;
    while (free < maxFiles - 1 && Files.exists(numbered(free))) {
      free++;
    }
    free = Math.min(free, maxFiles - 1);
    if (Files.deleteIfExists(numbered(free))) {
      LOG.info("audit log: deleted the oldest of {} files of {}", maxFiles, file);
    }
    for (int i = free - 1; i >= 0; i--) {
      moveIfThere(numbered(i), numbered(i + 1));
    }
  }

  private static void moveIfThere(Path from, Path to) throws IOException {
    try {
      Files.move(from, to);
    } catch (NoSuchFileException e) {
      LOG.info("audit log: {} is gone; somebody else has moved it away or deleted it", from);
    }
  }

  private Path numbered(int number) {
    return number == 0 ? file : file.resolveSibling(file.getFileName() + "." + number);
  }

  @Override
  public synchronized void close() throws IOException {
    synchronized (forcing) {
      try {
        if (channel.isOpen()) {
          channel.force(false);
        }
      } finally {
        channel.close();
        lockFile.close();
      }
    }
  }
}
