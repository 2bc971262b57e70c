package org.audienceactivation.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.ProfileReader;
import org.audienceactivation.profile.RawRecord;

/**
 * Up to 500 records of one source: the body of {@code direct:profiles}. It has an identity, so that
 * a step that is tried again finds what it did before, and it is settled when each of its records
 * has exactly one outcome for each destination.
 */
public final class ProfileBatch {

  private final String id;
  private final List<BatchRecord> records;
  private final Plans plans;
  private final List<Place> places;
  private final Input input;
  private final boolean mayBeWithdrawn;
  private final Consumer<ProfileBatch> whenSettled;
  private List<DestinationBatch> destinationBatches = List.of();
  private final AtomicBoolean received = new AtomicBoolean();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile boolean returned;
  private volatile boolean withdrawn;
  private final Set<String> endedRoutes = ConcurrentHashMap.newKeySet(1);
  private volatile Optional<ReasonCode> givenBack = Optional.empty();

  /** A batch that stands in no line. */
  ProfileBatch(
      String id, List<RawRecord> records, Plans plans, Consumer<ProfileBatch> whenSettled) {
    this(
        id,
        records,
        plans,
        plans.destinations().stream().map(plan -> Place.NONE).toList(),
        Input.PROFILES,
        false,
        whenSettled);
  }

  /**
   * A batch that no step has seen.
   *
   * @param id source and position of the first record, to find the batch in logs
   * @param plans by which it is handled
   * @param places for each destination of the plans, the batch's place among those of its source
   * @param input what the source says of its records
   * @param mayBeWithdrawn whether somebody waits for it who may have it back ({@link #withdraw})
   * @param whenSettled called once, on the thread of the step that settled the last record
   */
  ProfileBatch(
      String id,
      List<RawRecord> records,
      Plans plans,
      List<Place> places,
      Input input,
      boolean mayBeWithdrawn,
      Consumer<ProfileBatch> whenSettled) {
    this.id = id;
    this.records = records.stream().map(BatchRecord::new).toList();
    this.plans = plans;
    this.places = places;
    this.input = input;
    this.mayBeWithdrawn = mayBeWithdrawn;
    this.whenSettled = whenSettled;
  }

  /** A batch of profiles that no source shows; all of them are decoded. */
  static ProfileBatch ofMissing(
      String id, List<RawRecord> records, List<Profile> profiles, Plans plans) {
    ProfileBatch batch =
        new ProfileBatch(
            id,
            records,
            plans,
            plans.destinations().stream().map(plan -> Place.NONE).toList(),
            Input.MISSING,
            false,
            settled -> {});
    for (int i = 0; i < profiles.size(); i++) {
      batch.records.get(i).decoded(profiles.get(i));
    }
    return batch;
  }

  public String id() {
    return id;
  }

  public List<BatchRecord> records() {
    return records;
  }

  /**
   * One batch for each destination, with the profiles that nothing has rejected; made once. None if
   * it was given back before: it is counted then.
   */
  public synchronized List<DestinationBatch> getDestinationBatches() {
    if (destinationBatches.isEmpty() && !isSettled()) {
      destinationBatches = handOn();
    }
    return destinationBatches;
  }

  private List<DestinationBatch> handOn() {
    List<DestinationPlan> destinations = plans();
    List<List<DestinationRecord>> byPlan = destinations.stream().map(plan -> newList()).toList();
    for (BatchRecord record : records) {
      if (record.profile().isPresent()) {
        Profile profile = record.handOn();
        byPlan.forEach(list -> list.add(new DestinationRecord(record.raw(), profile)));
      }
    }
    return IntStream.range(0, destinations.size())
        .mapToObj(
            i -> new DestinationBatch(this, destinations.get(i), places.get(i), byPlan.get(i)))
        .toList();
  }

  private List<DestinationRecord> newList() {
    return new ArrayList<>(records.size());
  }

  /** The batches that {@link #getDestinationBatches()} has made so far. */
  synchronized List<DestinationBatch> madeDestinationBatches() {
    return destinationBatches;
  }

  /** What its source says of its records. */
  Input input() {
    return input;
  }

