package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.destination.ActivationEvent;
import org.audienceactivation.destination.InputKind;
import org.audienceactivation.kinesis.sender.RecordBatch;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.kinesis.sender.Turn;

/**
 * The profiles of a batch on their way to one destination: the body of that destination's route.
 *
 * <p>To the aws2-kinesis endpoint it is the list of its mapped events.
 */
public final class DestinationBatch implements RecordBatch {
  private final ProfileBatch batch;
  private final DestinationPlan plan;
  private final Place place;
  private final List<DestinationRecord> profiles;
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean writtenDown;
  private boolean wasWrittenDown;
  private volatile Optional<ReasonCode> givenBack = Optional.empty();

  DestinationBatch(
      ProfileBatch batch, DestinationPlan plan, Place place, List<DestinationRecord> profiles) {
    this.batch = batch;
    this.plan = plan;
    this.place = place;
    this.profiles = List.copyOf(profiles);
  }

  /** The destination's name. */
  public String destination() {
    return plan.name();
  }

  /** The profiles that were handed to the destination, in the order of the source. */
  public List<DestinationRecord> profiles() {
    return profiles;
  }

  /**
   * The mapped events, in the order of the source. None if the batch was withdrawn: then they have
   * their result, or get it here.
   */
  @Override
  public synchronized List<StreamRecord> records() {
    if (batch.isWithdrawn() || batch.isWithdrawnFrom(plan.instance())) {
      events().forEach(StreamRecord::withdraw);
      return List.of();
    }
    return events();
  }

  /** An event of this batch as the sender takes it. */
  StreamRecord forStream(ActivationEvent event) {
    StreamRecord record = StreamRecord.of(event.partitionKey(), event.data());
    // an event that shows what has changed does not tell what an older one does
    boolean isPart = batch.input().kind() == InputKind.DELTA;
    return batch.mayBeWithdrawn() || isPart ? record.withoutSuperseding() : record;
  }

  /** Those that have no result yet. */
  synchronized List<StreamRecord> openEvents() {
    return events().stream().filter(event -> event.result().isEmpty()).toList();
  }

  private List<StreamRecord> events() {
    List<StreamRecord> events = new ArrayList<>(profiles.size());
    for (DestinationRecord record : profiles) {
      if (record.event().isPresent()) {
        events.add(record.event().get());
      }
    }
    return events;
  }

  @Override
  public Turn turn() {
    return place.sending();
  }

  /** Its place among those of its source where is decided what has changed. */
  Turn deciding() {
    return place.deciding();
  }

  /** Notes in the state of the destination what became of its events. */
  void noteEvents() {
    if (plan.changesOnly().isEmpty()) {
      return;
    }
    List<DestinationState.Sent> sent = new ArrayList<>(profiles.size());
    profiles.forEach(record -> record.sent().ifPresent(sent::add));
    if (!sent.isEmpty()) {
      plan.changesOnly().get().state().note(sent);
    }
  }

  ProfileBatch batch() {
    return batch;
  }

  DestinationPlan plan() {
    return plan;
  }

  boolean isSettled() {
    return closed.get();
  }

  /** Why those that were not delivered count as returned, if they do. */
  Optional<ReasonCode> givenBack() {
    return givenBack;
  }

  void markGivenBack(ReasonCode why) {
    wasWrittenDown = writtenDown;
    givenBack = Optional.of(why);
  }

  /** Notes that all that was withheld of it is in the audit log. */
  void markWrittenDown() {
    writtenDown = true;
  }

  /**
   * Whether a record of a batch that was given back stays delivered. One of which something was
   * withheld that is not in the audit log does not: it comes again, and is written down then.
   */
  boolean staysDelivered(DestinationRecord record) {
    return record.settlement().orElse(null) instanceof Settlement.Delivered
        && (wasWrittenDown || !record.withheld().isToBeWrittenDown());
  }

  /** True for the one caller that may count these records. */
  boolean claim() {
    return closed.compareAndSet(false, true);
  }
}
