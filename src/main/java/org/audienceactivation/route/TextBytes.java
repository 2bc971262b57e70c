package org.audienceactivation.route;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The bytes of a text in UTF-8, made as they are read: a large text that is in memory anyway is not
 * there a second time. Half a surrogate pair becomes a question mark. Not thread-safe.
 */
final class TextBytes extends InputStream {
  private final CharBuffer text;
  private final CharsetEncoder encoder =
      StandardCharsets.UTF_8
          .newEncoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final ByteBuffer block = ByteBuffer.allocate(16 * 1024).flip();

  TextBytes(String text) {
    this.text = CharBuffer.wrap(text);
  }

  @Override
  public int read() {
    return fill() ? block.get() & 0xFF : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, block.remaining());
    block.get(bytes, offset, count);
    return count;
  }

  private boolean fill() {
    if (!block.hasRemaining() && text.hasRemaining()) {
      block.clear();
      encoder.encode(text, block, true);
      block.flip();
    }
    return block.hasRemaining();
  }
}
