package org.audienceactivation.route;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.kinesis.sender.Turn;
import org.audienceactivation.profile.NdjsonReader;
import org.audienceactivation.profile.RawRecord;

/**
 * One export on its way through the pipeline: hands out its batches, and knows whether all of them
 * were settled.
 *
 * <p>Reading ends early when the application stops. Only the batches in flight are kept, whatever
 * the size of the file.
 */
final class ExportFile implements Iterator<ProfileBatch>, Closeable {

  /**
   * Where the records come from.
   *
   * @param id the name and how many files were opened before it, so that batches of two files of
   *     one name are told apart
   * @param stamp of the file when it was opened
   */
  record Source(String name, String id, Path path, FileStamp stamp) {}

  private final Source source;
  private final NdjsonReader reader;
  private final List<DestinationPlan> plans;
  private final StopSignal stop;
  private final Set<ProfileBatch> inFlight = ConcurrentHashMap.newKeySet();
  private volatile boolean returned;
  private volatile boolean readToTheEnd;
  private boolean promised;

  /** For each plan, the place of the next batch. */
  private List<Turn> turns;

  ExportFile(Source source, NdjsonReader reader, List<DestinationPlan> plans, StopSignal stop) {
    this.source = source;
    this.reader = reader;
    this.plans = plans;
    this.stop = stop;
    this.turns = plans.stream().map(plan -> Turn.line()).toList();
  }

  /**
   * False at the end of the file, and when the application is stopping. Never throws.
   *
   * <p>A promise is kept: Camel's parallel split asks twice for one batch, and an iterator that has
   * changed its mind in between makes it end the parent while other batches are still under way.
   */
  @Override
  public synchronized boolean hasNext() {
    if (promised) {
      return true;
    }
    if (stop.isGiven()) {
      return false;
    }
    promised = reader.hasNext();
    readToTheEnd = !promised && !reader.isCutShort();
    return promised;
  }

  @Override
  public synchronized ProfileBatch next() {
    promised = false;
    List<RawRecord> records = reader.next();
    ProfileBatch batch =
        new ProfileBatch(
            source.id() + ":" + records.get(0).line(), records, plans, turns, this::settled);
    turns = turns.stream().map(Turn::next).toList();
    inFlight.add(batch);
    return batch;
  }

  private void settled(ProfileBatch batch) {
    if (batch.hasReturned()) {
      returned = true;
    }
    inFlight.remove(batch);
  }

  /** Bytes read of the file as it lies on the disk. */
  long bytesRead() {
    return reader.bytesRead();
  }

  String name() {
    return source.name();
  }

  FileStamp stamp() {
    return source.stamp();
  }

  /** Whether somebody has written to the file since it was opened. */
  boolean hasChanged() {
    try {
      return !FileStamp.of(source.path()).equals(source.stamp());
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether every record of the whole file has an outcome other than returned. */
  boolean isSettled() {
    return readToTheEnd && inFlight.isEmpty() && !returned && !hasChanged();
  }

  /** Whether the rest was left unread, because the application stops or reading failed. */
  boolean isCutShort() {
    return !readToTheEnd;
  }

  /** Whether the application stopped before anything was read. */
  boolean isUntouched() {
    return stop.isGiven() && reader.bytesRead() == 0;
  }

  /** Counts the records of batches that did not get through as returned. */
  void giveBackUnsettled() {
    ReasonCode why = stop.isGiven() ? ReasonCode.STOPPED : ReasonCode.FAILED_BATCH;
    List.copyOf(inFlight).forEach(batch -> Settle.giveBack(batch, why));
  }

  @Override
  public void close() {
    reader.close();
  }
}
