package org.audienceactivation.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.profile.NdjsonReader;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;
import org.audienceactivation.route.ProfileExplanation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code explain}: why one profile would be sent to a destination, or would not. */
@Command(
    name = "explain",
    description = {
      "Prints why one profile would be sent to a destination, or would not.",
      "Each rule is shown with what the profile answers to it; nothing is sent or logged."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Exit status: 0 it would be sent, if need be without some identities; 3 it would be",
      "rejected; 6 it would be excluded; 2 usage or configuration."
    })
final class ExplainCommand implements Callable<Integer> {
  @ParentCommand private AudienceActivation root;

  @Option(names = "--destination", paramLabel = "NAME", required = true)
  private String destination;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Option(
      names = "--line",
      paramLabel = "N",
      description = "The line of the profile, as the audit log and dead letters name it.")
  private Optional<Long> line;

  @Parameters(
      paramLabel = "FILE",
      description = "One JSON profile, or, with --line, an export of many; plain or .gz.")
  private Path file;

  @Override
  public Integer call() throws Exception {
    if (Files.isDirectory(file)) {
      throw new UserMistake(file + ": is a folder; name a file in it");
    }
    if (!Files.isReadable(file)) {
      throw new UserMistake(
          file + (Files.exists(file) ? ": cannot be read" : ": there is no such file"));
    }
    ProfileExplanation explanation = explanation(theRecord());
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    out.print(json ? ExplanationText.json(explanation) : ExplanationText.of(explanation));
    out.flush();
    return status(explanation.refusal()).code();
  }

  private static ExitStatus status(Optional<Reason> refusal) {
    if (refusal.isEmpty()) {
      return ExitStatus.OK;
    }
    return refusal.get().outcome() == Outcome.EXCLUDED
        ? ExitStatus.LEFT_OUT
        : ExitStatus.RECORDS_KEPT_BACK;
  }

  private RawRecord theRecord() throws IOException {
    List<RawRecord> found = new ArrayList<>();
    try (NdjsonReader records = ProfileFile.open(file)) {
      while (records.hasNext() && found.size() < 2) {
        records.next().stream()
            .filter(record -> line.isEmpty() || line.get() == record.line())
            .limit(2)
            .forEach(found::add);
      }
    }
    if (found.isEmpty()) {
      throw new UserMistake(file + ": has no profile" + line.map(n -> " in line " + n).orElse(""));
    }
    if (found.size() > 1) {
      throw new UserMistake(file + ": has more than one profile; name one with --line");
    }
    return found.get(0);
  }

  private ProfileExplanation explanation(RawRecord record) {
    List<ProfileExplanation> told = new ArrayList<>();
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Explain(destination, told::add));
    try (Activation activation = Activation.start(root.home(), options)) {
      requireDestination(activation);
      activation.process(file.getFileName().toString(), List.of(record));
    }
    return told.get(0);
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
}
