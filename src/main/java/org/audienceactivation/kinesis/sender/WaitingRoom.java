package org.audienceactivation.kinesis.sender;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Where records wait for a call, and which of them the next call takes: parts of a refused call
 * first, each by itself; then those whose backoff is over; then new ones in the order in which they
 * came. Not thread-safe.
 */
final class WaitingRoom {

  private final int maxRecords;
  private final int maxBytes;

  private final Deque<List<Pending>> parts = new ArrayDeque<>();
  private final Deque<Pending> again = new ArrayDeque<>();
  private final Deque<Pending> fresh = new ArrayDeque<>();
  private final PriorityQueue<BackedOff> backedOff = new PriorityQueue<>(BackedOff::compareTo);

  private int readyRecords;
  private long readyBytes;
  private int backedOffRecords;
  private long backedOffSequence;

  WaitingRoom(SenderSettings settings) {
    this.maxRecords = settings.maxRecordsPerCall();
    this.maxBytes = settings.maxBytesPerCall();
  }

  void admit(Collection<Pending> records) {
    fresh.addAll(records);
    records.forEach(this::count);
  }

  /** These are to be sent in one call, without others. */
  void admitPart(List<Pending> part) {
    parts.add(part);
    part.forEach(this::count);
  }

  /** These come back into the queue when {@code due} is reached, before the new ones. */
  void backOff(List<Pending> records, long due) {
    backedOff.add(new BackedOff(due, backedOffSequence++, records));
    backedOffRecords += records.size();
  }

  /** Lets those in whose backoff is over. */
  void release(long now) {
    while (!backedOff.isEmpty() && backedOff.peek().due - now <= 0) {
      List<Pending> records = backedOff.remove().records;
      backedOffRecords -= records.size();
      again.addAll(records);
      records.forEach(this::count);
    }
  }

  /** When the next backoff is over; only if {@link #hasBackedOff()}. */
  long nextRelease() {
    return backedOff.element().due;
  }

  boolean hasBackedOff() {
    return !backedOff.isEmpty();
  }

  /** True if a call could be made now. */
  boolean isReady() {
    return readyRecords > 0;
  }

  /** True if waiting longer would not make the next call any fuller. */
  boolean fillsACall() {
    return !parts.isEmpty() || readyRecords >= maxRecords || readyBytes >= maxBytes;
  }

  /** All that wait, ready or backed off. */
  int size() {
    return readyRecords + backedOffRecords;
  }

  /** Takes out what goes into the next call; only if {@link #isReady()}. */
  List<Pending> nextCall() {
    if (!parts.isEmpty()) {
      List<Pending> part = parts.remove();
      part.forEach(this::discount);
      return part;
    }
    List<Pending> call = new ArrayList<>(Math.min(maxRecords, readyRecords));
    int bytes = fill(call, again, 0);
    fill(call, fresh, bytes);
    return call;
  }

  /** Takes out everything. */
  List<Pending> drain() {
    List<Pending> all = new ArrayList<>(size());
    visit(all::add);
    parts.clear();
    again.clear();
    fresh.clear();
    backedOff.clear();
    readyRecords = 0;
    readyBytes = 0;
    backedOffRecords = 0;
    return all;
  }

  /** Takes out those that could be sent now but, as {@code expired} says, wait no longer. */
  List<Pending> drainReady(Predicate<Pending> expired) {
    List<Pending> out = new ArrayList<>();
    for (Deque<Pending> queue : List.of(again, fresh)) {
      queue.stream().filter(expired).forEach(out::add);
      queue.removeIf(expired);
    }
    out.forEach(this::discount);
    return out;
  }

  private int fill(List<Pending> call, Deque<Pending> from, int bytesSoFar) {
    int bytes = bytesSoFar;
    while (!from.isEmpty()
        && call.size() < maxRecords
        && bytes + from.element().bytes() <= maxBytes) {
      Pending next = from.remove();
      discount(next);
      call.add(next);
      bytes += next.bytes();
    }
    return bytes;
  }

  private void visit(Consumer<Pending> visitor) {
    parts.forEach(part -> part.forEach(visitor));
    again.forEach(visitor);
    fresh.forEach(visitor);
    backedOff.forEach(group -> group.records.forEach(visitor));
  }

  private void count(Pending pending) {
    readyRecords++;
    readyBytes += pending.bytes();
  }

  private void discount(Pending pending) {
    readyRecords--;
    readyBytes -= pending.bytes();
  }

  /** What failed together comes back together, so that it makes one call again and not many. */
  private record BackedOff(long due, long sequence, List<Pending> records)
      implements Comparable<BackedOff> {
    @Override
    public int compareTo(BackedOff other) {
      // differences, since the clock's values may wrap
      int byTime = Long.signum(due - other.due);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
