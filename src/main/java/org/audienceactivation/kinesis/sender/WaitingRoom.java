package org.audienceactivation.kinesis.sender;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.audienceactivation.kinesis.sender.CallBuilder.Fit;
import org.audienceactivation.kinesis.sender.Pending.Place;

/**
 * Where records wait for a call, and which of them the next call takes: parts of a refused call
 * first, each by itself; then those that waited for their shard; then those whose backoff is over
 * or whose elder is settled; then new ones in the order in which they came. Not thread-safe.
 */
final class WaitingRoom {

  /** Looking further for records of other shards costs more than a call that is not full. */
  private static final int RECORDS_PASSED_OVER = 500;

  private final int maxRecords;
  private final int maxBytes;
  private final DeliveryOrder order;
  private final ShardPacing pacing;

  private final KeyLines lines = new KeyLines();
  private final Deque<List<Pending>> parts = new ArrayDeque<>();
  private final Deque<Pending> again = new ArrayDeque<>();
  private final Deque<Pending> fresh = new ArrayDeque<>();
  private final PriorityQueue<BackedOff> backedOff = new PriorityQueue<>(BackedOff::compareTo);

  private int readyRecords;
  private long readyBytes;
  private int size;
  private long backedOffSequence;

  WaitingRoom(SenderSettings settings, ShardPacing pacing) {
    this.maxRecords = settings.maxRecordsPerCall();
    this.maxBytes = settings.maxBytesPerCall();
    this.order = settings.order();
    this.pacing = pacing;
  }

  KeyLines lines() {
    return lines;
  }

  /** Lets new records in. Those whose place they took are superseded. */
  List<Pending> admit(Collection<Pending> records) {
    List<Pending> superseded = new ArrayList<>(0);
    for (Pending pending : records) {
      admit(pending).ifPresent(superseded::add);
    }
    return superseded;
  }

  private Optional<Pending> admit(Pending pending) {
    if (order == DeliveryOrder.LATEST_WINS) {
      Optional<Pending> replaced = lines.replaceLast(pending);
      if (replaced.isPresent()) {
        if (pending.place() == Place.READY) {
          readyBytes += pending.bytes() - replaced.get().bytes();
        }
        return replaced;
      }
    }
    size++;
    if (order == DeliveryOrder.NONE || lines.enter(pending)) {
      ready(fresh, pending);
    } else {
      pending.movedTo(Place.BEHIND_ITS_KEY);
    }
    return Optional.empty();
  }

  /** These are to be sent in one call, without others. They stay committed. */
  void admitPart(List<Pending> part) {
    parts.add(part);
    size += part.size();
    readyRecords += part.size();
    part.forEach(pending -> readyBytes += pending.bytes());
  }

  /** These come back into the queue when {@code due} is reached, before the new ones. */
  void backOff(List<Pending> records, long due) {
    records.forEach(pending -> pending.movedTo(Place.BACKED_OFF));
    backedOff.add(new BackedOff(due, backedOffSequence++, records));
    size += records.size();
  }

  /** This one goes before all others that wait for its shard. */
  void holdFirst(ShardPace pace, Pending pending) {
    pending.movedTo(Place.HELD);
    pace.held().addFirst(pending);
    size++;
  }

  /** The record, which has left, is settled: the next of its key may go. */
  void settled(Pending pending) {
    if (order != DeliveryOrder.NONE) {
      lines.leave(pending).ifPresent(next -> ready(again, next));
    }
  }

  /** Lets those in whose backoff is over, or whose shard is no more. */
  void release(long now) {
    letFreedIn();
    while (!backedOff.isEmpty() && backedOff.peek().due - now <= 0) {
      for (Pending pending : backedOff.remove().records) {
        ready(again, pending.current());
      }
    }
  }

  private void letFreedIn() {
    Optional<Pending> freed = pacing.nextFreed();
    while (freed.isPresent()) {
      ready(again, freed.get().current());
      freed = pacing.nextFreed();
    }
  }

