package org.audienceactivation.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.audienceactivation.config.Problem;
import org.audienceactivation.route.Validation;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code validate}: every mistake in configuration and routes. */
@Command(
    name = "validate",
    description = "Checks all configuration and routes, and prints every problem, one a line.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  @ParentCommand private AudienceActivation root;

  @Override
  public Integer call() {
    List<Problem> problems = Validation.of(root.home());
    problems.forEach(problem -> System.err.println(problem));
    if (!problems.isEmpty()) {
      System.err.println(problems.size() + (problems.size() == 1 ? " problem" : " problems"));
      return ExitStatus.USAGE_OR_CONFIGURATION.code();
    }
    System.out.println("no problem found in " + root.home().directory());
    return ExitStatus.OK.code();
  }
}
