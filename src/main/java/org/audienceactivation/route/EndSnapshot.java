package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.audienceactivation.destination.ChangePlan;
import org.audienceactivation.destination.InputKind;
import org.audienceactivation.destination.LastDelivered;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.state.StateEntry;
import org.audienceactivation.state.StateStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After a snapshot of all profiles: tells destinations that want it the exits of those that it does
 * not show any more. A snapshot that may be incomplete makes nobody exit.
 */
final class EndSnapshot implements Processor {
  private static final Logger LOG = LoggerFactory.getLogger(EndSnapshot.class);

  private final ProducerTemplate template;

  EndSnapshot(ProducerTemplate template) {
    this.template = template;
  }

  @Override
  public void process(Exchange exchange) {
    Optional<SourceDelivery> delivery = SourceDelivery.of(exchange);
    if (delivery.isEmpty() || !(delivery.get() instanceof ExportFile file)) {
      return;
    }
    if (file.input().kind() != InputKind.SNAPSHOT || !file.isSettled()) {
      return;
    }
    for (DestinationPlan plan : file.plans().now().destinations()) {
      Optional<ChangesOnly> changes = plan.changesOnly();
      if (changes.isPresent() && changes.get().plan().rules().exits().missingProfiles()) {
        new Missing(file, plan, changes.get()).tell();
      }
    }
  }

  /** The missing profiles of one destination. */
  private final class Missing {
    private final ExportFile file;
    private final DestinationPlan plan;
    private final ChangesOnly changes;
    private final StateStore store;
    private final String snapshot;
    private long told;
    private long nameless;

    Missing(ExportFile file, DestinationPlan plan, ChangesOnly changes) {
      this.file = file;
      this.plan = plan;
      this.changes = changes;
      this.store = changes.state().store();
      this.snapshot = file.input().snapshot().orElseThrow();
    }

    void tell() {
      if (!file.isOfOnePlan()) {
        // before the change nobody may have noted who is in it
        LOG.warn(
            "{}: {}: the configuration has changed while it was read, so nobody exits for not being"
                + " in it",
            file.name(),
            plan.name());
        return;
      }
      if (file.hasUnreadable()) {
        LOG.warn(
            "{}: {}: some of its records could not be read, so nobody exits for not being in it",
            file.name(),
            plan.name());
        return;
      }
      long missing = count(chunk -> store.unmarked(plan.name(), snapshot, chunk));
      if (missing == 0) {
        return;
      }
      long known = count(chunk -> store.all(plan.name(), chunk));
      int atMost = changes.plan().rules().exits().missingAtMostPercent();
      if (missing * 100 > known * atMost) {
        LOG.warn(
            "{}: {}: {} of {} known members are not in it, more than {} %; it is taken for"
                + " incomplete, and nobody exits for not being in it (activation.exits"
                + ".missingAtMostPercent)",
            file.name(), plan.name(), missing, known, atMost);
        return;
      }
      store.unmarked(plan.name(), snapshot, this::tell);
      LOG.info("{}: {}: {} missing profiles were told to exit", file.name(), plan.name(), told);
      if (nameless > 0) {
        LOG.warn(
            "{}: {}: {} missing profiles could not be told to exit: they were last sent before"
                + " identities were kept for that; send the members again (resend)",
            file.name(),
            plan.name(),
            nameless);
      }
    }

    private long count(Consumer<Consumer<List<StateEntry>>> scan) {
      long[] members = new long[1];
      scan.accept(
          chunk ->
              members[0] +=
                  chunk.stream()
                      .filter(entry -> DestinationState.delivered(entry.state()).isMember())
                      .count());
      return members[0];
    }

    private void tell(List<StateEntry> chunk) {
      List<RawRecord> raw = new ArrayList<>(chunk.size());
      List<Profile> profiles = new ArrayList<>(chunk.size());
      List<StateEntry> entries = new ArrayList<>(chunk.size());
      for (StateEntry entry : chunk) {
        LastDelivered before = DestinationState.delivered(entry.state());
        nameless += before.isMember() && before.kept().isEmpty() ? 1 : 0;
        Optional<Profile> missing = ChangePlan.missing(before);
        if (missing.isPresent()) {
          long number = told + profiles.size() + 1;
          raw.add(MissingProfile.raw(file.name() + " (missing)", number, missing.get()));
          profiles.add(missing.get());
          entries.add(entry);
        }
      }
      if (!raw.isEmpty()) {
        send(raw, profiles, entries);
        told += raw.size();
      }
    }

    private void send(List<RawRecord> raw, List<Profile> profiles, List<StateEntry> entries) {
      Plans only = file.plans().now().only(plan);
      ProfileBatch batch =
          ProfileBatch.ofMissing(file.name() + " (missing):" + (told + 1), raw, profiles, only);
      Optional<ProfileBatch> begun = file.plans().begin(current -> batch, file::isStopping);
      if (begun.isEmpty()) {
        throw new IllegalStateException(file.name() + ": the application stops");
      }
      try {
        send(batch, entries);
      } finally {
        file.plans().ended(batch);
      }
    }

    private void send(ProfileBatch batch, List<StateEntry> entries) {
      batch.received();
      DestinationBatch toDestination = batch.getDestinationBatches().get(0);
      for (int i = 0; i < entries.size(); i++) {
        toDestination.profiles().get(i).select(entries.get(i).profile(), true);
      }
      Exchange sent =
          template.request(
              "direct:" + plan.route(), message -> message.getMessage().setBody(toDestination));
      if (sent.getException() != null || !toDestination.isSettled() || batch.hasReturned()) {
        Settle.giveBack(batch, file.whyGivenBack());
        throw new IllegalStateException(
            file.name() + ": exits of missing profiles could not be told", sent.getException());
      }
      batch.claim();
    }
  }
}