  /** How long until something that waits for a time may go; {@link Long#MAX_VALUE} if nothing. */
  long untilRelease(long now) {
    long untilBackoff = backedOff.isEmpty() ? Long.MAX_VALUE : backedOff.element().due - now;
    return Math.min(untilBackoff, pacing.untilReady(now));
  }

  /** True if a call could be made now. */
  boolean isReady(long now) {
    return readyRecords > 0 || pacing.hasReady(now);
  }

  /** True if waiting longer would not make the next call any fuller. */
  boolean fillsACall() {
    return !parts.isEmpty() || readyRecords >= maxRecords || readyBytes >= maxBytes;
  }

  /** All that wait, for whatever. */
  int size() {
    return size;
  }

  /**
   * Takes out what goes into the next call. May be empty: what was ready may turn out to be for a
   * shard that takes no more at present.
   */
  List<Pending> nextCall(long now) {
    if (!parts.isEmpty()) {
      List<Pending> part = parts.remove();
      size -= part.size();
      part.forEach(this::noLongerReady);
      return part;
    }
    CallBuilder call = new CallBuilder(maxRecords, maxBytes, pacing.ranges(), readyRecords);
    takeHeld(call, now);
    take(again, call, now);
    take(fresh, call, now);
    size -= call.records().size();
    call.records().forEach(pending -> pending.movedTo(Place.COMMITTED));
    return call.records();
  }

  private void takeHeld(CallBuilder call, long now) {
    for (ShardPace pace : pacing.paces()) {
      Deque<Pending> held = pace.held();
      while (!held.isEmpty()) {
        Pending next = held.element().current();
        if (call.fit(next) != Fit.YES || !pace.take(next.bytes(), now)) {
          break;
        }
        held.remove();
        call.add(next);
      }
    }
  }

  private void take(Deque<Pending> from, CallBuilder call, long now) {
    Deque<Pending> passedOver = new ArrayDeque<>(0);
    while (!from.isEmpty() && passedOver.size() < RECORDS_PASSED_OVER) {
      Pending next = from.element().current();
      Fit fit = call.fit(next);
      if (fit == Fit.FULL) {
        break;
      }
      from.remove();
      if (fit == Fit.NOT_THIS_SHARD) {
        next.movedTo(Place.READY);
        passedOver.push(next);
        continue;
      }
      noLongerReady(next);
      Optional<ShardPace> pace = pacing.paceOf(next);
      if (pace.isPresent() && mustWait(pace.get(), next, now)) {
        next.movedTo(Place.HELD);
        pace.get().held().add(next);
      } else {
        call.add(next);
      }
    }
    passedOver.forEach(from::addFirst);
  }

  private static boolean mustWait(ShardPace pace, Pending pending, long now) {
    return !pace.held().isEmpty() || !pace.take(pending.bytes(), now);
  }

  /** Takes out everything. */
  List<Pending> drain() {
    List<Pending> all = new ArrayList<>(size);
    letFreedIn();
    parts.forEach(part -> part.forEach(pending -> drain(pending, all)));
    again.forEach(pending -> drain(pending, all));
    fresh.forEach(pending -> drain(pending, all));
    backedOff.forEach(group -> group.records.forEach(pending -> drain(pending, all)));
    for (ShardPace pace : pacing.paces()) {
      pace.held().forEach(pending -> drain(pending, all));
      pace.held().clear();
    }
    parts.clear();
    again.clear();
    fresh.clear();
    backedOff.clear();
    lines.clear();
    readyRecords = 0;
    readyBytes = 0;
    size = 0;
    return all;
  }

  /** Takes out those that wait for a record which is under way to be settled. */
  void drainBehind(Pending underWay, List<Pending> all) {
    underWay.follower().ifPresent(next -> drain(next, all));
    underWay.followedBy(null);
  }

  /** The record that stands in this place, and those that wait behind it. */
  private static void drain(Pending pending, List<Pending> all) {
    Optional<Pending> next = Optional.of(pending.current());
    while (next.isPresent()) {
      all.add(next.get());
      next = next.get().follower();
    }
  }