  boolean mayBeWithdrawn() {
    return mayBeWithdrawn;
  }

  /** The destinations that are fed with it. */
  List<DestinationPlan> plans() {
    return plans.destinations();
  }

  ProfileReader reader() {
    return plans.reader();
  }

  /** Where it stands in its source's line to the destination of this name, if it is fed. */
  Optional<Place> place(String destination) {
    return IntStream.range(0, places.size())
        .filter(i -> plans().get(i).name().equals(destination))
        .mapToObj(places::get)
        .findFirst();
  }

  /** Counts the records as received by each destination, the first time it is called. */
  void received() {
    if (received.compareAndSet(false, true)) {
      plans().forEach(plan -> plan.account().received(records.size()));
    }
  }

  /** Whether all that is left to do is to settle the rejected records. */
  boolean isHandedOn() {
    boolean everyRecordIsAccountedFor =
        records.stream().allMatch(record -> record.rejection().isPresent() || record.isHandedOn());
    boolean nothingToHandOn = records.stream().noneMatch(BatchRecord::isHandedOn);
    List<DestinationBatch> made = madeDestinationBatches();
    boolean everyDestinationIsSettled =
        !made.isEmpty() && made.stream().allMatch(DestinationBatch::isSettled);
    return received.get()
        && everyRecordIsAccountedFor
        && (nothingToHandOn || everyDestinationIsSettled);
  }

  /** Notes that a record was returned, so that the source is not acknowledged. */
  void markReturned() {
    returned = true;
  }

  boolean hasReturned() {
    return returned;
  }

  /**
   * From now on nothing of it is given to a sender that none has yet.
   *
   * @return what a sender has, and could let go of
   */
  List<StreamRecord> withdraw() {
    withdrawn = true;
    List<StreamRecord> open = new ArrayList<>();
    madeDestinationBatches().forEach(one -> open.addAll(one.openEvents()));
    open.forEach(StreamRecord::withdraw);
    open.removeIf(event -> event.result().isPresent());
    return open;
  }

  boolean isWithdrawn() {
    return withdrawn;
  }

  /**
   * The same for one destination alone, whose route is to end.
   *
   * @param instance of the route
   */
  List<StreamRecord> withdrawFrom(String instance) {
    endedRoutes.add(instance);
    List<StreamRecord> open = new ArrayList<>();
    of(instance).ifPresent(batch -> open.addAll(batch.openEvents()));
    open.forEach(StreamRecord::withdraw);
    open.removeIf(event -> event.result().isPresent());
    return open;
  }

  boolean isWithdrawnFrom(String instance) {
    return endedRoutes.contains(instance);
  }

  /** Whether it comes to this route of a destination, or has come. */
  boolean uses(String instance) {
    return plans.use(instance);
  }

  /** Whether a route of a destination has settled all that it gets of this batch. */
  boolean isSettledBy(String instance) {
    return isSettled()
        || !plans.use(instance)
        || of(instance).filter(DestinationBatch::isSettled).isPresent();
  }

  private Optional<DestinationBatch> of(String instance) {
    return madeDestinationBatches().stream()
        .filter(batch -> batch.plan().instance().equals(instance))
        .findFirst();
  }

  /** Why the records that came to no destination count as returned, if they do. */
  Optional<ReasonCode> givenBack() {
    return givenBack;
  }

  void markGivenBack(ReasonCode why) {
    givenBack = Optional.of(why);
    markReturned();
  }

  boolean isSettled() {
    return closed.get();
  }

  /** True for the one caller that may count what no destination batch counts. */
  boolean claim() {
    return closed.compareAndSet(false, true);
  }

  /** Lets it pass without effect: somebody else has accounted for its records. */
  void disown() {
    received.set(true);
    closed.set(true);
  }

  /** Lets the batches behind this one move up, for those destinations to which it never came. */
  void endTurns() {
    places.forEach(Place::giveUp);
  }

  /** Tells the source; after the counting, so that it never sees a batch that is half counted. */
  void tellSource() {
    whenSettled.accept(this);
  }

  /** Id and size only: records are personal data. */
  @Override
  public String toString() {
    return id + " (" + records.size() + " records)";
  }
}
