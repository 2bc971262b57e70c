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

  private final Path folder;
  private final ByteArrayOutputStream memory = new ByteArrayOutputStream();
  private Optional<Path> file = Optional.empty();
  private OutputStream out = memory;

  private AnswerBody(Path folder) {
    this.folder = folder;
  }

  /** An empty one, whose file would be in the JVM's folder for temporary files. */
  public static AnswerBody empty() {
    return in(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** An empty one, whose file would be in this folder. */
  public static AnswerBody in(Path folder) {
    return new AnswerBody(folder);
  }

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
    Path created = Files.createTempFile(folder, "audience-activation-answer-", ".json");
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
  public byte[] bytes() {
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
