package org.audienceactivation.route;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.XdmPath;

/**
 * The file application.properties: its keys with their lines, and our {@link Setting}s with their
 * values resolved.
 */
final class ApplicationProperties {
  private final String file;
  private final Map<String, Integer> lines;
  private final UnaryOperator<String> placeholders;

  private ApplicationProperties(
      String file, Map<String, Integer> lines, UnaryOperator<String> placeholders) {
    this.file = file;
    this.lines = lines;
    this.placeholders = placeholders;
  }

  /**
   * Reads the file of a home.
   *
   * @param placeholders resolves <code>{{key}}</code> with everything that may override the file
   * @throws ConfigurationException if the home has no such file
   */
  static ApplicationProperties read(Home home, UnaryOperator<String> placeholders) {
    String file = home.nameOf(home.properties());
    try {
      return new ApplicationProperties(
          file, lines(file, Files.readAllLines(home.properties())), placeholders);
    } catch (IOException e) {
      throw new ConfigurationException(List.of(missing(home)));
    }
  }

  static Problem missing(Home home) {
    return new Problem(
        home.nameOf(home.properties()),
        1,
        "cannot be read in "
            + home.directory()
            + "; start in the folder that holds it, or name that folder with --home");
  }

  private static Properties load(String file, int line, String text) throws IOException {
    Properties one = new Properties();
    try {
      one.load(new StringReader(text));
      return one;
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          List.of(new Problem(file, line, "\\u must be followed by four hexadecimal digits")));
    }
  }

  private static Map<String, Integer> lines(String file, List<String> text) throws IOException {
    Map<String, Integer> lines = new TreeMap<>();
    for (int i = 0; i < text.size(); i++) {
      int line = i + 1;
      Properties one = load(file, line, text.get(i));
      one.stringPropertyNames().forEach(key -> lines.put(key, line));
    }
    return lines;
  }

  Set<String> keys() {
    return lines.keySet();
  }

  Problem problem(String key, String message) {
    return new Problem(file, lines.getOrDefault(key, 1), key + ": " + message);
  }

  String text(Setting setting) {
    return text(setting.key());
  }

  /** The value of a key with everything that may override the file. */
  String text(String key) {
    return placeholders.apply("{{" + key + "}}").trim();
  }

  /** Whether a text is {@code false} when its placeholders are replaced. */
  boolean resolvesToFalse(String text) {
    try {
      return placeholders.apply(text).trim().equals("false");
    } catch (RuntimeException e) {
      return false;
    }
  }

  boolean isOn(Setting setting) {
    return Boolean.parseBoolean(text(setting));
  }

  int number(Setting setting) {
    return Integer.parseInt(text(setting));
  }

  Set<XdmPath> paths(Setting setting) {
    Set<XdmPath> paths = new LinkedHashSet<>();
    Arrays.stream(text(setting).split(","))
        .map(String::trim)
        .filter(path -> !path.isEmpty())
        .forEach(path -> paths.add(XdmPath.of(path)));
    return paths;
  }

  /** Every mistake in our keys. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    for (String key : lines.keySet()) {
      if (Setting.isOurs(key) && Setting.named(key).isEmpty()) {
        problems.add(problem(key, "unknown key; allowed: " + Setting.keysLike(key)));
      }
    }
    for (Setting setting : Setting.values()) {
      problems.addAll(problems(setting));
    }
    return problems;
  }

  private List<Problem> problems(Setting setting) {
    String value;
    try {
      value = text(setting);
    } catch (RuntimeException e) {
      return List.of(problem(setting.key(), "has a placeholder that has no value"));
    }
    if (!setting.type().allows(value)) {
      return List.of(
          problem(
              setting.key(),
              (setting.type().isSecret() ? "the value" : "\"" + value + "\"")
                  + " is not allowed; allowed: "
                  + setting.type().allowed()));
    }
    if (setting.type() == Setting.Type.PATHS) {
      try {
        paths(setting);
      } catch (IllegalArgumentException e) {
        return List.of(problem(setting.key(), e.getMessage()));
      }
    }
    return List.of();
  }
}
