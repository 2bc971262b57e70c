package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.audienceactivation.config.Problem;

/** The user's configuration cannot be used; the message is one line for each mistake. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  private final transient Optional<Problem> startFailure;

  public ConfigurationException(List<Problem> problems) {
    this(problems, Optional.empty());
  }

  private ConfigurationException(List<Problem> problems, Optional<Problem> startFailure) {
    super(
        problems.stream().map(Problem::toString).collect(Collectors.joining("\n")),
        null,
        false,
        false);
    this.problems = List.copyOf(problems);
    this.startFailure = startFailure;
  }

  /**
   * Camel could not load or start the routes.
   *
   * @param problems what was known before
   * @param startFailure what Camel said, which often is a consequence of one of those
   */
  static ConfigurationException ofStart(List<Problem> problems, Problem startFailure) {
    List<Problem> all = new ArrayList<>(problems);
    all.add(startFailure);
    return new ConfigurationException(all.stream().distinct().toList(), Optional.of(startFailure));
  }

  /** The one of the problems with which Camel's start ended, if it got so far. */
  Optional<Problem> startFailure() {
    return startFailure;
  }

  public List<Problem> problems() {
    return problems;
  }
}
