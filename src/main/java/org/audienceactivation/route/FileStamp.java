package org.audienceactivation.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * By what a file is recognised as the same content without reading it.
 *
 * @param size in bytes
 * @param lastModified in milliseconds since 1970
 */
record FileStamp(long size, long lastModified) {

  /**
   * The stamp of a file as it lies there now.
   *
   * @throws IOException if the file is gone or cannot be looked at
   */
  static FileStamp of(Path file) throws IOException {
    return new FileStamp(Files.size(file), Files.getLastModifiedTime(file).toMillis());
  }
}
