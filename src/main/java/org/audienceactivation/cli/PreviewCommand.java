package org.audienceactivation.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.profile.NdjsonReader;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code preview}: what would be sent, and why the rest would not. */
@Command(
    name = "preview",
    description = {
      "Prints the events that would be sent, one a line; nothing is sent.",
      "The decision on each record goes to standard error."
    },
    mixinStandardHelpOptions = true)
final class PreviewCommand implements Callable<Integer> {
  @ParentCommand private AudienceActivation root;

  @Option(names = "--destination", paramLabel = "NAME", required = true)
  private String destination;

  @Parameters(
      paramLabel = "FILE",
      arity = "1..*",
      description = "NDJSON, plain or .gz; or one JSON profile over several lines, or an array.")
  private List<Path> files;

  @Override
  public Integer call() throws Exception {
    for (Path file : files) {
      if (Files.isDirectory(file)) {
        throw new UserMistake(file + ": is a folder; name the files in it");
      }
      if (!Files.isReadable(file)) {
        throw new UserMistake(
            file + (Files.exists(file) ? ": cannot be read" : ": there is no such file"));
      }
    }
    PrintStream events =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)),
            false,
            StandardCharsets.UTF_8);
    ActivationOptions options =
        ActivationOptions.of(
            new ActivationOptions.Sources.Preview(destination, events, System.err));
    try (Activation activation = Activation.start(root.home(), options)) {
      requireDestination(activation);
      for (Path file : files) {
        preview(activation, file);
      }
    } finally {
      events.flush();
    }
    return ExitStatus.OK.code();
  }

  private void requireDestination(Activation activation) {
    List<String> names = activation.destinations().stream().map(Destination::name).toList();
    if (!names.contains(destination)) {
      throw new UserMistake(
          "--destination "
              + destination
              + ": no such destination; there is "
              + String.join(", ", names));
    }
  }

  private static void preview(Activation activation, Path file) throws IOException {
    String name = file.getFileName().toString();
    try (NdjsonReader records = ProfileFile.open(file)) {
      while (records.hasNext()) {
        activation.process(name, records.next());
      }
    }
  }
}
