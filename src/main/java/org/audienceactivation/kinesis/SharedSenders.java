package org.audienceactivation.kinesis;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.kinesis.ClientSource.FromSettings;
import org.audienceactivation.kinesis.ClientSource.OfTheUser;
import org.audienceactivation.kinesis.sender.KinesisClients;
import org.audienceactivation.kinesis.sender.KinesisSender;
import org.audienceactivation.kinesis.sender.SenderSettings;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * The senders and clients of one component: one sender for each distinct client, stream and
 * settings, however many endpoints use it, closed when the last of them stops. Thread-safe.
 */
final class SharedSenders {

  /** What makes one sender differ from another. */
  record SenderKey(ClientSource client, String stream, SenderSettings settings) {}

  /** One user's hold on something shared. Closing it twice is closing it once. */
  interface Hold<T> extends AutoCloseable {
    T get();

    @Override
    void close();
  }

  private static final Duration LONGER_THAN_ANY_SENDER_WAITS = Duration.ofDays(366);

  private final SenderWatch.Factory watches;
  private final KinesisClients clients = new KinesisClients();
  private final Map<SenderKey, Shared> senders = new HashMap<>();
  private volatile boolean withdrawn;

  /**
   * Senders that are watched.
   *
   * @param watches asked for each sender when it is opened
   */
  SharedSenders(SenderWatch.Factory watches) {
    this.watches = watches;
  }

  /** A hold on the client of this source. */
  Hold<KinesisClient> client(ClientSource source) {
    if (source instanceof OfTheUser own) {
      return new HoldOf<>(own.client(), () -> {});
    }
    KinesisClients.Lease lease = clients.lease(((FromSettings) source).settings());
    return new HoldOf<>(lease.client(), lease::close);
  }

  /**
   * A hold on the sender of this key. To open one may take a while, as credentials do: only those
   * who want the same one wait for it.
   */
  Hold<KinesisSender> sender(SenderKey key) {
    Shared shared;
    synchronized (this) {
      shared = senders.computeIfAbsent(key, one -> new Shared());
      shared.users++;
    }
    try {
      return new HoldOf<>(shared.open(key), () -> release(key, shared));
    } catch (RuntimeException | Error e) {
      release(key, shared);
      throw e;
    }
  }

  /** The sender of this key, if somebody holds it. */
  synchronized Optional<KinesisSender> find(SenderKey key) {
    return Optional.ofNullable(senders.get(key)).flatMap(Shared::sender);
  }

  /** All senders that somebody holds. */
  synchronized List<KinesisSender> held() {
    return senders.values().stream().flatMap(shared -> shared.sender().stream()).toList();
  }

  /**
   * Closes all senders, though they are still held, and those that are opened later: what they
   * cannot settle is returned.
   *
   * @param within how long the calls under way of all of them are awaited
   */
  void withdraw(Duration within) {
    withdrawn = true; // before the held are looked for: who opens one looks afterwards
    // without the lock, as it takes a while
    KinesisSender.closeAll(held(), within);
  }

  /** Closes those that are held side by side, each within the time of its own settings. */
  void closeHeld() {
    KinesisSender.closeAll(held(), LONGER_THAN_ANY_SENDER_WAITS);
  }

  /** Those that are opened from now on take records. */
  void resume() {
    withdrawn = false;
  }

  private void release(SenderKey key, Shared shared) {
    synchronized (this) {
      shared.users--;
      if (shared.users > 0) {
        return;
      }
      senders.remove(key);
    }
    // waits for calls under way, so without the lock
    shared.close();
  }

  /** A sender and what it stands on; opened by the first who wants it. */
  private final class Shared {
    private int users; // guarded by SharedSenders.this
    private volatile KinesisSender sender;
    private Hold<KinesisClient> client;
    private SenderWatch watch;

    Optional<KinesisSender> sender() {
      return Optional.ofNullable(sender);
    }

    /** What is not opened when this fails is not kept; the next may try again. */
    synchronized KinesisSender open(SenderKey key) {
      if (sender != null) {
        return sender;
      }
      Hold<KinesisClient> held = client(key.client());
      SenderWatch watching = SenderWatch.NOBODY;
      try {
        watching = watches.of(held.get(), key.stream());
        KinesisSender opened =
            KinesisSender.open(held.get(), key.stream(), key.settings(), watching);
        watching.opened(opened);
        client = held;
        watch = watching;
        sender = opened;
        if (withdrawn) {
          opened.close();
        }
        return opened;
      } catch (RuntimeException | Error e) {
        watching.close();
        held.close();
        throw e;
      }
    }

    synchronized void close() {
      if (sender != null) {
        sender.close();
        watch.close();
        client.close();
      }
    }
  }

  private static final class HoldOf<T> implements Hold<T> {
    private final T held;
    private Runnable release;

    HoldOf(T held, Runnable release) {
      this.held = held;
      this.release = release;
    }

    @Override
    public T get() {
      return held;
    }

    @Override
    public void close() {
      Runnable once;
      synchronized (this) {
        once = release;
        release = () -> {};
      }
      once.run();
    }
  }
}
