package org.audienceactivation.governance;

import org.audienceactivation.config.ConfigNode;

/**
 * Where something stands in the configuration, for people to find it.
 *
 * @param line 1-based; 0 for what is part of the program
 */
public record Place(String file, int line) {

  /** What is shipped inside the program. */
  static final Place BUILT_IN = new Place("built in", 0);

  static Place of(ConfigNode node) {
    return new Place(node.file(), node.line());
  }

  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line;
  }
}
