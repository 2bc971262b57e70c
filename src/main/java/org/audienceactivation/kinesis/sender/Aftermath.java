package org.audienceactivation.kinesis.sender;

import static org.audienceactivation.kinesis.sender.DeliveryResult.ReturnCause.CLOSED;
import static org.audienceactivation.kinesis.sender.DeliveryResult.ReturnCause.FAULT;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.audienceactivation.kinesis.sender.CallAnswer.Answered;
import org.audienceactivation.kinesis.sender.CallAnswer.Failed;
import org.audienceactivation.kinesis.sender.CallAnswer.RecordAnswer.NotStored;
import org.audienceactivation.kinesis.sender.DeliveryResult.Cause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.audienceactivation.kinesis.sender.DeliveryResult.ReturnCause;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;
import org.audienceactivation.kinesis.sender.DeliveryResult.Superseded;

/**
 * What is done about the records that a call did not store: back to the waiting room, in halves or
 * after a backoff, or a result if nothing more can be done for them. Not thread-safe; used under
 * the sender's lock, so it hands out results instead of settling them.
 *
 * <p>A call whose argument is refused is sent again in halves, and a record that is refused alone
 * has its result. But once {@value #REFUSALS_BELIEVED} records in a row were, and none was stored
 * since the first of them, it is rather the calls as such that are not understood, as by a proxy
 * that does not know their format: an outage then, in which what is refused alone waits as well,
 * until something is stored.
 */
final class Aftermath {

  private static final int SURPRISES_ALLOWED = 3;

  /** So many bad records may come in a row. */
  static final int REFUSALS_BELIEVED = 3;

  /** Takes results as they are decided, so that none is lost if a later one cannot be. */
  interface Results {
    void add(Pending pending, DeliveryResult result);
  }

  /** A result that a record is to get. */
  private record Settlement(Pending pending, DeliveryResult result) {}

  private final SenderSettings settings;
  private final WaitingRoom waiting;
  private final ShardPacing pacing;
  private final StreamHealth health;
  private final Backoff backoff;
  private boolean ended;

  /** Records that were refused alone since one was stored. */
  private int refusedInARow;

  Aftermath(
      SenderSettings settings,
      WaitingRoom waiting,
      ShardPacing pacing,
      StreamHealth health,
      Backoff backoff) {
    this.settings = settings;
    this.waiting = waiting;
    this.pacing = pacing;
    this.health = health;
    this.backoff = backoff;
  }

  /** From now on what would be sent again is returned. */
  void nothingIsSentAgain() {
    ended = true;
  }

  /** Judges the call; the results are those that it, or the outage it is part of, decides. */
  void of(List<Pending> call, CallAnswer answer, long now, Results results) {
    if (answer instanceof Failed failed) {
      afterFailedCall(call, failed.failure(), now, results);
    } else {
      afterAnsweredCall(call, (Answered) answer, now, results);
    }
  }

  /** There was no thread to make the call: no attempt, and nobody's fault; it passes. */
  void ofNoThread(List<Pending> call, Failure failure, long now, Results results) {
    health.failed(now, failure, Treatment.RETRY);
    call.forEach(pending -> pending.heldUpSince(health.downSince()));
    sendAgain(troubled(call, failure), now, results);
    expireWaiting(failure, now, results);
  }

  private void afterAnsweredCall(List<Pending> call, Answered answer, long now, Results results) {
    List<Troubled> retry = new ArrayList<>();
    Optional<Failure> outage = Optional.empty();
    List<Troubled> notStored = notStored(call, answer);
    if (notStored.size() < call.size()) {
      refusedInARow = 0;
    }
    for (Troubled one : notStored) {
      Treatment treatment = FailureClassifier.ofRecord(one.failure);
      if (treatment == Treatment.REFUSE) {
        settle(refused(one), results);
        continue;
      }
      if (treatment == Treatment.RETRY_AND_CALL_FOR_HELP) {
        outage = Optional.of(one.failure);
      }
      one.pending.failed(now);
      retry.add(one);
    }
    outage.ifPresentOrElse(
        cause -> health.failed(now, cause, Treatment.RETRY_AND_CALL_FOR_HELP),
        () -> health.succeeded(now));
    sendAgain(retry, now, results);
    outage.ifPresent(cause -> expireWaiting(cause, now, results));
  }

