package org.audienceactivation.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.audienceactivation.destination.Destination;
import org.audienceactivation.kinesis.sender.KinesisClientSettings;
import org.audienceactivation.kinesis.sender.KinesisClients;
import org.audienceactivation.route.Activation;
import org.audienceactivation.route.ActivationOptions;
import org.audienceactivation.route.KinesisAccounts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import software.amazon.awssdk.core.exception.SdkException;

/** {@code check}: what the destinations' credentials may do, and whether the streams are there. */
@Command(
    name = "check",
    description = {
      "Checks each destination's permissions, and that its stream exists and is ACTIVE.",
      "The permissions kinesis:ListStreams, PutRecord and PutRecords are checked one by one.",
      "Nothing is written to a stream unless --write-probe is given."
    },
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  @ParentCommand private AudienceActivation root;

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      description = "Only this destination (default: all).")
  private Optional<String> only;

  @Option(
      names = "--write-probe",
      description = "Write two probe records to each stream, to test PutRecord and PutRecords.")
  private boolean writeProbe;

  @Override
  public Integer call() throws Exception {
    List<Destination> destinations;
    try (Activation activation =
        Activation.start(
            root.home(), ActivationOptions.of(new ActivationOptions.Sources.Nothing()))) {
      destinations = chosen(activation.destinations());
    }
    boolean allWell = true;
    KinesisClients clients = new KinesisClients();
    for (Destination destination : destinations) {
      System.out.println(
          destination.name()
              + ": stream "
              + destination.stream().name()
              + " in "
              + destination.stream().region());
      allWell &= check(destination, clients);
    }
    return (allWell ? ExitStatus.OK : ExitStatus.USAGE_OR_CONFIGURATION).code();
  }

  private List<Destination> chosen(List<Destination> all) {
    List<Destination> chosen =
        all.stream().filter(one -> only.map(one.name()::equals).orElse(true)).toList();
    if (chosen.isEmpty()) {
      throw new UserMistake(
          "--destination "
              + only.orElse("")
              + ": no such destination; there is "
              + String.join(", ", all.stream().map(Destination::name).toList()));
    }
    return chosen;
  }

  private boolean check(Destination destination, KinesisClients clients) {
    KinesisClientSettings settings = KinesisAccounts.of(destination, Optional.empty());
    try (KinesisClients.Lease lease = clients.lease(settings)) {
      StreamCheck check = new StreamCheck(lease.client(), destination.stream().name());
      List<StreamCheck.Finding> findings = check.run(writeProbe);
      findings.forEach(finding -> System.out.println("  " + finding));
      return findings.stream().noneMatch(StreamCheck.Finding::isFailure);
    } catch (IllegalArgumentException | SdkException e) {
      System.out.println("  FAILED  client: " + e.getMessage());
      return false;
    }
  }
}
