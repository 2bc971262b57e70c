package org.audienceactivation.route;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.audienceactivation.destination.AudienceMappings;
import org.audienceactivation.destination.Change;
import org.audienceactivation.destination.ChangePlan;
import org.audienceactivation.destination.Draft;
import org.audienceactivation.destination.InputKind;
import org.audienceactivation.destination.LastDelivered;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Rejection;
import org.audienceactivation.state.ProfileKey;

/**
 * Finds out which profiles have changed for the destination since it was last sent an event of
 * them, and makes events of those; the others are {@code unchanged}. Where every record is sent it
 * does nothing.
 *
 * <p>Batches of one source are decided over in their order, however fast each was mapped: otherwise
 * an older record could be taken for a change of a newer one. No thread waits for that.
 */
final class DetectChange extends AsyncProcessorSupport {

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    DestinationBatch batch = Bodies.destinationBatch(exchange);
    Optional<ChangesOnly> changes = batch.plan().changesOnly();
    if (changes.isEmpty()) {
      callback.done(true);
      return true;
    }
    CompletionStage<Void> decided =
        batch
            .deciding()
            .take(() -> decide(batch, changes.get()))
            .whenComplete((nothing, failure) -> fail(exchange, failure));
    if (decided.toCompletableFuture().isDone()) {
      callback.done(true);
      return true;
    }
    decided.whenComplete((nothing, failure) -> callback.done(false));
    return false;
  }

  private static void fail(Exchange exchange, Throwable failure) {
    if (failure != null) {
      boolean isWrapped = failure instanceof CompletionException && failure.getCause() != null;
      exchange.setException(isWrapped ? failure.getCause() : failure);
    }
  }

  private static CompletionStage<Void> decide(DestinationBatch batch, ChangesOnly changes) {
    try {
      new Deciding(batch, changes).decide();
      return CompletableFuture.completedFuture(null);
    } catch (RuntimeException e) {
      batch.profiles().forEach(record -> record.sent().ifPresent(DestinationState.Sent::giveUp));
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The decisions over one batch, which belong to one moment. */
  private static final class Deciding {
    private final DestinationBatch batch;
    private final ChangePlan plan;
    private final DestinationState state;
    private final AudienceMappings mappings;
    private final InputKind kind;
    private final Instant at;
    private final List<DestinationRecord> exported = new ArrayList<>();
    private final List<Change.Export> changes = new ArrayList<>();
    private final List<Draft.Mapped> drafts = new ArrayList<>();
    private final List<DestinationRecord> farewells = new ArrayList<>();

    Deciding(DestinationBatch batch, ChangesOnly changes) {
      this.batch = batch;
      this.plan = changes.plan();
      this.state = changes.state();
      this.mappings = state.mappings();
      this.kind = batch.batch().input().kind();
      this.at = state.now();
    }

    void decide() {
      markSeen();
      List<DestinationState.Question> questions = new ArrayList<>(batch.profiles().size());
      for (DestinationRecord record : batch.profiles()) {
        question(record).ifPresent(questions::add);
      }
      state.decide(questions);
      for (int i = 0; i < exported.size(); i++) {
        makeEvent(exported.get(i), drafts.get(i), changes.get(i));
      }
      farewells.forEach(record -> record.sent().orElseThrow().as(record.event().orElseThrow()));
    }

    /** Also of those who are denied: they are not missing. */
    private void markSeen() {
      Optional<String> snapshot = batch.batch().input().snapshot();
      if (snapshot.isEmpty() || !plan.rules().exits().missingProfiles()) {
        return;
      }
      List<ProfileKey> seen = new ArrayList<>(batch.profiles().size());
      batch.profiles().forEach(record -> record.key().ifPresent(seen::add));
      state.store().mark(batch.destination(), snapshot.get(), seen);
    }

    private Optional<DestinationState.Question> question(DestinationRecord record) {
      if (record.draft().isPresent()) {
        return Optional.of(
            new DestinationState.Question(
                record.key().orElseThrow(),
                (before, isInFlight) -> change(record, before, isInFlight),
                record::sent));
      }
      boolean isOwedFarewell = plan.rules().exits().denied() && record.denied().isPresent();
      if (isOwedFarewell || record.isDeparting()) {
        return Optional.of(
            new DestinationState.Question(
                record.key().orElseThrow(),
                (before, isInFlight) -> farewell(record, before),
                record::sent));
      }
      return Optional.empty();
    }

    private Optional<LastDelivered> change(
        DestinationRecord record, LastDelivered before, boolean isInFlight) {
      Draft.Mapped draft = record.draft().orElseThrow();
      Change change;
      try {
        change = plan.change(before, draft, kind, mappings, isInFlight, at);
      } catch (RuntimeException e) {
        Rejection rejection = Unforeseen.in(e);
        record.drop(rejection.reason(), rejection.detail());
        return Optional.empty();
      }
      if (change instanceof Change.Suppressed suppressed) {
        record.drop(suppressed.why(), "");
        return Optional.empty();
      }
      Change.Export export = (Change.Export) change;
      exported.add(record);
      changes.add(export);
      drafts.add(draft);
      return Optional.of(export.after());
    }

    private Optional<LastDelivered> farewell(DestinationRecord record, LastDelivered before) {
      Optional<Profile> denied = record.denied();
      Optional<ChangePlan.Farewell> farewell =
          plan.farewell(record.key().orElseThrow(), before, denied, mappings, at);
      if (farewell.isPresent()) {
        farewells.add(record);
        record.farewell(batch.forStream(farewell.get().event()));
        return Optional.of(farewell.get().change().after());
      }
      if (record.isDeparting()) {
        record.drop(ChangePlan.NOTHING_TO_TELL, "");
      }
      return Optional.empty();
    }

    private void makeEvent(DestinationRecord record, Draft.Mapped draft, Change.Export change) {
      try {
        record.map(
            batch.forStream(plan.event(record.key().orElseThrow(), draft, change, mappings)));
      } catch (RuntimeException e) {
        Rejection rejection = Unforeseen.in(e);
        record.drop(rejection.reason(), rejection.detail());
        record.sent().ifPresent(DestinationState.Sent::giveUp);
      }
      record.event().ifPresent(event -> record.sent().orElseThrow().as(event));
    }
  }
}