  /** Takes out the elders among those that wait for an outage to end, if they wait no longer. */
  List<Pending> drainWaiting(Predicate<Pending> expired) {
    List<Pending> out = new ArrayList<>();
    drain(again, expired, out);
    drain(fresh, expired, out);
    out.forEach(this::noLongerReady);
    for (ShardPace pace : pacing.paces()) {
      drain(pace.held(), expired, out);
    }
    size -= out.size();
    return out;
  }

  /**
   * Takes out those that were withdrawn; what waits behind them moves up.
   *
   * @param underWay what is in calls: it stays there, but others may wait behind it
   */
  List<Pending> drainWithdrawn(Collection<Pending> underWay) {
    List<Pending> heads = heads();
    List<Pending> out = new ArrayList<>();
    underWay.forEach(head -> drainWithdrawnBehind(head, out));
    heads.forEach(head -> drainWithdrawnBehind(head, out));
    size -= out.size();
    List<Pending> first = drainWaiting(Pending::isWithdrawn);
    drainFromParts(first);
    drainBackedOff(first);
    first.forEach(this::settled);
    out.addAll(first);
    return out;
  }

  /** All that wait for something else than a record of their key. */
  private List<Pending> heads() {
    letFreedIn();
    List<Pending> heads = new ArrayList<>(size);
    parts.forEach(heads::addAll);
    again.forEach(place -> heads.add(place.current()));
    fresh.forEach(place -> heads.add(place.current()));
    backedOff.forEach(group -> group.records.forEach(place -> heads.add(place.current())));
    for (ShardPace pace : pacing.paces()) {
      pace.held().forEach(place -> heads.add(place.current()));
    }
    return heads;
  }

  private void drainWithdrawnBehind(Pending head, List<Pending> out) {
    Pending before = head;
    Optional<Pending> next = head.follower();
    while (next.isPresent()) {
      Pending behind = next.get();
      next = behind.follower();
      if (behind.isWithdrawn()) {
        lines.leave(behind, before);
        out.add(behind);
      } else {
        before = behind;
      }
    }
  }

  private void drainFromParts(List<Pending> out) {
    List<List<Pending>> kept = new ArrayList<>(parts.size());
    for (List<Pending> part : parts) {
      List<Pending> left = part.stream().filter(pending -> !pending.isWithdrawn()).toList();
      part.stream().filter(Pending::isWithdrawn).forEach(pending -> leaveQueue(pending, out));
      kept.add(left);
    }
    parts.clear();
    kept.stream().filter(part -> !part.isEmpty()).forEach(parts::add);
  }

  private void leaveQueue(Pending pending, List<Pending> out) {
    noLongerReady(pending);
    size--;
    out.add(pending);
  }

  private void drainBackedOff(List<Pending> out) {
    List<BackedOff> kept = new ArrayList<>(backedOff.size());
    for (BackedOff group : backedOff) {
      List<Pending> left = new ArrayList<>(group.records.size());
      for (Pending place : group.records) {
        (place.current().isWithdrawn() ? out : left).add(place.current());
      }
      size -= group.records.size() - left.size();
      if (!left.isEmpty()) {
        kept.add(new BackedOff(group.due, group.sequence, left));
      }
    }
    backedOff.clear();
    backedOff.addAll(kept);
  }

  /** Whether some of these could be taken out: they are in no call, or a part of one waits. */
  boolean mayHold(Collection<Pending> records) {
    return records.stream().anyMatch(pending -> !pending.isCommitted() || !parts.isEmpty());
  }

  private static void drain(Deque<Pending> from, Predicate<Pending> expired, List<Pending> out) {
    from.removeIf(
        place -> {
          boolean over = expired.test(place.current());
          if (over) {
            out.add(place.current());
          }
          return over;
        });
  }

  private void ready(Deque<Pending> queue, Pending pending) {
    pending.movedTo(Place.READY);
    queue.add(pending);
    readyRecords++;
    readyBytes += pending.bytes();
  }

  private void noLongerReady(Pending pending) {
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
