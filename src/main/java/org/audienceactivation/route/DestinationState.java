package org.audienceactivation.route;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.audienceactivation.destination.AudienceMappings;
import org.audienceactivation.destination.LastDelivered;
import org.audienceactivation.kinesis.sender.DeliveryResult;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.state.ProfileKey;
import org.audienceactivation.state.StateEntry;
import org.audienceactivation.state.StateStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one destination was last sent of each profile, and which of its events are on their way.
 * What the store says of a profile is written only after Kinesis has accepted an event, so a crash
 * sends again and skips nothing. Thread-safe.
 *
 * <p>While an event of a profile is on its way nobody knows what the destination will have been
 * sent. Such a profile stands in {@link #lines}, and what comes next of it is never taken for
 * unchanged.
 */
final class DestinationState {
  private static final Logger LOG = LoggerFactory.getLogger(DestinationState.class);

  private final String destination;
  private final StateStore store;
  private final Clock clock;

  /** Guarded by this object. Only of profiles with events on their way. */
  private final Map<ProfileKey, Line> lines = new HashMap<>();

  private volatile MappingRecord mapped;
  private volatile AudienceMappings mappings;

  DestinationState(String destination, StateStore store, Clock clock) {
    this.destination = destination;
    this.store = store;
    this.clock = clock;
    this.mapped = record();
    this.mappings = mapped.mappings();
  }

  /** An event on its way, from the decision to send it until it is noted or given up. */
  static final class Sent {
    private final ProfileKey profile;
    private final LastDelivered after;
    private volatile Optional<StreamRecord> event = Optional.empty();
    private volatile boolean isGivenUp;

    private Sent(ProfileKey profile, LastDelivered after) {
      this.profile = profile;
      this.after = after;
    }

    /** The event as it goes to the sender. */
    void as(StreamRecord record) {
      event = Optional.of(record);
    }

    /** It never comes to an event, unless it has. */
    void giveUp() {
      isGivenUp = true;
    }

    private boolean isOpen() {
      return event.isEmpty() ? !isGivenUp : event.get().result().isEmpty();
    }

    private boolean isDelivered() {
      return event.isPresent()
          && event.get().result().orElse(null) instanceof DeliveryResult.Delivered;
    }
  }

  /** The events of one profile that are on their way, in their order. */
  private static final class Line {
    private LastDelivered known;
    private final Deque<Sent> sent = new ArrayDeque<>(2);
    private boolean isBeingWritten;

    /** One was not delivered, on which those behind it may build. */
    private boolean hasLost;

    Line(LastDelivered known) {
      this.known = known;
    }

    /** As after the last of them, and in every audience that any of them or none leaves it in. */
    LastDelivered possible() {
      LastDelivered possible = known;
      for (Sent one : sent) {
        possible = one.after.orMemberAs(possible);
      }
      return possible;
    }
  }

  /** Decides over one profile; called while nothing of this destination changes. */
  interface Decision {

    /**
     * Decides.
     *
     * @param before what was delivered, or may have been if {@code isInFlight}
     * @return what will be known to be delivered if Kinesis accepts the event; empty if none is
     *     sent
     */
    Optional<LastDelivered> decide(LastDelivered before, boolean isInFlight);
  }

  /**
   * A profile to be decided over.
   *
   * @param whenSent is given the event on its way
   */
  record Question(ProfileKey profile, Decision decision, Consumer<Sent> whenSent) {}

  /** Decides over profiles in this order; nobody else decides meanwhile. */
  synchronized void decide(List<Question> questions) {
    List<byte[]> stored =
        store.read(destination, questions.stream().map(Question::profile).toList());
    for (int i = 0; i < stored.size(); i++) {
      decide(questions.get(i), stored.get(i));
    }
  }

  private void decide(Question question, byte[] stored) {
    Line line = lines.get(question.profile());
    LastDelivered before = line == null ? delivered(stored) : line.possible();
    Optional<LastDelivered> after = question.decision().decide(before, line != null);
    if (after.isEmpty()) {
      return;
    }
    if (line == null) {
      line = new Line(before);
      lines.put(question.profile(), line);
    }
    Sent sent = new Sent(question.profile(), after.get());
    line.sent.add(sent);
    question.whenSent().accept(sent);
  }

  /** What a store has kept; what cannot be read is as if it had never been delivered. */
  static LastDelivered delivered(byte[] stored) {
    try {
      return LastDelivered.of(stored);
    } catch (IllegalArgumentException e) {
      LOG.warn("state store: {}; the profile is taken for one that was never sent", e.getMessage());
      return LastDelivered.NOTHING;
    }
  }

  /**
   * Notes what became of events. Those that were delivered are in the store when this comes back;
   * those of which nothing is known yet are noted when it is.
   */
  void note(List<Sent> events) {
    List<Sent> single = new ArrayList<>(events.size());
    List<Sent> others = new ArrayList<>();
    beginWriting(events, single, others);
    try {
      List<StateEntry> entries = new ArrayList<>(single.size());
      for (Sent sent : single) {
        if (sent.isDelivered()) {
          entries.add(StateEntry.of(sent.profile, sent.after.toByteArray()));
        }
      }
      if (!entries.isEmpty()) {
        store.write(destination, entries);
      }
    } finally {
      endWriting(single);
    }
    if (!others.isEmpty()) {
      noteInLine(others);
    }
  }

  /** Mostly an event is the only one of its profile: nobody needs to wait while it is written. */
  private synchronized void beginWriting(List<Sent> events, List<Sent> single, List<Sent> others) {
    for (Sent sent : events) {
      Line line = lines.get(sent.profile);
      if (line == null || !line.sent.contains(sent)) {
        continue; // noted together with one behind it
      }
      boolean isAlone = line.sent.size() == 1 && !line.isBeingWritten && !sent.isOpen();
      if (isAlone) {
        line.isBeingWritten = true;
        single.add(sent);
      } else {
        others.add(sent);
      }
    }
  }

  private synchronized void endWriting(List<Sent> single) {
    for (Sent sent : single) {
      Line line = lines.get(sent.profile);
      line.isBeingWritten = false;
      line.sent.remove(sent);
      if (sent.isDelivered()) {
        line.known = sent.after;
      } else {
        line.hasLost = true;
      }
      if (line.sent.isEmpty()) {
        lines.remove(sent.profile);
      }
    }
    notifyAll();
  }

  /** Profiles with several events on their way: rare, so the others may wait for it. */
  private synchronized void noteInLine(List<Sent> events) {
    List<StateEntry> entries = new ArrayList<>();
    for (Sent sent : events) {
      Line line = lines.get(sent.profile);
      if (line == null) {
        continue;
      }
      awaitWritten(line);
      boolean isNews = false;
      while (!line.sent.isEmpty() && !line.sent.peek().isOpen()) {
        Sent first = line.sent.remove();
        if (first.isDelivered()) {
          line.known = line.hasLost ? first.after.orMemberAs(line.known).uncertain() : first.after;
          isNews = true;
        } else {
          line.hasLost = true;
        }
      }
      if (line.sent.contains(sent) && sent.isDelivered()) {
        // one before it may still be delivered behind it
        entries.add(StateEntry.of(sent.profile, line.possible().uncertain().toByteArray()));
      } else if (isNews) {
        entries.add(StateEntry.of(sent.profile, line.known.toByteArray()));
      }
      if (line.sent.isEmpty()) {
        lines.remove(sent.profile);
      }
    }
    if (!entries.isEmpty()) {
      store.write(destination, entries);
    }
  }

  private void awaitWritten(Line line) {
    boolean interrupted = false;
    while (line.isBeingWritten) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Which audiences are mapped, since when. */
  AudienceMappings mappings() {
    return mappings;
  }

  /** The document of the destination as it is now. */
  MappingRecord record() {
    return MappingRecord.of(store.document(destination, MappingRecord.DOCUMENT));
  }

  /** Looks whether another process has changed the document. */
  void refresh() {
    takeIfNewer(record());
  }

  /** Another thread may have read, or written, a newer one meanwhile. */
  private synchronized void takeIfNewer(MappingRecord read) {
    if (read.next() > mapped.next()) {
      mapped = read;
      mappings = read.mappings();
    }
  }

  /** Changes the document; from now on its mappings hold. */
  MappingRecord change(UnaryOperator<MappingRecord> change) {
    while (true) {
      Optional<byte[]> seen = store.document(destination, MappingRecord.DOCUMENT);
      MappingRecord before = MappingRecord.of(seen);
      MappingRecord after = change.apply(before);
      if (after.equals(before)
          || store.replaceDocument(destination, MappingRecord.DOCUMENT, seen, after.toBytes())) {
        takeIfNewer(after);
        return after;
      }
    }
  }

  StateStore store() {
    return store;
  }

  Instant now() {
    return Instant.now(clock);
  }
}
