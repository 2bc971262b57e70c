package org.audienceactivation.localkinesis;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A log that counts its records and forgets them. */
final class CountingLog implements RecordLog {

  private final AtomicLong count = new AtomicLong();

  @Override
  public long append(List<PutEntry> entries, long nowMillis) {
    return count.getAndAdd(entries.size()) + 1;
  }

  @Override
  public long count() {
    return count.get();
  }

  @Override
  public long firstPlaceSince(long epochMillis) {
    return count() + 1;
  }

  @Override
  public LogReader reader(long fromPlace) {
    return LogReader.ofNothing();
  }

  @Override
  public void close() {}

  @Override
  public void delete() {}
}
