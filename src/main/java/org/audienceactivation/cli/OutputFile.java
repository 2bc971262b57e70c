package org.audienceactivation.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** A file that a command writes in the end. Whether it can be written is found out before. */
final class OutputFile {
  private OutputFile() {}

  /**
   * Refuses what could not be written after all the work.
   *
   * @param option the option that names the file
   * @throws UserMistake if the folder does not exist, or the file cannot be written
   */
  static void requireWritable(String option, Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new UserMistake(option + " " + file + ": there is no folder " + folder);
    }
    if (Files.isDirectory(file)) {
      throw new UserMistake(option + " " + file + ": is a folder; name a file");
    }
    if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      throw new UserMistake(option + " " + file + ": must not be written by this user");
    }
  }
}
