package org.audienceactivation.profile;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks gzip (RFC 1952), one or several members one after the other.
 *
 * <p>It stands here because {@code java.util.zip.GZIPInputStream} can lose data without a word: it
 * takes a member whose header is cut off or damaged for harmless trailing bytes, and whether it
 * looks for a next member at all depends on {@code available()}. Here, whatever follows a member is
 * another member, zero padding, or an error; an input of no bytes is an empty file.
 */
final class GzipInput extends InputStream {

  private static final int BLOCK = 64 * 1024;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;
  private static final int RESERVED_FLAGS = 0xE0;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private int at;
  private int end;
  private boolean inMember;
  private boolean finished;

  GzipInput(InputStream in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    while (!finished) {
      if (!inMember) {
        startMember();
        continue;
      }
      int unpacked = inflate(bytes, offset, length);
      if (unpacked > 0) {
        checksum.update(bytes, offset, unpacked);
        return unpacked;
      }
      if (inflater.finished()) {
        endMember();
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    finished = true;
    inflater.end();
    in.close();
  }

  private int inflate(byte[] bytes, int offset, int length) throws IOException {
    if (inflater.needsInput()) {
      if (at == end) {
        requireBlock();
      }
      inflater.setInput(block, at, end - at);
      at = end;
    }
    try {
      int unpacked = inflater.inflate(bytes, offset, length);
      if (unpacked == 0 && inflater.needsDictionary()) {
        throw new ZipException("gzip with a preset dictionary");
      }
      return unpacked;
    } catch (DataFormatException e) {
      throw damaged("its packed data", e);
    }
  }

  private void startMember() throws IOException {
    int first = nextByteOrEnd();
    while (first == 0) {
      first = nextByteOrEnd();
    }
    if (first < 0) {
      finished = true;
      return;
    }
    if (first != 0x1F || nextByte() != 0x8B || nextByte() != 8) {
      throw new ZipException("not gzip data");
    }
    int flags = nextByte();
    if ((flags & RESERVED_FLAGS) != 0) {
      throw new ZipException("gzip header with unknown flags");
    }
    skip(6);
    skipOptionalFields(flags);
    inflater.reset();
    checksum.reset();
    inMember = true;
  }

  private void skipOptionalFields(int flags) throws IOException {
    if ((flags & FLAG_EXTRA) != 0) {
      skip(nextByte() | nextByte() << 8);
    }
    if ((flags & FLAG_NAME) != 0) {
      skipText();
    }
    if ((flags & FLAG_COMMENT) != 0) {
      skipText();
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private void endMember() throws IOException {
    at = end - inflater.getRemaining();
    long expectedChecksum = nextUnsignedInt();
    long expectedLength = nextUnsignedInt();
    if (expectedChecksum != checksum.getValue()) {
      throw damaged("its checksum", null);
    }
    if (expectedLength != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
      throw damaged("its length", null);
    }
    inMember = false;
  }

  private static ZipException damaged(String what, Throwable cause) {
    ZipException damaged = new ZipException("damaged gzip: " + what + " is wrong");
    damaged.initCause(cause);
    return damaged;
  }

  private long nextUnsignedInt() throws IOException {
    return (nextByte() | nextByte() << 8 | nextByte() << 16 | (long) nextByte() << 24)
        & 0xFFFFFFFFL;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      nextByte();
    }
  }

  private void skipText() throws IOException {
    int value;
    do {
      value = nextByte();
    } while (value != 0);
  }

  private int nextByte() throws IOException {
    if (at == end) {
      requireBlock();
    }
    return block[at++] & 0xFF;
  }

  private int nextByteOrEnd() throws IOException {
    return at < end || fillBlock() ? block[at++] & 0xFF : -1;
  }

  private void requireBlock() throws IOException {
    if (!fillBlock()) {
      throw new EOFException("the gzip data ends in the middle");
    }
  }

  private boolean fillBlock() throws IOException {
    int read = in.read(block, 0, block.length);
    at = 0;
    end = Math.max(read, 0);
    return read > 0;
  }
}