  private void afterFailedCall(List<Pending> call, Failure failure, long now, Results results) {
    Treatment treatment = FailureClassifier.ofCall(failure);
    switch (treatment) {
      case BISECT -> argumentRefused(call, failure, now, results);
      case SURPRISE -> {
        health.failed(now, failure, Treatment.RETRY_AND_CALL_FOR_HELP);
        call.forEach(pending -> pending.surprised(now));
        sendAgain(troubled(call, failure), now, results);
      }
      case RETRY, RETRY_AND_CALL_FOR_HELP -> outage(call, failure, treatment, now, results);
      case REFUSE -> throw new IllegalStateException("a call as a whole is never refused");
    }
  }

  private void outage(
      List<Pending> call, Failure failure, Treatment treatment, long now, Results results) {
    health.failed(now, failure, treatment);
    call.forEach(pending -> pending.failed(now));
    sendAgain(troubled(call, failure), now, results);
    expireWaiting(failure, now, results);
  }

  private void argumentRefused(List<Pending> call, Failure failure, long now, Results results) {
    boolean isAboutTheRecord = refusedInARow < REFUSALS_BELIEVED;
    if (isAboutTheRecord) {
      health.succeeded(now); // it answers
      bisect(call, failure, results);
      return;
    }
    health.failed(now, failure, Treatment.RETRY_AND_CALL_FOR_HELP);
    if (call.size() == 1) {
      call.get(0).failed(now);
      sendAgainAlone(new Troubled(call.get(0), failure), now, results);
    } else {
      bisect(call, failure, results); // a record in it that can be stored ends the outage
    }
    expireWaiting(failure, now, results);
  }

  /** If it is the record after all, it takes none along. */
  private void sendAgainAlone(Troubled one, long now, Results results) {
    Pending pending = one.pending;
    noFurtherAttempt(one, now)
        .or(() -> supersededBehind(pending))
        .ifPresentOrElse(
            settlement -> settle(settlement, results),
            () -> waiting.backOffAlone(pending, due(pending.failures(), List.of(pending), now)));
  }

  /** The next of the record's key may go. */
  private void settle(Settlement settlement, Results results) {
    results.add(settlement.pending(), settlement.result());
    waiting.settled(settlement.pending());
  }

  private void bisect(List<Pending> call, Failure failure, Results results) {
    if (call.size() == 1) {
      refusedInARow++;
      settle(refused(new Troubled(call.get(0), failure)), results);
      return;
    }
    if (ended) {
      call.forEach(pending -> settle(returned(pending, CLOSED, "the sender was closed"), results));
      return;
    }
    int half = call.size() / 2;
    List<Pending> first = List.copyOf(call.subList(0, half));
    List<Pending> second = List.copyOf(call.subList(half, call.size()));
    waiting.admitPart(second);
    waiting.admitPart(first);
  }

  private void sendAgain(List<Troubled> troubled, long now, Results results) {
    Map<Integer, List<Pending>> byFailures = new TreeMap<>();
    for (Troubled one : troubled) {
      noFurtherAttempt(one, now)
          .or(() -> supersededBehind(one.pending))
          .ifPresentOrElse(
              settlement -> settle(settlement, results),
              () -> {
                if (!waitsForItsShard(one)) {
                  byFailures
                      .computeIfAbsent(one.pending.failures(), n -> new ArrayList<>())
                      .add(one.pending);
                }
              });
    }
    byFailures.forEach((failures, group) -> waiting.backOff(group, due(failures, group, now)));
  }

  /** It would wait, and a newer one of its key has come while it was in the call. */
  private Optional<Settlement> supersededBehind(Pending pending) {
    boolean isSuperseded =
        pending.follower().filter(next -> next.record().supersedes()).isPresent();
    return settings.order() == DeliveryOrder.LATEST_WINS && isSuperseded
        ? Optional.of(new Settlement(pending, new Superseded(pending.attempts())))
        : Optional.empty();
  }

