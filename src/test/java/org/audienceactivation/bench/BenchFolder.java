package org.audienceactivation.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Where the benchmarks keep their files. */
final class BenchFolder {

  private static final Path FOLDER = Path.of("target/bench").toAbsolutePath();

  private BenchFolder() {}

  /** The folder, which is made where it is missing. */
  static Path create() throws IOException {
    return Files.createDirectories(FOLDER);
  }

  /** Deletes a folder with all that is in it. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
