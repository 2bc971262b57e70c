package org.audienceactivation.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the garbage collector of another JVM writes: how much of the heap is left in use after each
 * collection. The most of it is what the program really needs, as near as can be told from outside.
 */
record HeapLog(Path file) {

  private static final Pattern COLLECTION = Pattern.compile("(\\d+)M->(\\d+)M\\(\\d+M\\)");

  /** To be given to the JVM. */
  String jvmOption() {
    return "-Xlog:gc:file=" + file + "::filecount=0";
  }

  /** In megabytes; 0 if there was no collection. */
  long mostInUse() throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .flatMap(line -> COLLECTION.matcher(line).results())
          .mapToLong(HeapLog::inUse)
          .max()
          .orElse(0);
    }
  }

  private static long inUse(MatchResult collection) {
    return Long.parseLong(collection.group(2));
  }
}
