package org.audienceactivation.profile;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what is read of a stream, so that any thread may ask how far a file has been taken. */
final class CountedInput extends InputStream {

  private final InputStream in;
  private final AtomicLong count = new AtomicLong();

  CountedInput(InputStream in) {
    this.in = in;
  }

  long count() {
    return count.get();
  }

  @Override
  public int read() throws IOException {
    int value = in.read();
    if (value >= 0) {
      count.incrementAndGet();
    }
    return value;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    if (read > 0) {
      count.addAndGet(read);
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
