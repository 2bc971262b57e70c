package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
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
import org.audienceactivation.kinesis.sender.DeliveryResult.ReturnCause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.audienceactivation.kinesis.sender.DeliveryResult.Superseded;
import org.audienceactivation.kinesis.sender.SenderListener.ResultKind;
import org.audienceactivation.kinesis.sender.SenderListener.ShardUse;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * Sends records to one stream until each has a result: the one retry engine. Thread-safe.
 *
 * <p>What several callers give at the same time shares calls. A record goes at once when nothing is
 * under way; else it waits for company, for some milliseconds at most. Only records that failed are
 * sent again, and a record that is refused takes none of its neighbours along. The records of one
 * partition key reach the stream in the order in which they were given, unless {@link
 * SenderSettings#order()} says otherwise. At least once: a record whose acknowledgement was lost is
 * stored twice; one that was acknowledged is never sent again.
 *
 * <p>Unless {@link SenderSettings} limit it, a record that can still succeed is sent again for as
 * long as that takes; meanwhile its caller waits. What waits is bounded: when it is too much,
 * {@link #send} blocks.
 */
public final class KinesisSender implements AutoCloseable {

  private static final String STREAM_NAME = "[a-zA-Z0-9_.-]{1,128}";

  /** While a call is under way, a further one waits until it is full. */
  private static final int CALLS_THAT_NEED_NOT_BE_FULL = 1;

  /** But no call waits for company longer than this after the last one left. */
  private static final long LONGEST_WAIT_FOR_COMPANY = 5_000_000L;

  /** Nor longer than this for those whom a call's end concerns. */
  private static final long LONGEST_WAIT_FOR_THE_TOLD = 1_000_000L;

  /** Calls full of such records are looked into by {@link CallBuilder}. */
  private static final int BYTES_THAT_ASK_FOR_A_SHARD =
      CallBuilder.BYTES_TO_LOOK_INTO / SenderSettings.RECORDS_PER_CALL_LIMIT;

  /** About what the JVM keeps for a record beside its key and data. */
  private static final int RECORD_OVERHEAD = 256;

  private final String stream;
  private final SenderSettings settings;
  private final Surroundings surroundings;
  private final SenderListener listener;
  private final RecordLimits limits;
  private final StreamCaller caller;
  private final Completions completions;

  private final Object lock = new Object();

  // guarded by the lock
  private final WaitingRoom waiting;
  private final ShardPacing pacing;
  private final SkewWatch skew;
  private final StreamHealth health;
  private final Aftermath aftermath;
  private final Set<Departed> underWay = Collections.newSetFromMap(new IdentityHashMap<>());
  private long bufferedBytes;
  private int blockedCallers;
  private long lastDeparture;
  private int callsBeingTold;
  private long lastConclusion;
  private boolean wakeSet;
  private long wakeAt;
  private boolean closed;

  /** A call under way. */
  private record Departed(List<Pending> records, long at) {}

  KinesisSender(
      KinesisClient client,
      String stream,
      SenderSettings settings,
      Surroundings surroundings,
      OperatorLog log,
      SenderListener listener) {
    this.stream = stream;
    this.settings = settings;
    this.surroundings = surroundings;
    this.listener = listener;
    this.limits =
        new RecordLimits(
            new RecordSize(client, stream, settings.maxRecordBytes(), surroundings)::exceededBy);
    this.caller = new StreamCaller(client, stream);
    this.completions = new Completions(surroundings);
    Backoff backoff = new Backoff(settings, surroundings.random());
    this.pacing = new ShardPacing();
    this.waiting = new WaitingRoom(settings, pacing);
    this.health = new StreamHealth(backoff, log, this::recordsHeld);
    this.aftermath = new Aftermath(settings, waiting, pacing, health, backoff);
    long now = surroundings.nanoTime();
    this.skew = new SkewWatch(pacing.traffic(), waiting.lines(), log, now);
    this.lastDeparture = now - LONGEST_WAIT_FOR_COMPANY;
  }

  /**
   * A sender for one stream.
   *
   * @param client not closed by the sender. Its own retries should be off ({@link KinesisClients}
   *     makes such clients): they would be made beside those of the sender
   * @throws IllegalArgumentException if the name is none that a stream can have
   */
  public static KinesisSender open(KinesisClient client, String stream, SenderSettings settings) {
    return open(client, stream, settings, SenderListener.NONE);
  }

  /**
   * A sender for one stream that tells somebody what it does.
   *
   * @param client not closed by the sender. Its own retries should be off
   * @throws IllegalArgumentException if the name is none that a stream can have
   */
  public static KinesisSender open(
      KinesisClient client, String stream, SenderSettings settings, SenderListener listener) {
    requireStreamName(stream);
    return new KinesisSender(
        Objects.requireNonNull(client, "client"),
        stream,
        Objects.requireNonNull(settings, "settings"),
        Surroundings.real(stream, settings.callsInFlight()),
        new HealthLog(stream, client),
        Objects.requireNonNull(listener, "listener"));
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

  /** How the sender stands at present. */
  public SenderStatus status() {
    synchronized (lock) {
      Optional<Duration> downFor =
          health.isDown()
              ? Optional.of(Duration.ofNanos(surroundings.nanoTime() - health.downSince()))
              : Optional.empty();
      return new SenderStatus(
          recordsHeld(),
          waiting.size(),
          bufferedBytes,
          underWay.size(),
          pacing.pacedShards(),
          downFor);
    }
  }

  /** How evenly the stream is used, since the sender was opened. */
  public SkewReport skew() {
    synchronized (lock) {
      return skew.report();
    }
  }

  /**
   * Takes records and sends those that have no result yet. A record that is on its way already, by
   * an earlier call of this method, is waited for and not sent twice.
   *
   * <p>Blocks while {@link SenderSettings#maxBufferedBytes()} are waiting. If the thread is
   * interrupted then, the records are {@link Returned}. Also blocks, as long as a call takes, when
   * the stream has to be asked for its record limit.
   *
   * @param records none is null; the list is copied
   * @return completes, never exceptionally, when every record has a result. What depends on it runs
   *     on a thread that may block, never on one that sends. After {@link #close()} the results are
   *     {@link Returned}
   */
  public CompletionStage<Void> send(List<StreamRecord> records) {
    Submission submission = new Submission();
    List<Pending> taken = new ArrayList<>(records.size());
    Settled settled = new Settled();
    for (StreamRecord record : List.copyOf(records)) {
      take(record, submission, taken, settled);
    }
    admit(taken, settled);
    settled.tell();
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
      for (Departed call : underWay) {
        call.records.forEach(pending -> waiting.drainBehind(pending, unsent));
      }
      lock.notifyAll();
    }
    giveBack(unsent, "the sender was closed before the record could be sent");
    giveBack(awaitCallsUnderWay(), "the sender was closed before Kinesis answered");
    surroundings.close();
  }

  // ---- admission ----

  private void take(
      StreamRecord record, Submission submission, List<Pending> taken, Settled settled) {
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
        settled.add(mine, refusal.get());
        return;
      }
      if (mine.bytes() > BYTES_THAT_ASK_FOR_A_SHARD) {
        mine.hash(); // here it costs the callers' time, later that of all who wait for the lock
      }
      taken.add(mine);
      return;
    }
    boolean told = record.pending().filter(other -> other.tell(submission)).isPresent();
    if (!told) {
      submission.settledOne();
    }
  }

  private void admit(List<Pending> taken, Settled settled) {
    long weight = taken.stream().mapToLong(KinesisSender::weight).sum();
    synchronized (lock) {
      if (!waitForRoom(weight)) {
        String why =
            closed
                ? "the sender for stream " + stream + " is closed"
                : "the caller was interrupted while the sender was full";
        taken.forEach(pending -> settled.add(pending, new Returned(ReturnCause.CLOSED, why, 0)));
        return;
      }
      long now = surroundings.nanoTime();
      taken.forEach(pending -> pending.admittedAt(now));
      bufferedBytes += weight;
      for (Pending old : waiting.admit(taken)) {
        bufferedBytes -= weight(old);
        settled.add(old, new Superseded(old.attempts()));
      }
      dispatch();
    }
  }

  /** False if the sender is closed, or the thread is not to wait. */
  private boolean waitForRoom(long weight) {
    blockedCallers++;
    try {
      while (!closed && bufferedBytes > 0 && bufferedBytes + weight > settings.maxBufferedBytes()) {
        lock.wait();
      }
      return !closed;
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      blockedCallers--;
    }
  }

  private static long weight(Pending pending) {
    return (long) pending.bytes() + RECORD_OVERHEAD;
  }

  // ---- departure; all of it under the lock ----

  private void dispatch() {
    long now = surroundings.nanoTime();
    waiting.release(now);
    while (mayCall(now)) {
      List<Pending> call = waiting.nextCall(now);
      if (!call.isEmpty()) {
        depart(new Departed(call, now));
      }
    }
    setWake(now);
  }

  private boolean mayCall(long now) {
    return !closed
        && waiting.isReady(now)
        && underWay.size() < settings.callsInFlight()
        && health.admitsCall(now, underWay.size())
        && isWorthACall(now);
  }

  private boolean isWorthACall(long now) {
    return isQuiet(now) || waiting.fillsACall() || now - lastDeparture >= LONGEST_WAIT_FOR_COMPANY;
  }

  /** Who is told that his record has arrived may bring the next: they go in one call then. */
  private boolean isQuiet(long now) {
    return underWay.size() < CALLS_THAT_NEED_NOT_BE_FULL
        && (callsBeingTold == 0 || now - lastConclusion >= LONGEST_WAIT_FOR_THE_TOLD);
  }

  private void depart(Departed call) {
    lastDeparture = call.at;
    call.records.forEach(Pending::attempted);
    underWay.add(call);
    try {
      surroundings.calls().execute(() -> run(call));
    } catch (Throwable noThread) { // the JVM may be out of threads: an Error, and one that passes
      underWay.remove(call);
      Settled settled = new Settled();
      settled.addAll(aftermath.of(call.records, new Failed(Failure.of(noThread)), call.at));
      settled.tell();
    }
  }

  private void setWake(long now) {
    long inNanos = waiting.untilRelease(now);
    if (waiting.isReady(now) && underWay.size() < settings.callsInFlight()) {
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
      long untilCompanyIsThere = lastDeparture + LONGEST_WAIT_FOR_COMPANY - now;
      return underWay.isEmpty()
          ? Math.min(untilCompanyIsThere, lastConclusion + LONGEST_WAIT_FOR_THE_TOLD - now)
          : untilCompanyIsThere;
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

  private void run(Departed call) {
    long begin = surroundings.nanoTime();
    try {
      CallAnswer answer = caller.put(call.records);
      conclude(call, answer, surroundings.nanoTime() - begin);
    } catch (Throwable bug) { // ours, then; the records get a result all the same
      conclude(
          call, "unexpected " + bug.getClass().getSimpleName() + " while results were handled");
    }
  }

  private void conclude(Departed call, CallAnswer answer, long nanos) {
    List<Submission> done = new ArrayList<>();
    int stored = settleStored(call.records, answer, done);
    CallFeedback feedback = CallFeedback.of(call.records, answer);
    Settled settled = new Settled();
    List<ShardUse> shards;
    long now;
    synchronized (lock) {
      now = surroundings.nanoTime();
      shards = pacing.learn(feedback, call.at, now);
      skew.learn(feedback);
      letFollowersOf(call.records, answer);
      settled.addAll(aftermath.of(call.records, answer, now));
      callsBeingTold++;
      lastConclusion = now;
      leave(call);
      if (!health.isDown()) {
        skew.look(this::recordsUnderWay, this::recordsHeld, now);
      }
    }
    // told first, so that whoever goes on finds the call counted
    try {
      listener.called(CallReports.of(call.records, answer, shards, nanos, now));
      if (stored > 0) {
        listener.settled(ResultKind.DELIVERED, stored);
      }
    } finally {
      completions.complete(done, this::told);
      settled.tell();
    }
  }

  private void told() {
    synchronized (lock) {
      callsBeingTold--;
      dispatch();
    }
  }

  private void conclude(Departed call, String why) {
    synchronized (lock) {
      if (!underWay.contains(call)) {
        return; // all is done; it was a listener that failed
      }
      call.records.forEach(
          pending -> {
            waiting.settled(pending);
            bufferedBytes -= weight(pending);
          });
      leave(call);
    }
    Settled settled = new Settled();
    call.records.forEach(
        pending -> settled.add(pending, new Returned(ReturnCause.FAULT, why, pending.attempts())));
    settled.tell();
  }

  private void leave(Departed call) {
    underWay.remove(call);
    dispatch();
    if (closed || blockedCallers > 0) {
      lock.notifyAll();
    }
  }

  /** The usual case, without the lock; what was not stored is left to the aftermath. */
  private static int settleStored(List<Pending> call, CallAnswer answer, List<Submission> done) {
    if (!(answer instanceof Answered answered)) {
      return 0;
    }
    int count = 0;
    for (int i = 0; i < call.size(); i++) {
      if (answered.records().get(i) instanceof Stored stored) {
        Pending pending = call.get(i);
        pending.settle(
            new Delivered(stored.shardId(), stored.sequenceNumber(), pending.attempts()), done);
        count++;
      }
    }
    return count;
  }

  private void letFollowersOf(List<Pending> call, CallAnswer answer) {
    if (!(answer instanceof Answered answered)) {
      return;
    }
    for (int i = 0; i < call.size(); i++) {
      if (answered.records().get(i) instanceof Stored) {
        waiting.settled(call.get(i));
        bufferedBytes -= weight(call.get(i));
      }
    }
  }

  // ---- results ----

  /** Results that were decided under the lock, and are told without it. */
  private final class Settled {
    private final List<Settlement> all = new ArrayList<>(0);

    void add(Pending pending, DeliveryResult result) {
      all.add(new Settlement(pending, result));
    }

    /** Of records that were let in; under the lock. */
    void addAll(List<Settlement> settlements) {
      settlements.forEach(one -> bufferedBytes -= weight(one.pending()));
      all.addAll(settlements);
    }

    void tell() {
      if (all.isEmpty()) {
        return;
      }
      List<Submission> done = new ArrayList<>();
      Map<ResultKind, Integer> counts = new EnumMap<>(ResultKind.class);
      for (Settlement one : all) {
        one.pending().settle(one.result(), done);
        counts.merge(kind(one.result()), 1, Integer::sum);
      }
      counts.forEach(listener::settled);
      completions.complete(done);
    }
  }

  private static ResultKind kind(DeliveryResult result) {
    if (result instanceof Delivered) {
      return ResultKind.DELIVERED;
    }
    if (result instanceof Superseded) {
      return ResultKind.SUPERSEDED;
    }
    return result instanceof Returned ? ResultKind.RETURNED : ResultKind.REFUSED;
  }

  private void giveBack(List<Pending> records, String why) {
    Settled settled = new Settled();
    records.forEach(
        pending -> settled.add(pending, new Returned(ReturnCause.CLOSED, why, pending.attempts())));
    settled.tell();
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
      return recordsUnderWay();
    }
  }

  private List<Pending> recordsUnderWay() {
    return underWay.stream().flatMap(call -> call.records.stream()).toList();
  }

  private int recordsHeld() {
    return waiting.size() + underWay.stream().mapToInt(call -> call.records.size()).sum();
  }
}
