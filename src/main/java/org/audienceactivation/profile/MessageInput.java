package org.audienceactivation.profile;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * A message of which the beginning was read, to find out its form. It has a greatest length: beyond
 * that it breaks off like a file that was cut, so that a message without end costs no memory.
 */
final class MessageInput {
  private final byte[] head;
  private final int start;
  private final boolean whole;
  private final CountedInput rest;

  private MessageInput(byte[] head, int start, boolean whole, CountedInput rest) {
    this.head = head;
    this.start = start;
    this.whole = whole;
    this.rest = rest;
  }

  /** The first {@code window} bytes of a message in memory, which are not copied. */
  static MessageInput of(byte[] body, int window, int maxBytes) {
    int head = Math.min(window, maxBytes);
    if (body.length < head) {
      return new MessageInput(body, 0, true, new CountedInput(InputStream.nullInputStream()));
    }
    // what follows is read into the array of the head
    InputStream rest = new ByteArrayInputStream(body, head, body.length - head);
    byte[] own = Arrays.copyOf(body, head);
    return new MessageInput(own, 0, false, limited(rest, maxBytes - head, maxBytes));
  }

  /**
   * The first {@code window} bytes of a message that is still being received.
   *
   * @throws IOException if it cannot be received
   */
  static MessageInput of(InputStream body, int window, int maxBytes) throws IOException {
    byte[] head = body.readNBytes(Math.min(window, maxBytes));
    boolean isWhole = head.length < Math.min(window, maxBytes);
    if (isWhole) {
      return new MessageInput(head, 0, true, new CountedInput(body));
    }
    return new MessageInput(head, 0, false, limited(body, maxBytes - head.length, maxBytes));
  }

  /** The same input, read from another place of its head. */
  MessageInput from(int from) {
    return new MessageInput(head, from, whole, rest);
  }

  /** Its first bytes, which may be the sender's and so are not to be changed. */
  byte[] head() {
    return head;
  }

  /** Where in its head reading begins. */
  int start() {
    return start;
  }

  /** Whether nothing follows its head. */
  boolean isWhole() {
    return whole;
  }

  /** What follows its head. */
  CountedInput rest() {
    return rest;
  }

  private static CountedInput limited(InputStream in, int left, int maxBytes) {
    return new CountedInput(new Limited(in, left, maxBytes));
  }

  private static final class Limited extends InputStream {
    private final InputStream in;
    private final int maxBytes;
    private int left;

    Limited(InputStream in, int left, int maxBytes) {
      this.in = in;
      this.left = left;
      this.maxBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left > 0) {
        int read = in.read(bytes, offset, Math.min(left, length));
        left -= Math.max(read, 0);
        return read;
      }
      if (in.read() < 0) {
        return -1;
      }
      throw new EOFException("it is longer than " + maxBytes + " bytes, which is the limit");
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
