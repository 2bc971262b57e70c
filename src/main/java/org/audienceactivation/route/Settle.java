package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.audienceactivation.accounting.Account;
import org.audienceactivation.accounting.LeftOut;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.Rejection;
import org.audienceactivation.state.StateStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the books of a batch: first the dead letters and the lines of the audit log are made
 * durable, then each record is counted under its outcome. Settling the same batch again does
 * nothing.
 */
final class Settle implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(Settle.class);

  private final String runId;
  private final DeadLetterOffice deadLetters;
  private final AuditLog audit;

  Settle(String runId, DeadLetterOffice deadLetters, AuditLog audit) {
    this.runId = runId;
    this.deadLetters = deadLetters;
    this.audit = audit;
  }

  /**
   * Settles the batch in the body.
   *
   * @throws IllegalStateException if a record has no outcome, because a step is missing before this
   *     one; nothing is counted then
   */
  @Override
  public void process(Exchange exchange) {
    Object body = exchange.getMessage().getBody();
    if (body instanceof DestinationBatch batch) {
      settle(batch);
      return;
    }
    if (exchange.getProperty(IntoBatch.FAILED, false, Boolean.class)) {
      return; // one profile of a batch, which goes on with the others
    }
    settle(Bodies.profileBatch(exchange));
  }

  private void settle(DestinationBatch batch) {
    if (batch.isSettled()) {
      return;
    }
    List<DeadLetter> letters = new ArrayList<>();
    Tally tally = new Tally();
    for (DestinationRecord record : batch.profiles()) {
      if (record.settlement().isEmpty()) {
        throw unsettled(batch);
      }
      Settlement settlement = record.settlement().get();
      tally.add(settlement);
      tally.addParts(record, settlement);
      if (settlement instanceof Settlement.NotDelivered failure && isKept(failure.reason())) {
        letters.add(letter(batch, record, failure));
      }
    }
    deadLetters.keep(letters);
    audit.keep(batch);
    batch.markWrittenDown();
    batch.noteEvents();
    if (batch.claim()) {
      tally.close(batch.plan().account());
      if (tally.hasReturned()) {
        batch.batch().markReturned();
      }
    }
  }

  private static IllegalStateException unsettled(DestinationBatch batch) {
    return new IllegalStateException(
        "route "
            + batch.plan().route()
            + ": batch "
            + batch.batch().id()
            + " has records without an outcome at its settle step; is a step missing before it?");
  }

  private DeadLetter letter(
      DestinationBatch batch, DestinationRecord record, Settlement.NotDelivered failure) {
    return new DeadLetter(
        runId, batch.batch().id(), List.of(batch.destination()), failure, record.raw());
  }

  private static boolean isKept(Reason reason) {
    return reason.outcome() == Outcome.REJECTED || reason.outcome() == Outcome.DEAD_LETTERED;
  }

  private void settle(ProfileBatch batch) {
    if (batch.isSettled()) {
      return;
    }
    if (!batch.isHandedOn()) {
      throw new IllegalStateException(
          "route profiles: batch "
              + batch.id()
              + " reached its settle step before every destination has settled it");
    }
    List<String> destinations = batch.plans().stream().map(DestinationPlan::name).toList();
    List<DeadLetter> letters = new ArrayList<>();
    Tally tally = new Tally();
    for (BatchRecord record : batch.records()) {
      Optional<Rejection> rejection = record.rejection();
      if (rejection.isPresent()) {
        Settlement.NotDelivered failure =
            Settlement.NotDelivered.of(rejection.get().reason(), rejection.get().detail());
        tally.add(failure);
        if (isKept(failure.reason())) {
          letters.add(new DeadLetter(runId, batch.id(), destinations, failure, record.raw()));
        }
      }
    }
    deadLetters.keep(letters);
    if (batch.claim()) {
      batch.plans().forEach(plan -> tally.close(plan.account()));
      batch.tellSource();
    }
  }

  /**
   * Counts what can no longer be settled as returned: its source still has it. What Kinesis has
   * acknowledged meanwhile stays delivered, and what a step settles at the same moment is counted
   * by one of the two. When this comes back, its source was told, whoever has done it.
   */
  static void giveBack(ProfileBatch batch, ReasonCode why) {
    synchronized (batch) {
      if (batch.claim()) {
        giveBackClaimed(batch, why);
      }
    }
  }

  private static void giveBackClaimed(ProfileBatch batch, ReasonCode why) {
    batch.received();
    Map<String, DestinationBatch> made = new HashMap<>();
    batch.madeDestinationBatches().forEach(one -> made.put(one.destination(), one));
    for (DestinationPlan plan : batch.plans()) {
      Tally tally = new Tally();
      int left = batch.records().size();
      DestinationBatch destinationBatch = made.get(plan.name());
      if (destinationBatch != null) {
        left -= destinationBatch.profiles().size();
        if (destinationBatch.claim()) {
          destinationBatch.markGivenBack(why);
          noteEvents(destinationBatch);
          for (DestinationRecord record : destinationBatch.profiles()) {
            Settlement settlement = giveBack(destinationBatch, record, why);
            tally.add(settlement);
            tally.addParts(record, settlement);
          }
        }
      }
      tally.add(Settlement.NotDelivered.of(Reason.of(why), ""), left);
      tally.close(plan.account());
    }
    batch.markGivenBack(why);
    batch.tellSource();
  }

  /** What is not noted is sent again. */
  private static void noteEvents(DestinationBatch batch) {
    try {
      batch.profiles().forEach(record -> record.sent().ifPresent(DestinationState.Sent::giveUp));
      batch.noteEvents();
    } catch (StateStoreException e) {
      LOG.warn("{}: {}; its profiles are sent again", batch.batch().id(), e.getMessage());
    }
  }

  private static Settlement giveBack(
      DestinationBatch batch, DestinationRecord record, ReasonCode why) {
    return batch.staysDelivered(record)
        ? Settlement.Delivered.DELIVERED
        : Settlement.NotDelivered.of(Reason.of(why), "");
  }

  /** Counts before the account sees them, so that a failure in between counts nothing. */
  private static final class Tally {
    private final Map<Reason, Integer> notDelivered = new HashMap<>();
    private final List<LeftOut> withheld = new ArrayList<>();
    private final List<LeftOut> audited = new ArrayList<>();
    private int delivered;

    void add(Settlement settlement) {
      add(settlement, 1);
    }

    void add(Settlement settlement, int records) {
      if (settlement instanceof Settlement.NotDelivered failure) {
        if (records > 0) {
          notDelivered.merge(failure.reason(), records, Integer::sum);
        }
        return;
      }
      delivered += records;
    }

    /** Those of a returned record are counted when it comes again. */
    void addParts(DestinationRecord record, Settlement settlement) {
      if (isReturned(settlement)) {
        return;
      }
      withheld.addAll(record.withheld().counted());
      if (record.isFarewell()) {
        withheld.add(record.withheld().countedAsWhole());
      }
      audited.addAll(record.withheld().countedAudited());
    }

    private static boolean isReturned(Settlement settlement) {
      return settlement instanceof Settlement.NotDelivered failure
          && failure.reason().outcome() == Outcome.RETURNED;
    }

    boolean hasReturned() {
      return notDelivered.keySet().stream()
          .anyMatch(reason -> reason.outcome() == Outcome.RETURNED);
    }

    void close(Account account) {
      account.delivered(delivered);
      notDelivered.forEach(account::settled);
      withheld.forEach(account::withheld);
      audited.forEach(account::audited);
    }
  }
}