  /** A record of a shard that is kept to a pace needs no backoff of its own beside it. */
  private boolean waitsForItsShard(Troubled one) {
    if (!FailureClassifier.isShardThrottled(one.failure)) {
      return false;
    }
    Optional<ShardPace> pace = pacing.paceOf(one.pending);
    pace.ifPresent(found -> waiting.holdFirst(found, one.pending));
    return pace.isPresent();
  }

  /** The end of the backoff, but not later than the end of the time that the records have. */
  private long due(int failures, List<Pending> group, long now) {
    long wait = backoff.nanosAfter(failures);
    if (settings.limitsTime()) {
      for (Pending pending : group) {
        wait = Math.min(wait, settings.retryFor().toNanos() - pending.troubledFor(now));
      }
    }
    return now + wait;
  }

  private Optional<Settlement> noFurtherAttempt(Troubled one, long now) {
    if (ended) {
      return Optional.of(
          returned(
              one.pending, CLOSED, "the sender was closed; last failure: " + one.failure.code()));
    }
    if (one.pending.surprises() >= SURPRISES_ALLOWED) {
      return Optional.of(
          returned(
              one.pending,
              FAULT,
              "unexpected " + one.failure.code() + ": " + one.failure.message()));
    }
    if (settings.limitsAttempts() && one.pending.failures() >= settings.maxAttempts()) {
      return Optional.of(
          limitReached(one, "maxAttempts=%d is used up".formatted(settings.maxAttempts())));
    }
    if (hasExpired(one.pending, now)) {
      return Optional.of(
          limitReached(one, "retryFor=%s is over".formatted(ReadableTime.of(settings.retryFor()))));
    }
    return Optional.empty();
  }

  /**
   * In an outage those that wait for their turn run out of time as well as those that are tried.
   */
  private void expireWaiting(Failure cause, long now, Results results) {
    if (!settings.limitsTime()) {
      return;
    }
    List<Pending> expired = expiredWaiting(now);
    while (!expired.isEmpty()) {
      for (Pending pending : expired) {
        settle(
            limitReached(
                new Troubled(pending, cause),
                "retryFor=%s is over".formatted(ReadableTime.of(settings.retryFor()))),
            results);
      }
      expired = expiredWaiting(now); // those that waited for these to be settled
    }
  }

  private List<Pending> expiredWaiting(long now) {
    return waiting.drainWaiting(
        pending -> {
          pending.heldUpSince(health.downSince());
          return hasExpired(pending, now);
        });
  }

  private boolean hasExpired(Pending pending, long now) {
    return settings.limitsTime() && pending.troubledFor(now) >= settings.retryFor().toNanos();
  }

  private record Troubled(Pending pending, Failure failure) {}

  private static List<Troubled> notStored(List<Pending> call, Answered answer) {
    List<Troubled> troubled = new ArrayList<>();
    for (int i = 0; i < call.size(); i++) {
      if (answer.records().get(i) instanceof NotStored notStored) {
        troubled.add(new Troubled(call.get(i), notStored.failure()));
      }
    }
    return troubled;
  }

  private static List<Troubled> troubled(List<Pending> call, Failure failure) {
    return call.stream().map(pending -> new Troubled(pending, failure)).toList();
  }

  private static Settlement refused(Troubled one) {
    return new Settlement(
        one.pending,
        new Refused(
            Cause.REFUSED_BY_KINESIS,
            one.failure.code(),
            one.failure.message(),
            one.pending.attempts()));
  }

  private static Settlement limitReached(Troubled one, String limit) {
    return new Settlement(
        one.pending,
        new Refused(
            Cause.RETRY_LIMIT,
            one.failure.code(),
            limit + "; last failure: " + one.failure.message(),
            one.pending.attempts()));
  }

  private static Settlement returned(Pending pending, ReturnCause cause, String why) {
    return new Settlement(pending, new Returned(cause, why, pending.attempts()));
  }
}
