package org.audienceactivation.route;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.audienceactivation.state.StateStore;

/** What is known of all destinations of a run, whatever plans there have been. Thread-safe. */
final class States implements AutoCloseable {

  private final Optional<StateStore> store;
  private final StopSignal stop;
  private final Clock clock;
  private final Map<String, DestinationState> states = new ConcurrentHashMap<>();

  States(Optional<StateStore> store, StopSignal stop, Clock clock) {
    this.store = store.map(one -> new PatientStore(one, stop));
    this.stop = stop;
    this.clock = clock;
  }

  /** Nothing is known of any. */
  static States none() {
    return new States(Optional.empty(), new StopSignal(), Clock.systemUTC());
  }

  /** Empty if nothing is kept. */
  Optional<DestinationState> of(String destination) {
    return store.map(
        open ->
            states.computeIfAbsent(destination, name -> new DestinationState(name, open, clock)));
  }

  /** What is known of a destination of this run; empty for any other. */
  Optional<DestinationState> known(String destination) {
    return Optional.ofNullable(states.get(destination));
  }

  boolean areKept() {
    return store.isPresent();
  }

  /** Looks for what other processes have changed. */
  void refresh() {
    if (!stop.isGiven()) {
      states.values().forEach(DestinationState::refresh);
    }
  }

  @Override
  public void close() {
    store.ifPresent(StateStore::close);
  }
}
