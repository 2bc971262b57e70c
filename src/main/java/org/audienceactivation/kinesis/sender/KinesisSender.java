package org.audienceactivation.kinesis.sender;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.audienceactivation.kinesis.sender.Aftermath.Settlement;
import org.audienceactivation.kinesis.sender.CallAnswer.Answered;
import org.audienceactivation.kinesis.sender.CallAnswer.Failed;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer.Stored;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * Sends records to one stream until each has a result: the one retry engine. Thread-safe.
 *
 * <p>What several callers give at the same time shares calls. A record goes at once when little is
 * under way; when much is, it waits for company, for some milliseconds at most. Only records that
 * failed are sent again, and a record that is refused takes none of its neighbours along. At least
 * once: a record whose acknowledgement was lost is stored twice; one that was acknowledged is never
 * sent again.
 *
 * <p>Unless {@link SenderSettings} limit it, a record that can still succeed is sent again for as
 * long as that takes; meanwhile its caller waits, and nothing but what callers wait for is kept in
 * memory. So callers bound the memory by how much they have under way.
 */
public final class KinesisSender implements AutoCloseable {

  private static final String STREAM_NAME = "[a-zA-Z0-9_.-]{1,128}";

  /** So many calls may be under way before a further one waits until it is full. */
  private static final int CALLS_THAT_NEED_NOT_BE_FULL = 2;

  /** But no call waits for company longer than this after the last one left. */
  private static final long LONGEST_WAIT_FOR_COMPANY = 20_000_000L;

  private final String stream;
  private final SenderSettings settings;
  private final Surroundings surroundings;
  private final RecordLimits limits;
  private final StreamCaller caller;

  private final Object lock = new Object();

  // guarded by the lock
  private final WaitingRoom waiting;
  private final StreamHealth health;
  private final Aftermath aftermath;
  private final Set<List<Pending>> underWay = Collections.newSetFromMap(new IdentityHashMap<>());
  private long lastDeparture;
  private boolean wakeSet;
  private long wakeAt;
  private boolean closed;

  KinesisSender(
      KinesisClient client,
      String stream,
      SenderSettings settings,
      Surroundings surroundings,
      StreamHealth.Log log) {
    this.stream = stream;
    this.settings = settings;
    this.surroundings = surroundings;
    this.limits = new RecordLimits(settings.maxRecordBytes());
    this.caller = new StreamCaller(client, stream);
    Backoff backoff = new Backoff(settings, surroundings.random());
    this.waiting = new WaitingRoom(settings);
    this.health = new StreamHealth(backoff, log, this::recordsHeld);
    this.aftermath = new Aftermath(settings, waiting, health, backoff);
    this.lastDeparture = surroundings.nanoTime() - LONGEST_WAIT_FOR_COMPANY;
  }

  /**
   * A sender for one stream.
   *
   * @param client not closed by the sender. Its own retries should be off ({@link KinesisClients}
   *     makes such clients): they would be made beside those of the sender
   * @throws IllegalArgumentException if the name is none that a stream can have
   */
  public static KinesisSender open(KinesisClient client, String stream, SenderSettings settings) {
    requireStreamName(stream);
    return new KinesisSender(
        Objects.requireNonNull(client, "client"),
        stream,
        Objects.requireNonNull(settings, "settings"),
        Surroundings.real(stream, settings.callsInFlight()),
        new HealthLog(stream, client));
  }

  /**
   * Checks the name as Kinesis does.
   *
   * @throws IllegalArgumentException if the name is none that a stream can have
   */
  public static void requireStreamName(String stream) {
    if (!stream.matches(STREAM_NAME)) {
      throw new IllegalArgumentException(
          "'%s' is no name of a stream; allowed are 1 to 128 letters, digits, '_', '.' and '-'"
              .formatted(stream));
    }
  }

  public String stream() {
    return stream;
  }

  /** How many records have been taken and have no result yet. */
  public int openRecords() {
    synchronized (lock) {
      return recordsHeld();
    }
  }

  /**
   * Takes records and sends those that have no result yet. A record that is on its way already, by
   * an earlier call of this method, is waited for and not sent twice.
   *
   * @param records none is null; the list is copied
   * @return completes, never exceptionally, when every record has a result. What depends on it runs
   *     on a thread that may block, never on one that sends. After {@link #close()} the results are
   *     {@link Returned}
   */
  public CompletionStage<Void> send(List<StreamRecord> records) {
    Submission submission = new Submission(surroundings.completions());
    List<Pending> taken = new ArrayList<>(records.size());
    for (StreamRecord record : List.copyOf(records)) {
      take(record, submission, taken);
    }
    if (!admit(taken)) {
      settleAll(taken, "the sender for stream " + stream + " is closed");
    }
    return submission.allCounted();
  }

  /**
   * Stops taking work. What waits becomes {@link Returned} at once; calls under way are awaited for
   * {@link SenderSettings#closeWithin()}, then what they carry is returned as well.
   */
  @Override
  public void close() {
    List<Pending> unsent;
    synchronized (lock) {
      if (closed) {
        return;
      }
      closed = true;
      aftermath.nothingIsSentAgain();
      unsent = waiting.drain();
    }
    settleAll(unsent, "the sender was closed before the record could be sent");
    settleAll(awaitCallsUnderWay(), "the sender was closed before Kinesis answered");
    surroundings.close();
  }

  // ---- admission ----

