package org.audienceactivation.localkinesis;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/** A log that counts its records and forgets them. */
final class CountingLog implements RecordLog {

  // the count, or its complement (-1 - count) once the log is sealed
  private final AtomicLong state = new AtomicLong();

  @Override
  public OptionalLong append(List<PutEntry> entries, long nowMillis) {
    long count = state.get();
    while (count >= 0) {
      if (state.compareAndSet(count, count + entries.size())) {
        return OptionalLong.of(count + 1);
      }
      count = state.get();
    }
    return OptionalLong.empty();
  }

  @Override
  public long count() {
    long now = state.get();
    return now < 0 ? ~now : now;
  }

  @Override
  public void seal() {
    state.updateAndGet(now -> now < 0 ? now : ~now);
  }

  @Override
  public OptionalLong sealedCount() {
    long now = state.get();
    return now < 0 ? OptionalLong.of(~now) : OptionalLong.empty();
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
