package org.audienceactivation.route;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.audienceactivation.profile.RecordReader;
import org.audienceactivation.profile.Sha256;
import org.audienceactivation.state.StateStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One export file. Reading ends early when the application stops. */
final class ExportFile extends SourceDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(ExportFile.class);

  /**
   * Where the records come from.
   *
   * @param id the name and how many files were opened before it, so that batches of two files of
   *     one name are told apart
   * @param stamp of the file when it was opened
   */
  record Source(String name, String id, Path path, FileStamp stamp) {}

  private final Source source;
  private final Consumer<ExportFile> whenEnded;
  private final String snapshot;
  private final Instant begun;
  private final Plans plansAtTheBegin;
  private volatile boolean hasUnreadable;

  ExportFile(
      Source source,
      RecordReader reader,
      PlansInForce plans,
      StopSignal stop,
      Consumer<ExportFile> whenEnded) {
    super(source.id(), reader, plans, stop);
    this.begun = Instant.now(Clock.systemUTC());
    this.plansAtTheBegin = plans.now();
    this.snapshot = Sha256.hex(source.id()).substring(0, 16) + "-" + begun.toEpochMilli();
    this.source = source;
    this.whenEnded = whenEnded;
  }

  @Override
  boolean endsEarly() {
    return isStopping();
  }

  @Override
  String name() {
    return source.name();
  }

  /** Another one each time that the file is read: what was marked before says nothing. */
  @Override
  Optional<String> snapshot() {
    return Optional.of(snapshot);
  }

  @Override
  void noteSettled(ProfileBatch batch) {
    if (batch.records().stream().anyMatch(record -> record.rejection().isPresent())) {
      hasUnreadable = true;
    }
  }

  /** Whether all of it was handled by the plans that are in force now. */
  boolean isOfOnePlan() {
    return plansAtTheBegin.equals(plans().now());
  }

  /** Whether it has records of which nobody can tell whose they are. */
  boolean hasUnreadable() {
    return hasUnreadable;
  }

  @Override
  String fate() {
    return "the file stays in the inbox and will be read again";
  }

  FileStamp stamp() {
    return source.stamp();
  }

  /** Whether somebody has written to the file since it was opened. */
  private boolean hasChanged() {
    try {
      return !FileStamp.of(source.path()).equals(source.stamp());
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  boolean isSettled() {
    return super.isSettled() && !hasChanged();
  }

  @Override
  String whyUnsettled() {
    return super.isSettled() ? "it was written to while it was read" : super.whyUnsettled();
  }

  @Override
  void ended() {
    for (DestinationPlan plan : plans().now().destinations()) {
      plan.changesOnly().ifPresent(changes -> ended(plan, changes));
    }
    whenEnded.accept(this);
  }

  /** Its marks are of no use any more, and what was to be sent again with the next input was. */
  private void ended(DestinationPlan plan, ChangesOnly changes) {
    try {
      if (changes.plan().rules().exits().missingProfiles()) {
        changes.state().store().forget(plan.name(), snapshot);
      }
      if (isSettled()) {
        changes.state().change(record -> record.ended(begun, changes.state().now()));
      }
    } catch (StateStoreException e) {
      LOG.warn("{}: {}", name(), e.getMessage());
    }
  }
}
