package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
import org.audienceactivation.kinesis.sender.CallAnswer.Answered;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer.Stored;
import org.audienceactivation.kinesis.sender.DeliveryResult.Delivered;
import org.audienceactivation.kinesis.sender.DeliveryResult.ReturnCause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.audienceactivation.kinesis.sender.DeliveryResult.Superseded;
import org.audienceactivation.kinesis.sender.SenderListener.CallReport;
import org.audienceactivation.kinesis.sender.SenderListener.ResultKind;
import org.audienceactivation.kinesis.sender.SenderListener.ShardUse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

  private static final Logger LOG = LoggerFactory.getLogger(KinesisSender.class);

  private static final String STREAM_NAME = "[a-zA-Z0-9_.-]{1,128}";

  /** While a call is under way, a further one waits until it is full. */
  private static final int CALLS_THAT_NEED_NOT_BE_FULL = 1;

  /** But no call waits for company longer than this after the last one left. */
  private static final long LONGEST_WAIT_FOR_COMPANY = 5_000_000L;

  /** Nor longer than this for those whom a call's end concerns. */
  private static final long LONGEST_WAIT_FOR_THE_TOLD = 1_000_000L;

  /** No wake-up is set for later, so that a closed sender is not kept for long by its last one. */
  private static final long LONGEST_SLEEP = 30_000_000_000L;

  /** A wake-up that is overdue for so long does not come any more. */
  private static final long LATEST_WAKE = 100_000_000L;

  /** What the sender's own code could not do is tried again after this. */
  private static final long AFTER_A_FAULT = 1_000_000_000L;

  /** Calls full of such records are looked into by {@link CallBuilder}. */
  private static final int BYTES_THAT_ASK_FOR_A_SHARD =
      CallBuilder.BYTES_TO_LOOK_INTO / SenderSettings.RECORDS_PER_CALL_LIMIT;

  private final String stream;
  private final SenderSettings settings;
  private final Surroundings surroundings;
  private final SenderListener listener;
  private final RecordLimits limits;
  private final StreamCaller caller;
  private final Completions completions;

  private final Object lock = new Object();

  // guarded by the lock
  private final ByteBudget budget;
  private final WaitingRoom waiting;
  private final ShardPacing pacing;
  private final SkewWatch skew;
  private final StreamHealth health;
  private final Aftermath aftermath;
  private final Set<Departed> underWay = Collections.newSetFromMap(new IdentityHashMap<>());
  private long lastDeparture;
  private int callsBeingTold;
  private long lastConclusion;
  private boolean wakeSet;
  private long wakeAt;
  private boolean closed;

  /** Closed, and no call is awaited any more. */
  private boolean ended;

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
    this.listener = ShieldedListener.of(listener, stream);
    this.limits =
        new RecordLimits(
            new RecordSize(client, stream, settings.maxRecordBytes(), surroundings)::exceededBy);
    this.caller = new StreamCaller(client, stream);
    this.completions = new Completions(surroundings, this::lessIsUntold);
    this.budget = new ByteBudget(lock, settings.maxBufferedBytes(), completions);
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
          budget.heldBytes(),
          underWay.size(),
          pacing.pacedShards(surroundings.nanoTime()),
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
   * <p>Blocks while {@link SenderSettings#maxBufferedBytes()} are waiting, for Kinesis or, having a
   * result, for one of the {@value Completions#MOST_THREADS} threads that tell of it. If the thread
   * is interrupted then, the records are {@link Returned}. Also blocks, as long as a call takes,
   * when the stream has to be asked for its record limit.
   *
   * @param records none is null; the list is copied
   * @return completes, never exceptionally, when every record has a result. What depends on it runs
   *     on a thread that may block, never on one that sends. After {@link #close()} the results are
   *     {@link Returned}
   */
  public CompletionStage<Void> send(List<StreamRecord> records) {
    List<StreamRecord> given = List.copyOf(records);
    Submission submission = new Submission();
    List<Pending> taken = new ArrayList<>(given.size());
    Settled settled = new Settled();
    try {
      for (StreamRecord record : given) {
        take(record, submission, taken, settled);
      }
      admit(taken, settled);
    } catch (Throwable bug) { // ours, then; what was taken gets a result all the same
      giveUp(given, submission, bug, settled);
    }
    settled.tell();
    return submission.allCounted();
  }

  /**
   * Lets go of records whose caller waits no longer. Those that wait become {@link Returned} at
   * once, and so do those that are not given to a sender yet, which it then leaves alone. A record
   * that a call carries is awaited; if that call fails it would be sent again, so ask again until
   * each record has a result. Records of other senders are left alone.
   */
  public void withdraw(List<StreamRecord> records) {
    List<Pending> wanted = new ArrayList<>();
    for (StreamRecord record : records) {
      record.withdraw();
      record.pending().ifPresent(wanted::add);
    }
    wanted.forEach(Pending::withdraw);
    Settled settled = new Settled();
    synchronized (lock) {
      if (waiting.mayHold(wanted)) {
        for (Pending pending : waiting.drainWithdrawn(recordsUnderWay())) {
          settled.add(pending, withdrawn(pending.attempts()));
        }
        dispatch(settled);
        lock.notifyAll();
      }
    }
    settled.tell();
  }

  static Returned withdrawn(int attempts) {
    return new Returned(ReturnCause.WITHDRAWN, "the caller waits no longer", attempts);
  }

  /**
   * Stops taking work. What waits becomes {@link Returned} at once; calls under way are awaited for
   * {@link SenderSettings#closeWithin()}, then what they carry is returned as well. Whoever closes
   * it a second time also returns when that is done, and not before.
   */
  @Override
  public void close() {
    closeAll(List.of(this), settings.closeWithin());
  }

  /**
   * Closes several senders at once: first all of them stop taking work, then the calls under way of
   * all are awaited in the same time, however many of them hang.
   *
   * @param within how long calls are awaited, unless {@link SenderSettings#closeWithin()} is less
   */
  public static void closeAll(Collection<KinesisSender> senders, Duration within) {
    long begin = System.nanoTime();
    senders.forEach(KinesisSender::takeNoMore);
    for (KinesisSender sender : senders) {
      long nanos = Math.min(within.toNanos(), sender.settings.closeWithin().toNanos());
      sender.end(begin + nanos);
    }
  }

  /** A second time does nothing. */
  private void takeNoMore() {
    List<Pending> unsent;
    Settled settled = new Settled();
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
      giveBack(unsent, "the sender was closed before the record could be sent", settled);
      lock.notifyAll();
    }
    settled.tell();
  }

  /** Several may wait for it; the first whose time is over ends it for all. */
  private void end(long deadline) {
    Settled settled = new Settled();
    synchronized (lock) {
      awaitCallsUnderWay(deadline);
      if (ended) {
        return;
      }
      ended = true;
      giveBack(recordsUnderWay(), "the sender was closed before Kinesis answered", settled);
      lock.notifyAll();
    }
    settled.tell();
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
      submission.weighs(ByteBudget.weight(mine));
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
    synchronized (lock) {
      if (!budget.await(taken, () -> closed)) {
        String why =
            closed
                ? "the sender for stream " + stream + " is closed"
                : "the caller was interrupted while the sender was full";
        taken.forEach(pending -> settled.add(pending, new Returned(ReturnCause.CLOSED, why, 0)));
        budget.letNextCallerIn(); // who stood behind this one
        return;
      }
      long now = surroundings.nanoTime();
      taken.removeIf(pending -> giveBackWithdrawn(pending, settled));
      taken.forEach(pending -> pending.admittedAt(now));
      budget.hold(taken);
      for (Pending old : waiting.admit(taken)) {
        settled.add(old, new Superseded(old.attempts()));
      }
      dispatch(settled);
    }
  }

  private static boolean giveBackWithdrawn(Pending pending, Settled settled) {
    boolean isWithdrawn = pending.isWithdrawn(); // asked once: it may become so at any time
    if (isWithdrawn) {
      settled.add(pending, withdrawn(0));
    }
    return isWithdrawn;
  }

  private void lessIsUntold() {
    budget.lessIsUntold();
  }

  /** The sender could not cope; records that an earlier submission brought are not concerned. */
  private void giveUp(
      List<StreamRecord> given, Submission submission, Throwable bug, Settled settled) {
    LOG.error("The sender of Kinesis stream {} failed; it gives records back", stream, bug);
    synchronized (lock) {
      for (StreamRecord record : given) {
        record
            .pending()
            .filter(pending -> pending.isOf(submission))
            .ifPresent(pending -> settled.add(pending, fault(pending, bug)));
      }
      budget.letNextCallerIn();
    }
  }

  private static Returned fault(Pending pending, Throwable bug) {
    return new Returned(
        ReturnCause.FAULT,
        "unexpected " + bug.getClass().getSimpleName() + " in the sender",
        pending.attempts());
  }

  // ---- departure; all of it under the lock ----

  /** Those whose results it decides are to be told, without the lock. */
  private void dispatch(Settled settled) {
    try {
      departAllThatMay(settled);
    } catch (Throwable bug) { // ours, then; and nobody else may come to go on with what waits
      returnAsFault(waiting.drainInHand(), bug, settled);
      LOG.error("The sender of Kinesis stream {} failed; it tries again", stream, bug);
      surroundings.after(AFTER_A_FAULT, this::goOn);
    } finally {
      budget.letNextCallerIn();
    }
  }

  /** Those that are nowhere else; unless they have a result, this is it. */
  private void returnAsFault(List<Pending> records, Throwable bug, Settled settled) {
    for (Pending pending : records) {
      if (pending.isCommitted()) {
        settled.add(pending, fault(pending, bug));
        waiting.settled(pending);
      }
    }
  }

  private void goOn() {
    Settled settled = new Settled();
    synchronized (lock) {
      dispatch(settled);
    }
    settled.tell();
  }

  private void departAllThatMay(Settled settled) {
    long now = surroundings.nanoTime();
    waiting.release(now);
    while (mayCall(now)) {
      List<Pending> call = waiting.nextCall(now);
      if (!call.isEmpty()) {
        depart(new Departed(call, now), settled);
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

  private void depart(Departed call, Settled settled) {
    lastDeparture = call.at;
    underWay.add(call);
    waiting.handedOver();
    call.records.forEach(Pending::attempted);
    try {
      surroundings.calls().execute(() -> run(call));
    } catch (Throwable noThread) { // the JVM may be out of threads: an Error, and one that passes
      stayedBehind(call, noThread, settled);
    }
  }

  private void stayedBehind(Departed call, Throwable noThread, Settled settled) {
    try {
      call.records.forEach(Pending::notAttempted);
      aftermath.ofNoThread(call.records, Failure.of(noThread), call.at, settled);
    } catch (Throwable bug) {
      LOG.error("The sender of Kinesis stream {} failed before a call", stream, bug);
      returnAsFault(call.records, bug, settled);
    } finally {
      underWay.remove(call);
    }
  }

  private void setWake(long now) {
    long inNanos = waiting.untilRelease(now);
    if (waiting.isReady(now) && underWay.size() < settings.callsInFlight()) {
      inNanos = Math.min(inNanos, untilReadyMayGo(now));
    }
    if (closed || inNanos == Long.MAX_VALUE) {
      return;
    }
    long at = now + Math.max(0, Math.min(inNanos, LONGEST_SLEEP));
    boolean comesAnyway = wakeSet && wakeAt - at <= 0 && now - wakeAt < LATEST_WAKE;
    if (comesAnyway) {
      return;
    }
    surroundings.after(at - now, () -> wake(at));
    wakeSet = true;
    wakeAt = at;
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
    }
    goOn();
  }

  // ---- a call and what comes of it ----

  private void run(Departed call) {
    Settled settled = new Settled();
    try {
      long begin = surroundings.nanoTime();
      CallAnswer answer = caller.put(call.records);
      conclude(call, answer, surroundings.nanoTime() - begin, settled);
    } catch (Throwable bug) { // ours, then; the records get a result all the same
      giveUp(call, bug, settled);
    }
    settled.tell();
  }

  private void conclude(Departed call, CallAnswer answer, long nanos, Settled settled) {
    settled.stored(call.records, answer);
    CallFeedback feedback = CallFeedback.of(call.records, answer);
    List<ShardUse> shards;
    long now;
    synchronized (lock) {
      now = surroundings.nanoTime();
      shards = pacing.learn(feedback, call.at, now);
      skew.learn(feedback);
      letFollowersOf(call.records, answer);
      aftermath.of(call.records, answer, now, settled);
      lastConclusion = now;
      leave(call, settled);
      if (!health.isDown()) {
        skew.look(this::recordsUnderWay, this::recordsHeld, now);
      }
    }
    settled.report = CallReports.of(call.records, answer, shards, nanos, now);
  }

  /** What became of the call is not known, or not wholly. */
  private void giveUp(Departed call, Throwable bug, Settled settled) {
    LOG.error("The sender of Kinesis stream {} failed after a call", stream, bug);
    synchronized (lock) {
      if (!underWay.contains(call)) {
        return; // each record has its result, or waits again
      }
      returnAsFault(call.records, bug, settled);
      leave(call, settled);
    }
  }

  private void leave(Departed call, Settled settled) {
    underWay.remove(call);
    if (closed) {
      lock.notifyAll(); // whoever closes waits for it
    }
    callsBeingTold++;
    settled.thenCount = true;
    dispatch(settled);
  }

  private void told() {
    synchronized (lock) {
      callsBeingTold--;
    }
    goOn();
  }

  private void letFollowersOf(List<Pending> call, CallAnswer answer) {
    if (!(answer instanceof Answered answered)) {
      return;
    }
    for (int i = 0; i < call.size(); i++) {
      if (answered.records().get(i) instanceof Stored) {
        waiting.settled(call.get(i));
        budget.letGo(call.get(i));
      }
    }
  }

  // ---- results ----

  /**
   * The results of one step of the sender. Those that a call stored are given at once; the others
   * are decided under the lock and told without it. Whatever fails between, what is in here by then
   * is told.
   */
  private final class Settled implements Aftermath.Results {
    private record Decided(Pending pending, DeliveryResult result) {}

    private final List<Decided> decided = new ArrayList<>(0);
    private final List<Submission> done = new ArrayList<>(0);
    private int stored;
    private CallReport report;
    private boolean thenCount;

    /** The usual case, without the lock; what was not stored is left to the aftermath. */
    void stored(List<Pending> call, CallAnswer answer) {
      if (!(answer instanceof Answered answered)) {
        return;
      }
      for (int i = 0; i < call.size(); i++) {
        if (answered.records().get(i) instanceof Stored one) {
          Pending pending = call.get(i);
          DeliveryResult result =
              new Delivered(one.shardId(), one.sequenceNumber(), pending.attempts());
          if (pending.settle(result, done)) {
            stored++;
          }
        }
      }
    }

    /** Under the lock, if the record was let in; unless it has a result, this is it. */
    @Override
    public void add(Pending pending, DeliveryResult result) {
      decided.add(new Decided(pending, result));
      budget.letGo(pending);
    }

    /** Without the lock. */
    void tell() {
      try {
        settleDecided();
      } finally {
        completions.complete(done, thenCount ? KinesisSender.this::told : () -> {});
      }
    }

    private void settleDecided() {
      // told first, so that whoever goes on finds the call counted
      if (report != null) {
        listener.called(report);
      }
      if (stored > 0) {
        listener.settled(ResultKind.DELIVERED, stored);
      }
      if (decided.isEmpty()) {
        return;
      }
      Map<ResultKind, Integer> counts = new EnumMap<>(ResultKind.class);
      for (Decided one : decided) {
        if (one.pending.settle(one.result, done)) {
          counts.merge(kind(one.result), 1, Integer::sum);
        }
      }
      counts.forEach(listener::settled);
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

  private static void giveBack(List<Pending> records, String why, Settled settled) {
    records.forEach(
        pending -> settled.add(pending, new Returned(ReturnCause.CLOSED, why, pending.attempts())));
  }

  // ---- the end ----

  /** Until the deadline, or the thread is told to hurry; under the lock. */
  private void awaitCallsUnderWay(long deadline) {
    try {
      while (!ended && !underWay.isEmpty() && deadline - System.nanoTime() > 0) {
        TimeUnit.NANOSECONDS.timedWait(lock, deadline - System.nanoTime());
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Pending> recordsUnderWay() {
    return underWay.stream().flatMap(call -> call.records.stream()).toList();
  }

  private int recordsHeld() {
    return waiting.size() + underWay.stream().mapToInt(call -> call.records.size()).sum();
  }
}
