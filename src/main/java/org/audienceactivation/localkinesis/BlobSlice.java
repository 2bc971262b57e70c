package org.audienceactivation.localkinesis;

import java.io.OutputStream;
import java.util.Arrays;

/**
 * Takes a blob from a parser without copying it where that can be: a CBOR parser hands out the very
 * bytes that it reads from, so only their place is noted. What comes in pieces or from elsewhere
 * (base64, chunked CBOR) is gathered in an array.
 */
final class BlobSlice extends OutputStream {

  private static final byte[] NONE = {};

  private final byte[] body;
  private byte[] source = NONE;
  private int offset;
  private int length;

  BlobSlice(byte[] body) {
    this.body = body;
  }

  @Override
  public void write(byte[] bytes, int from, int count) {
    if (bytes == body && length == 0) {
      source = body;
      offset = from;
      length = count;
      return;
    }
    reserve(count);
    System.arraycopy(bytes, from, source, length, count);
    length += count;
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  byte[] source() {
    return source;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  private void reserve(int count) {
    int needed = length + count;
    if (source == body) {
      source = Arrays.copyOfRange(body, offset, offset + needed);
      offset = 0;
    } else if (source.length < needed) {
      source = Arrays.copyOf(source, Math.max(needed, 2 * source.length));
    }
  }
}
