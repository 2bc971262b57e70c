package org.audienceactivation.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is answered, written while it is found out: held in memory up to {@value #IN_MEMORY} bytes,
 * beyond that in a temporary file that only its owner can read. Not thread-safe.
 */
public final class AnswerBody extends OutputStream {
  private static final int IN_MEMORY = 64 * 1024;

  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private Optional<Path> file = Optional.empty();
  private OutputStream out = memory;

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (file.isEmpty() && memory.size() + length > IN_MEMORY) {
      moveToFile();
    }
    out.write(bytes, offset, length);
  }

  private void moveToFile() throws IOException {
    Path created = Files.createTempFile("audience-activation-answer-", ".json");
    file = Optional.of(created);
    out = Files.newOutputStream(created);
    memory.writeTo(out);
    memory.reset();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  /** Where it is, if not in memory. */
  Optional<Path> file() {
    return file;
  }

  /** What it is, if not in a file. */
  byte[] bytes() {
    return memory.toByteArray();
  }

  /** Ends it without an answer. */
  public void discard() {
    try {
      close();
      if (file.isPresent()) {
        Files.deleteIfExists(file.get());
      }
    } catch (IOException e) {
      // it is in the folder for temporary files
      file.ifPresent(left -> left.toFile().deleteOnExit());
    }
  }
}
