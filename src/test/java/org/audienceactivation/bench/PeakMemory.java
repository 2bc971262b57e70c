package org.audienceactivation.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The most memory that a process has had resident so far, as the kernel keeps it: nothing between
 * two looks is missed.
 */
final class PeakMemory {

  private PeakMemory() {}

  /** In megabytes; 0 if the process has ended, and where there is no Linux. */
  static long megabytesOf(ProcessHandle process) {
    try {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
