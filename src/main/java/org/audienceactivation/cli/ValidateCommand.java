package org.audienceactivation.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.audienceactivation.config.Problem;
import org.audienceactivation.route.Validation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code validate}: every mistake in configuration and routes. */
@Command(
    name = "validate",
    description = "Checks all configuration and routes, and prints every problem, one a line.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit status: 0 no problem; 2 problems. What draft policies would break does not count."
    })
final class ValidateCommand implements Callable<Integer> {
  @ParentCommand private AudienceActivation root;

  @Option(
      names = "--include-drafts",
      description =
          "Also print what policies for labels with the status DRAFT would break, if they were"
              + " enabled.")
  private boolean includeDrafts;

  @Override
  public Integer call() {
    List<Problem> problems = Validation.of(root.home());
    problems.forEach(problem -> System.err.println(problem));
    if (!problems.isEmpty()) {
      System.err.println(problems.size() + (problems.size() == 1 ? " problem" : " problems"));
      if (includeDrafts) {
        System.err.println("draft policies are judged when there is no problem");
      }
      return ExitStatus.USAGE_OR_CONFIGURATION.code();
    }
    System.out.println("no problem found in " + root.home().directory());
    if (includeDrafts) {
      printDrafts();
    }
    return ExitStatus.OK.code();
  }

  private void printDrafts() {
    List<Problem> drafts = Validation.ofDrafts(root.home());
    drafts.forEach(System.out::println);
    if (drafts.isEmpty()) {
      System.out.println("no draft policy would forbid anything");
    }
  }
}
