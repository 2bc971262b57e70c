package org.audienceactivation.route;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.audienceactivation.profile.RecordReader;

/** One export file. Reading ends early when the application stops. */
final class ExportFile extends SourceDelivery {

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

  ExportFile(
      Source source,
      RecordReader reader,
      PlansInForce plans,
      StopSignal stop,
      Consumer<ExportFile> whenEnded) {
    super(source.id(), reader, plans, stop);
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
    whenEnded.accept(this);
  }
}
