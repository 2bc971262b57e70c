package org.audienceactivation.kinesis;

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

  private final SenderWatch.Factory watches;
  private final KinesisClients clients = new KinesisClients();
  private final Map<SenderKey, Shared> senders = new HashMap<>();

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

  /** A hold on the sender of this key. */
  synchronized Hold<KinesisSender> sender(SenderKey key) {
    Shared shared = senders.get(key);
    if (shared == null) {
      Hold<KinesisClient> client = client(key.client());
      SenderWatch watch = watches.of(client.get(), key.stream());
      KinesisSender sender = KinesisSender.open(client.get(), key.stream(), key.settings(), watch);
      watch.opened(sender);
      shared = new Shared(sender, client, watch);
      senders.put(key, shared);
    }
    shared.users++;
    return new HoldOf<>(shared.sender, () -> release(key));
  }

  /** The sender of this key, if somebody holds it. */
  synchronized Optional<KinesisSender> find(SenderKey key) {
    return Optional.ofNullable(senders.get(key)).map(shared -> shared.sender);
  }

  /** All senders that somebody holds. */
  synchronized List<KinesisSender> held() {
    return senders.values().stream().map(shared -> shared.sender).toList();
  }

  /** Closes all senders, though they are still held: what they cannot settle is returned. */
  void withdraw() {
    // each waits for its calls under way, so side by side and without the lock
    held().parallelStream().forEach(KinesisSender::close);
  }

  private void release(SenderKey key) {
    Shared last;
    synchronized (this) {
      last = senders.get(key);
      last.users--;
      if (last.users > 0) {
        return;
      }
      senders.remove(key);
    }
    // waits for calls under way, so without the lock
    last.sender.close();
    last.watch.close();
    last.client.close();
  }

  private static final class Shared {
    private final KinesisSender sender;
    private final Hold<KinesisClient> client;
    private final SenderWatch watch;
    private int users;

    Shared(KinesisSender sender, Hold<KinesisClient> client, SenderWatch watch) {
      this.sender = sender;
      this.client = client;
      this.watch = watch;
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