  private void take(StreamRecord record, Submission submission, List<Pending> taken) {
    if (record.result().isPresent()) {
      return;
    }
    Pending mine =
        new Pending(record, (int) Math.min(Integer.MAX_VALUE, RecordLimits.bytes(record)));
    submission.expectOne();
    mine.tell(submission);
    if (record.claim(mine)) {
      Optional<DeliveryResult.Refused> refusal = limits.refusal(record);
      if (refusal.isPresent()) {
        mine.settle(refusal.get());
      } else {
        taken.add(mine);
      }
      return;
    }
    boolean told = record.pending().filter(other -> other.tell(submission)).isPresent();
    if (!told) {
      submission.settledOne();
    }
  }

  private boolean admit(List<Pending> taken) {
    synchronized (lock) {
      if (closed) {
        return false;
      }
      long now = surroundings.nanoTime();
      taken.forEach(pending -> pending.admittedAt(now));
      waiting.admit(taken);
      dispatch();
      return true;
    }
  }

  // ---- departure; all of it under the lock ----

  private void dispatch() {
    long now = surroundings.nanoTime();
    waiting.release(now);
    while (mayCall(now)) {
      depart(waiting.nextCall(), now);
    }
    setWake(now);
  }

  private boolean mayCall(long now) {
    return !closed
        && waiting.isReady()
        && underWay.size() < settings.callsInFlight()
        && health.admitsCall(now, underWay.size())
        && isWorthACall(now);
  }

  private boolean isWorthACall(long now) {
    return underWay.size() < CALLS_THAT_NEED_NOT_BE_FULL
        || waiting.fillsACall()
        || now - lastDeparture >= LONGEST_WAIT_FOR_COMPANY;
  }

  private void depart(List<Pending> call, long now) {
    lastDeparture = now;
    call.forEach(Pending::attempted);
    underWay.add(call);
    try {
      surroundings.calls().execute(() -> run(call));
    } catch (Throwable noThread) { // the JVM may be out of threads: an Error, and one that passes
      settleAll(aftermath.of(call, new Failed(Failure.of(noThread)), now));
      underWay.remove(call);
    }
  }

  private void setWake(long now) {
    long inNanos = Long.MAX_VALUE;
    if (waiting.hasBackedOff()) {
      inNanos = waiting.nextRelease() - now;
    }
    if (waiting.isReady() && underWay.size() < settings.callsInFlight()) {
      inNanos = Math.min(inNanos, untilReadyMayGo(now));
    }
    boolean nothingToWaitFor = closed || inNanos == Long.MAX_VALUE;
    boolean setEarlier = wakeSet && wakeAt - (now + inNanos) <= 0;
    if (nothingToWaitFor || setEarlier) {
      return;
    }
    long at = now + inNanos;
    wakeSet = true;
    wakeAt = at;
    surroundings.after(Math.max(0, inNanos), () -> wake(at));
  }

  private long untilReadyMayGo(long now) {
    if (!health.isDown()) {
      return lastDeparture + LONGEST_WAIT_FOR_COMPANY - now;
    }
    // while a call is under way, its end decides
    return underWay.isEmpty() ? health.nextProbe() - now : Long.MAX_VALUE;
  }

  private void wake(long at) {
    synchronized (lock) {
      if (wakeSet && wakeAt == at) {
        wakeSet = false;
      }
      dispatch();
    }
  }

  // ---- a call and what comes of it ----

  private void run(List<Pending> call) {
    try {
      conclude(call, caller.put(call));
    } catch (Throwable bug) { // ours, then; the records get a result all the same
      conclude(call);
      settleAll(
          call, "unexpected " + bug.getClass().getSimpleName() + " while results were handled");
    }
  }

  private void conclude(List<Pending> call, CallAnswer answer) {
    settleStored(call, answer);
    List<Settlement> settlements;
    synchronized (lock) {
      settlements = aftermath.of(call, answer, surroundings.nanoTime());
      underWay.remove(call);
      dispatch();
      lock.notifyAll();
    }
    settleAll(settlements);
  }

  private void conclude(List<Pending> call) {
    synchronized (lock) {
      underWay.remove(call);
      dispatch();
      lock.notifyAll();
    }
  }

  /** The usual case, without the lock; what was not stored is left to the aftermath. */
  private static void settleStored(List<Pending> call, CallAnswer answer) {
    if (!(answer instanceof Answered answered)) {
      return;
    }
    for (int i = 0; i < call.size(); i++) {
      Pending pending = call.get(i);
      if (answered.records().get(i) instanceof Stored stored) {
        pending.settle(
            new Delivered(stored.shardId(), stored.sequenceNumber(), pending.attempts()));
      }
    }
  }

  // ---- results ----

  private static void settleAll(List<Settlement> settlements) {
    settlements.forEach(settlement -> settlement.pending().settle(settlement.result()));
  }

  private static void settleAll(Collection<Pending> records, String why) {
    records.forEach(pending -> pending.settle(new Returned(why, pending.attempts())));
  }

  // ---- the end ----

  /**
   * Those that are still without an answer when the time is over, or the thread is told to hurry.
   */
  private List<Pending> awaitCallsUnderWay() {
    long deadline = System.nanoTime() + settings.closeWithin().toNanos();
    synchronized (lock) {
      try {
        while (!underWay.isEmpty() && deadline - System.nanoTime() > 0) {
          TimeUnit.NANOSECONDS.timedWait(lock, deadline - System.nanoTime());
        }
      } catch (InterruptedException hurry) {
        Thread.currentThread().interrupt();
      }
      return underWay.stream().flatMap(List::stream).toList();
    }
  }

  private int recordsHeld() {
    return waiting.size() + underWay.stream().mapToInt(List::size).sum();
  }
}
