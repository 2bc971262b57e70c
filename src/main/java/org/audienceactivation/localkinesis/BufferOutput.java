package org.audienceactivation.localkinesis;

import io.vertx.core.buffer.Buffer;
import java.io.OutputStream;

/** Writes to a buffer that the server then sends as it is. */
final class BufferOutput extends OutputStream {

  private final Buffer buffer = Buffer.buffer(1024);

  @Override
  public void write(byte[] bytes, int offset, int length) {
    buffer.appendBytes(bytes, offset, length);
  }

  @Override
  public void write(int b) {
    buffer.appendByte((byte) b);
  }

  Buffer buffer() {
    return buffer;
  }
}
