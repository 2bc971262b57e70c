package org.audienceactivation.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.audienceactivation.state.ProfileKey;
import org.audienceactivation.state.StateEntry;
import org.audienceactivation.state.StateStore;
import org.audienceactivation.state.StateStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that cannot be reached holds up the sources, as a stream does: what fails is tried again
 * until it succeeds, or the application stops. Thread-safe.
 */
final class PatientStore implements StateStore {
  private static final Logger LOG = LoggerFactory.getLogger(PatientStore.class);
  private static final Duration FIRST_WAIT = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final StateStore store;
  private final StopSignal stop;

  PatientStore(StateStore store, StopSignal stop) {
    this.store = store;
    this.stop = stop;
  }

  private <T> T patiently(Supplier<T> what) {
    Duration wait = FIRST_WAIT;
    for (int attempt = 1; ; attempt++) {
      try {
        T result = what.get();
        if (attempt > 1) {
          LOG.info("the state store can be used again");
        }
        return result;
      } catch (StateStoreException e) {
        if (stop.isGiven()) {
          throw e;
        }
        LOG.warn(
            "{}; sources wait, and it is tried again in {} ms", e.getMessage(), wait.toMillis());
        stop.pause(wait);
        Duration longer = wait.multipliedBy(2);
        wait = longer.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longer;
      }
    }
  }

  private void patiently(Runnable what) {
    patiently(
        () -> {
          what.run();
          return true;
        });
  }

  @Override
  public List<byte[]> read(String destination, List<ProfileKey> profiles) {
    return patiently(() -> store.read(destination, profiles));
  }

  @Override
  public void write(String destination, List<StateEntry> entries) {
    patiently(() -> store.write(destination, entries));
  }

  @Override
  public void mark(String destination, String snapshot, List<ProfileKey> seen) {
    patiently(() -> store.mark(destination, snapshot, seen));
  }

  /** Not tried again: some chunks may have been handed out. */
  @Override
  public void unmarked(String destination, String snapshot, Consumer<List<StateEntry>> chunks) {
    store.unmarked(destination, snapshot, chunks);
  }

  @Override
  public void forget(String destination, String snapshot) {
    patiently(() -> store.forget(destination, snapshot));
  }

  /** Not tried again: some chunks may have been handed out. */
  @Override
  public void all(String destination, Consumer<List<StateEntry>> chunks) {
    store.all(destination, chunks);
  }

  @Override
  public Optional<byte[]> document(String destination, String name) {
    return patiently(() -> store.document(destination, name));
  }

  @Override
  public boolean replaceDocument(
      String destination, String name, Optional<byte[]> seen, byte[] next) {
    return patiently(() -> store.replaceDocument(destination, name, seen, next));
  }

  @Override
  public void close() {
    store.close();
  }
}
