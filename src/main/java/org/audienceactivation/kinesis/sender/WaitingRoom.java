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
 * Where records wait for a call, and which of them the next call takes: a part of a refused call,
 * each by itself and alternating with all else; then those that waited for their shard; then those
 * whose backoff is over or whose elder is settled; then new ones in the order in which they came.
 * If there was room for none of the new ones, the next call begins with them: else keys that always
 * have another record would keep them waiting for ever. What is too large for a call with others is
 * a part as soon as its turn comes. Not thread-safe.
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
  private int recordsInParts;
  private boolean partsHadTheirTurn;
  private boolean freshComeFirst;

  /** Out of the queues, and in no call yet of which the sender knows. */
  private List<Pending> inHand = List.of();

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
    if (order == DeliveryOrder.LATEST_WINS && pending.record().supersedes()) {
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

  /**
   * These are to be sent in one call, without others. They stay committed. They go before other
   * parts, so that a refused call is halved down to one record before the next is looked into.
   */
  void admitPart(List<Pending> part) {
    parts.addFirst(part);
    count(part);
  }

  private void count(List<Pending> part) {
    size += part.size();
    recordsInParts += part.size();
    readyRecords += part.size();
    part.forEach(pending -> readyBytes += pending.bytes());
  }

  /** These come back into the queue when {@code due} is reached, before the new ones. */
  void backOff(List<Pending> records, long due) {
    backOff(new BackedOff(due, backedOffSequence++, records, false));
  }

  /** This one is to be sent without others when {@code due} is reached, after other parts. */
  void backOffAlone(Pending pending, long due) {
    backOff(new BackedOff(due, backedOffSequence++, List.of(pending), true));
  }

  private void backOff(BackedOff group) {
    backedOff.add(group);
    group.records.forEach(pending -> pending.movedTo(Place.BACKED_OFF));
    size += group.records.size();
  }

  /** This one goes before all others that wait for its shard. */
  void holdFirst(ShardPace pace, Pending pending) {
    pace.held().addFirst(pending);
    pending.movedTo(Place.HELD);
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
    pacing.forgetThoseOver(now);
    letFreedIn();
    while (!backedOff.isEmpty() && backedOff.peek().due - now <= 0) {
      BackedOff over = backedOff.remove();
      if (over.alone) {
        size -= over.records.size();
        readyAlone(over.records.get(0).current());
      } else {
        over.records.forEach(pending -> ready(again, pending.current()));
      }
    }
  }

  private void readyAlone(Pending pending) {
    List<Pending> part = List.of(pending);
    parts.addLast(part);
    pending.movedTo(Place.COMMITTED);
    count(part);
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
   * shard that takes no more at present. The records are in hand until {@link #handedOver()}, even
   * if this fails.
   */
  List<Pending> nextCall(long now) {
    if (isTurnOfParts(now)) {
      inHand = parts.remove();
      size -= inHand.size();
      recordsInParts -= inHand.size();
      inHand.forEach(this::noLongerReady);
      return inHand;
    }
    CallBuilder call = new CallBuilder(maxRecords, maxBytes, pacing.ranges(), readyRecords);
    inHand = call.records();
    if (freshComeFirst) {
      freshComeFirst = false;
      take(fresh, call, now);
      takeHeld(call, now);
      take(again, call, now);
    } else {
      takeHeld(call, now);
      take(again, call, now);
      int others = call.records().size();
      take(fresh, call, now);
      freshComeFirst = !fresh.isEmpty() && call.records().size() == others;
    }
    return call.records();
  }

  private boolean isTurnOfParts(long now) {
    boolean nothingElse = readyRecords == recordsInParts && !pacing.hasReady(now);
    partsHadTheirTurn = !parts.isEmpty() && (nothingElse || !partsHadTheirTurn);
    return partsHadTheirTurn;
  }

  /** The sender has the call. */
  void handedOver() {
    inHand = List.of();
  }

  /** Takes out what was to be a call that could not be made. */
  List<Pending> drainInHand() {
    List<Pending> left = inHand;
    inHand = List.of();
    return left;
  }

  private void takeHeld(CallBuilder call, long now) {
    for (ShardPace pace : pacing.paces()) {
      Deque<Pending> held = pace.held();
      while (!held.isEmpty()) {
        Pending next = held.element().current();
        Fit fit = call.fit(next);
        boolean fits = fit == Fit.YES || (fit == Fit.ONLY_ALONE && parts.isEmpty());
        if (!fits || !pace.take(next.bytes(), now)) {
          break;
        }
        put(next, fit, call);
        held.remove();
      }
    }
  }

  // a record is where it goes before it is taken from where it was: an error loses none
  private void take(Deque<Pending> from, CallBuilder call, long now) {
    Deque<Pending> passedOver = new ArrayDeque<>(0);
    try {
      while (!from.isEmpty() && passedOver.size() < RECORDS_PASSED_OVER) {
        Pending next = from.element().current();
        Fit fit = call.fit(next);
        if (fit == Fit.FULL) {
          break;
        }
        if (fit == Fit.NOT_THIS_SHARD || (fit == Fit.ONLY_ALONE && !parts.isEmpty())) {
          passedOver.push(next);
          from.remove();
          next.movedTo(Place.READY);
          continue;
        }
        Optional<ShardPace> pace = pacing.paceOf(next);
        if (pace.isPresent() && mustWait(pace.get(), next, now)) {
          pace.get().held().add(next);
          next.movedTo(Place.HELD);
        } else {
          put(next, fit, call);
        }
        from.remove();
        noLongerReady(next);
      }
    } finally {
      passedOver.forEach(from::addFirst);
    }
  }

  /** Into the call, or into one of its own that goes next. */
  private void put(Pending next, Fit fit, CallBuilder call) {
    if (fit == Fit.ONLY_ALONE) {
      admitPart(List.of(next));
    } else {
      call.add(next);
    }
    next.movedTo(Place.COMMITTED);
    size--;
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
    recordsInParts = 0;
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
      List<Pending> left = new ArrayList<>(part.size());
      for (Pending pending : part) {
        if (pending.isWithdrawn()) { // asked once: it may become so at any time
          leavePart(pending, out);
        } else {
          left.add(pending);
        }
      }
      kept.add(left);
    }
    parts.clear();
    kept.stream().filter(part -> !part.isEmpty()).forEach(parts::add);
  }

  private void leavePart(Pending pending, List<Pending> out) {
    noLongerReady(pending);
    recordsInParts--;
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
        kept.add(new BackedOff(group.due, group.sequence, left, group.alone));
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
  private record BackedOff(long due, long sequence, List<Pending> records, boolean alone)
      implements Comparable<BackedOff> {
    @Override
    public int compareTo(BackedOff other) {
      // differences, since the clock's values may wrap
      int byTime = Long.signum(due - other.due);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }
}
