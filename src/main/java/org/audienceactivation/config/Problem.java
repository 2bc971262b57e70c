package org.audienceactivation.config;

/**
 * One mistake in one configuration file, as its author sees it: {@code
 * destinations/prospects.yaml:7: stream.regon: unknown key; allowed: name, region, endpoint}.
 *
 * @param file the name under which the file was handed in
 * @param line 1-based
 * @param message what is wrong and what is allowed; never the value of a secret
 */
public record Problem(String file, int line, String message) implements Comparable<Problem> {

  /** By file, then line, then message. */
  @Override
  public int compareTo(Problem other) {
    int byFile = file.compareTo(other.file);
    if (byFile != 0) {
      return byFile;
    }
    int byLine = Integer.compare(line, other.line);
    return byLine != 0 ? byLine : message.compareTo(other.message);
  }

  @Override
  public String toString() {
    return file + ":" + line + ": " + message;
  }
}
