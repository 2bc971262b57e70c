package org.audienceactivation.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.audienceactivation.route.ConfigurationException;
import org.audienceactivation.route.Home;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code java -jar audience-activation.jar COMMAND}. */
@Command(
    name = "audience-activation",
    description = "Streams segmentMembership events from profile exports to Kinesis Data Streams.",
    mixinStandardHelpOptions = true,
    versionProvider = AudienceActivation.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RunCommand.class,
      PreviewCommand.class,
      ExplainCommand.class,
      ValidateCommand.class,
      CheckCommand.class,
      ResendCommand.class,
      ImportFlowCommand.class,
      DemoCommand.class,
      LocalKinesisCommand.class,
      SampleExportsCommand.class
    },
    footer = {
      "",
      "Exit status: 0 all well; 1 internal failure; 2 usage or configuration; 3 finished, but",
      "records were rejected or dead-lettered; 4 the accounts do not add up; 5 stopped with",
      "records returned; 6 explain: the profile would be excluded."
    })
public final class AudienceActivation implements Callable<Integer> {

  private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      defaultValue = ".",
      scope = ScopeType.INHERIT,
      description =
          "The folder with application.properties, routes/, destinations/, governance/ and"
              + " audiences.yaml (default: the current folder).")
  private Path home;

  @Option(
      names = "--log",
      paramLabel = "LEVEL",
      defaultValue = "",
      scope = ScopeType.INHERIT,
      description = "Log level on standard error: error, warn, info, debug.")
  private String log;

  public static void main(String[] args) {
    Termination.install();
    // a hook that is never needed, and that a JVM which ends already would not take
    System.setProperty("log4j.shutdownHookEnabled", "false");
    int status = ExitStatus.INTERNAL_FAILURE.code();
    try {
      status = execute(args);
    } catch (Error e) { // such as a library that is not there
      LoggerFactory.getLogger(AudienceActivation.class).error("the program has failed", e);
    } finally {
      Termination.exit(status); // whatever is thrown: else the process would not end
    }
  }

  /** Runs one command in this process and answers its exit status. */
  static int execute(String... args) {
    AudienceActivation root = new AudienceActivation();
    CommandLine commandLine = new CommandLine(root);
    commandLine.setExecutionStrategy(
        parsed -> {
          root.configureLogging(parsed);
          return new CommandLine.RunLast().execute(parsed);
        });
    commandLine.setExecutionExceptionHandler((e, command, parsed) -> explain(e, command));
    return commandLine.execute(args);
  }

  private void configureLogging(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    boolean isRun = last.commandSpec().userObject() instanceof RunCommand;
    String level = log.isEmpty() ? (isRun ? "info" : "warn") : log;
    if (!LEVELS.contains(level)) {
      throw new CommandLine.ParameterException(
          last.commandSpec().commandLine(),
          "--log " + level + ": allowed are " + String.join(", ", LEVELS));
    }
    // read by log4j2.properties when the first logger is made
    System.setProperty("audience-activation.log.level", level);
  }

  private static int explain(Exception e, CommandLine command) {
    if (e instanceof ConfigurationException problems) {
      problems.problems().forEach(problem -> command.getErr().println(problem));
      return ExitStatus.USAGE_OR_CONFIGURATION.code();
    }
    if (e instanceof UserMistake mistake) {
      command.getErr().println(mistake.getMessage());
      return ExitStatus.USAGE_OR_CONFIGURATION.code();
    }
    command.getErr().println("internal failure, please report it:");
    e.printStackTrace(command.getErr());
    return ExitStatus.INTERNAL_FAILURE.code();
  }

  /**
   * The folder that the call names.
   *
   * @throws UserMistake if there is no such folder
   */
  Home home() {
    if (!Files.isDirectory(home)) {
      throw new UserMistake("--home " + home + ": there is no such folder");
    }
    return new Home(home);
  }

  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return ExitStatus.USAGE_OR_CONFIGURATION.code();
  }

  /** The version from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = AudienceActivation.class.getPackage().getImplementationVersion();
      return new String[] {"audience-activation " + (version == null ? "(not packaged)" : version)};
    }
  }
}
