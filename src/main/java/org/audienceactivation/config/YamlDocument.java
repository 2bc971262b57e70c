package org.audienceactivation.config;

import java.util.List;
import java.util.Optional;

/**
 * A YAML file that no schema of ours describes, as far as it can be read: what it holds, with
 * placeholders as they are written, and what is wrong with it as YAML (syntax, keys that stand
 * twice).
 *
 * @param root empty if the syntax is broken; of a key that stands twice the first value counts
 * @param problems sorted by line
 */
public record YamlDocument(Optional<ConfigNode> root, List<Problem> problems) {

  public YamlDocument {
    problems = problems.stream().sorted().distinct().toList();
  }

  /**
   * Reads the text of one file.
   *
   * @param file how problems name the file
   */
  public static YamlDocument read(String file, String yaml) {
    return YamlReader.document(file, yaml);
  }
}
