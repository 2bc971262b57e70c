package org.audienceactivation.kinesis.sender;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/**
 * The Kinesis clients of one owner: one for each distinct {@link KinesisClientSettings}, counted by
 * those who use it and closed when the last of them lets go. Thread-safe.
 *
 * <p>A client of this class never retries by itself: the {@link KinesisSender} is the one place
 * that does.
 */
public final class KinesisClients {

  private final Map<KinesisClientSettings, Shared> clients = new HashMap<>();

  /** One user's hold on a client. Closing it twice is closing it once. */
  public interface Lease extends AutoCloseable {

    /** Usable until this lease is closed. */
    KinesisClient client();

    @Override
    void close();
  }

  /**
   * A hold on the client of these settings, which is built if nobody holds it yet.
   *
   * @throws IllegalArgumentException if no client can be built of them, for example because no
   *     region is set and none is found
   */
  public Lease lease(KinesisClientSettings settings) {
    Shared shared;
    synchronized (this) {
      shared = clients.computeIfAbsent(settings, one -> new Shared());
      shared.users++;
    }
    try {
      // may take long: a provider of credentials may ask somebody. So without the lock
      return new CountedLease(settings, shared, shared.open(settings));
    } catch (RuntimeException | Error e) {
      release(settings, shared);
      throw e;
    }
  }

  /** How many clients are open: for those who watch for leaks. */
  public synchronized int open() {
    return clients.size();
  }

  private void release(KinesisClientSettings settings, Shared shared) {
    synchronized (this) {
      shared.users--;
      if (shared.users > 0) {
        return;
      }
      clients.remove(settings);
    }
    shared.close();
  }

  private static final class Shared {
    private int users; // guarded by the clients
    private OwnedClient client; // guarded by this object

    synchronized KinesisClient open(KinesisClientSettings settings) {
      if (client == null) {
        client = new OwnedClient(settings);
      }
      return client.client();
    }

    synchronized void close() {
      if (client != null) {
        client.close();
      }
    }
  }

  private final class CountedLease implements Lease {
    private final KinesisClientSettings settings;
    private final Shared shared;
    private final KinesisClient client;
    private final AtomicBoolean released = new AtomicBoolean();

    CountedLease(KinesisClientSettings settings, Shared shared, KinesisClient client) {
      this.settings = settings;
      this.shared = shared;
      this.client = client;
    }

    @Override
    public KinesisClient client() {
      return client;
    }

    @Override
    public void close() {
      if (released.compareAndSet(false, true)) {
        release(settings, shared);
      }
    }
  }
}
