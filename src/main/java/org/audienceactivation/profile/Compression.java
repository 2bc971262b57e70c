package org.audienceactivation.profile;

import java.util.Locale;

/** How the bytes of an export are packed. */
public enum Compression {
  NONE,
  /** One or several gzip members, one after the other. */
  GZIP;

  /** By the file's name: {@code .gz} in any case is gzip, everything else is plain. */
  public static Compression of(String fileName) {
    return fileName.toLowerCase(Locale.ROOT).endsWith(".gz") ? GZIP : NONE;
  }
}
