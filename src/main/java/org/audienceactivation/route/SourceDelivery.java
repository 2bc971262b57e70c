package org.audienceactivation.route;

import java.io.Closeable;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.RawBatches;
import org.audienceactivation.profile.RawRecord;

/**
 * What a source has handed over at once, a file or a message or several, on its way through the
 * pipeline: it hands out its batches, and knows whether all of them were settled, which is when the
 * source may be told that it is done with ({@link Acknowledge}).
 *
 * <p>Only the batches in flight are kept, whatever its size.
 */
abstract sealed class SourceDelivery implements Iterator<ProfileBatch>, Closeable
    permits ExportFile, MessageDelivery, KafkaDelivery, CallDelivery {

  private static final String PROPERTY = "AudienceActivationDelivery";

  private final String id;
  private final RawBatches reader;
  private final PlansInForce plans;
  private final StopSignal stop;
  private final Set<ProfileBatch> inFlight = ConcurrentHashMap.newKeySet();
  private volatile boolean returned;
  private volatile boolean readToTheEnd;
  private volatile boolean begun;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Settled, though steps may still work on them until it ends. */
  private final Set<ProfileBatch> givenBack = ConcurrentHashMap.newKeySet(1);

  private boolean promised;
  private boolean restIsLeft;

  /** For each destination that was fed with the last batch, the place of the next. */
  private volatile Map<String, Place> places = Map.of();

  private volatile Input input = Input.PROFILES;

  /**
   * A delivery of which nothing was handed out.
   *
   * @param id with which the ids of its batches begin; no other delivery of the run has it
   */
  SourceDelivery(String id, RawBatches reader, PlansInForce plans, StopSignal stop) {
    this.id = id;
    this.reader = reader;
    this.plans = plans;
    this.stop = stop;
  }

  /** The delivery whose batches the exchange was given. */
  static Optional<SourceDelivery> of(Exchange exchange) {
    return Optional.ofNullable(exchange.getProperty(PROPERTY, SourceDelivery.class));
  }

  /**
   * Makes this the delivery of the exchange, whose route declares what it hands over.
   *
   * @throws UnsettledSourceException if it declares something that there is not
   */
  void giveTo(Exchange exchange) throws UnsettledSourceException {
    exchange.setProperty(PROPERTY, this);
    input = Input.of(exchange, snapshot());
  }

  /** What the source says of its records. */
  Input input() {
    return input;
  }

  /** The name of the snapshot that it is, if it shows all profiles that there are. */
  Optional<String> snapshot() {
    return Optional.empty();
  }

  /** The plans by which what begins now is handled. */
  PlansInForce plans() {
    return plans;
  }

  /**
   * False at the end, and when no more should be begun. Never throws.
   *
   * <p>A promise is kept: Camel's parallel split asks twice for one batch, and an iterator that has
   * changed its mind in between makes it end the parent while other batches are still under way.
   */
  @Override
  public final synchronized boolean hasNext() {
    if (promised) {
      return true;
    }
    if (endsEarly()) {
      return false;
    }
    promised = reader.hasNext();
    readToTheEnd = !promised && !reader.isCutShort();
    return promised;
  }

  /**
   * The batch that was promised. Waits while batches are held, but not within the monitor, so that
   * others can end the delivery meanwhile. A batch that waits in vain is one that was given back.
   */
  @Override
  public final ProfileBatch next() {
    List<RawRecord> records = read();
    Optional<ProfileBatch> begun =
        plans.begin(current -> batch(records, current), () -> isStopping() || endsEarly());
    ProfileBatch batch = begun.orElseGet(() -> batch(records, plans.now()));
    if (handOut(batch) && begun.isEmpty()) {
      Settle.giveBack(batch, whyGivenBack());
    }
    return batch;
  }

  private synchronized List<RawRecord> read() {
    return reader.next();
  }

  /** False if its records were accounted for before it came to that. */
  private synchronized boolean handOut(ProfileBatch batch) {
    promised = false;
    places = places(batch);
    begun = true;
    if (restIsLeft) {
      batch.disown();
      plans.ended(batch);
      return false;
    }
    inFlight.add(batch);
    return true;
  }

  private ProfileBatch batch(List<RawRecord> records, Plans current) {
    List<Place> ofDestinations =
        current.destinations().stream()
            .map(plan -> Optional.ofNullable(places.get(plan.name())).orElseGet(Place::line))
            .toList();
    return new ProfileBatch(
        id + ":" + position(records.get(0)),
        records,
        current,
        ofDestinations,
        input,
        mayBeWithdrawn(),
        this::settled);
  }

  /** Those behind a batch; a destination that it does not feed begins a new line. */
  private static Map<String, Place> places(ProfileBatch batch) {
    Map<String, Place> places = new HashMap<>();
    for (DestinationPlan plan : batch.plans()) {
      places.put(plan.name(), batch.place(plan.name()).orElseThrow().next());
    }
    return places;
  }

  private void settled(ProfileBatch batch) {
    if (batch.hasReturned()) {
      returned = true;
    }
    try {
      noteSettled(batch);
    } finally {
      inFlight.remove(batch);
      if (batch.givenBack().isPresent()) {
        givenBack.add(batch);
      } else {
        plans.ended(batch);
      }
    }
  }

  /** Where in this delivery a record stands, to tell its batches apart. */
  String position(RawRecord record) {
    return Long.toString(record.line());
  }

  /** Told of each batch after it was counted, by one thread at a time. */
  void noteSettled(ProfileBatch batch) {}

  /** Batches that are handed out and not settled. */
  Set<ProfileBatch> inFlight() {
    return inFlight;
  }

  /** Whether somebody waits for it who may have it back before it is sent. */
  boolean mayBeWithdrawn() {
    return false;
  }

  /** Whether the rest should stay unread, because it will have to be read again anyway. */
  abstract boolean endsEarly();

  /** How logs and dead letters name it. */
  abstract String name();

  /** What becomes of it at its source if it is not acknowledged. */
  abstract String fate();

  /** Whether every record of it has an outcome other than returned. */
  boolean isSettled() {
    return readToTheEnd && inFlight.isEmpty() && !returned;
  }

  /** Why it is not settled. */
  String whyUnsettled() {
    return readToTheEnd || returned
        ? "not all of its records could be settled"
        : "it was not read to its end, because the application stops or reading failed";
  }

  /** Whether the application stopped before anything of it was handed out. */
  boolean isUntouched() {
    return isStopping() && !begun;
  }

  boolean isStopping() {
    return stop.isGiven();
  }

  boolean hasReturned() {
    return returned;
  }

  /** Bytes read of it as it is stored at its source. */
  long bytesRead() {
    return reader.bytesRead();
  }

  /** Counts the records of batches that did not get through as returned. */
  void giveBackUnsettled() {
    ReasonCode why = whyGivenBack();
    List.copyOf(inFlight).forEach(batch -> Settle.giveBack(batch, why));
  }

  /** Why what is not settled goes back. */
  ReasonCode whyGivenBack() {
    return stop.isGiven() ? ReasonCode.STOPPED : ReasonCode.FAILED_BATCH;
  }

  /**
   * Whether there is more than was handed out; what of it was not received yet is not waited for.
   * Nothing is handed out after this that could get an outcome.
   */
  final synchronized boolean hasRest() {
    restIsLeft = true;
    close();
    return !readToTheEnd && (promised || reader.hasNext() || reader.isCutShort());
  }

  /**
   * Lets the one who waits for it know what became of it. All its batches are settled or given
   * back.
   */
  void answer(Exchange exchange) {}

  /** Whether somebody waits for it and is told, so that no log needs to say what became of it. */
  boolean isAnswered() {
    return false;
  }

  /** Closes what is read. Camel's split does so as soon as it has the last batch in hand. */
  @Override
  public final void close() {
    reader.close();
  }

  /** Ends it, settled or not, the first time: nothing works on it any more. */
  final void end() {
    if (ended.compareAndSet(false, true)) {
      close();
      givenBack.forEach(plans::ended);
      ended();
    }
  }

  /**
   * Ends it if the step {@code acknowledge} has not, because another step failed or stopped before
   * it; its source keeps it.
   */
  final void abandon() {
    if (!ended.get()) {
      giveBackUnsettled();
      end();
    }
  }

  /** Tells a source that has to be told that it is settled; others see that nothing failed. */
  void acknowledge() {}

  /** Lets the one who opened it close his books over it. */
  abstract void ended();
}
