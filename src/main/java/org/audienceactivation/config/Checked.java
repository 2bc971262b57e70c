package org.audienceactivation.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What reading configuration gave: a value, or every problem that stood in its way. */
public sealed interface Checked<T> {

  /** The file is in order. */
  record Valid<T>(T value) implements Checked<T> {}

  /**
   * The file is not in order.
   *
   * @param problems at least one, sorted by line
   */
  record Invalid<T>(List<Problem> problems) implements Checked<T> {
    public Invalid {
      problems = problems.stream().sorted().distinct().toList();
    }
  }

  /** The value if there is no problem, otherwise the problems. */
  static <T> Checked<T> of(T value, List<Problem> problems) {
    return problems.isEmpty() ? new Valid<>(value) : new Invalid<>(problems);
  }

  default Optional<T> toOptional() {
    return this instanceof Valid<T> valid ? Optional.of(valid.value()) : Optional.empty();
  }

  /** Empty if the value is there. */
  default List<Problem> problems() {
    return this instanceof Invalid<T> invalid ? invalid.problems() : List.of();
  }

  /** Goes on with the value; problems stay what they are. */
  default <R> Checked<R> flatMap(Function<T, Checked<R>> next) {
    return toOptional().map(next).orElseGet(() -> new Invalid<>(problems()));
  }
}
