package org.audienceactivation.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;
import org.audienceactivation.route.ResendStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code resend}: members are sent again, as if nothing had been delivered. */
@Command(
    name = "resend",
    description = {
      "Sends the members of a destination again with its next input.",
      "Whether anything has changed does not matter. It may be asked for while the application runs."
    },
    mixinStandardHelpOptions = true)
final class ResendCommand implements Callable<Integer> {
  @ParentCommand private AudienceActivation root;

  @Option(names = "--destination", paramLabel = "NAME", required = true)
  private String name;

  @Option(
      names = "--audience",
      paramLabel = "ID",
      description = "Only members of this mapped audience (NAMESPACE/ID outside of ups).")
  private Optional<String> audience;

  @Option(names = "--status", description = "Only tell what became of the last request.")
  private boolean onlyStatus;

  @Override
  public Integer call() {
    try (Activation activation =
        Activation.start(
            root.home(), ActivationOptions.of(new ActivationOptions.Sources.Nothing()))) {
      Destination destination = chosen(activation.destinations());
      ResendStatus status =
          onlyStatus
              ? activation.resendStatus(name)
              : activation.resend(name, audience.map(id -> mapped(id, destination)));
      System.out.println(name + ": " + inWords(status));
    }
    return ExitStatus.OK.code();
  }

  private Destination chosen(List<Destination> all) {
    return all.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserMistake(
                    "--destination "
                        + name
                        + ": no such destination; there is "
                        + String.join(", ", all.stream().map(Destination::name).toList())));
  }

  private static AudienceRef mapped(String text, Destination destination) {
    int slash = text.indexOf('/');
    AudienceRef ref =
        slash < 0
            ? AudienceRef.ups(text)
            : new AudienceRef(text.substring(0, slash), text.substring(slash + 1));
    boolean isMapped =
        !(destination.audiences() instanceof AudienceScope.Listed listed)
            || listed.audiences().contains(ref);
    if (!isMapped) {
      throw new UserMistake("--audience " + text + ": is not mapped to " + destination.name());
    }
    return ref;
  }

  private static String inWords(ResendStatus status) {
    String what = status.audience().map(one -> "the members of " + one).orElse("all members");
    String left =
        status.left().isPresent()
            ? "; "
                + status.left().get()
                + " of "
                + status.members().get()
                + " known members have not come in since"
            : "";
    return switch (status.stage()) {
      case NONE -> "nobody has asked to send members again";
      case HANDED_OVER ->
          "the application that runs takes the request within seconds, and sends "
              + what
              + " again with its next input";
      case WAITING ->
          what
              + " are sent again with the next input (asked at "
              + seconds(status.askedAt().orElseThrow())
              + left
              + ")";
      case ENDED ->
          what
              + " were sent again: ended"
              + status.endedAt().map(at -> " at " + seconds(at)).orElse("")
              + " (asked at "
              + seconds(status.askedAt().orElseThrow())
              + left
              + ")";
    };
  }

  private static Instant seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS);
  }
}
