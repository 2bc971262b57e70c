package org.audienceactivation.kinesis.sender;

import java.util.HashMap;
import java.util.Map;
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
  public synchronized Lease lease(KinesisClientSettings settings) {
    Shared shared = clients.get(settings);
    if (shared == null) {
      shared = new Shared(new OwnedClient(settings));
      clients.put(settings, shared);
    }
    shared.users++;
    return new CountedLease(settings, shared);
  }

  /** How many clients are open: for those who watch for leaks. */
  public synchronized int open() {
    return clients.size();
  }

  private synchronized void release(KinesisClientSettings settings, Shared shared) {
    shared.users--;
    if (shared.users > 0) {
      return;
    }
    clients.remove(settings);
    shared.client.close();
  }

  private static final class Shared {
    private final OwnedClient client;
    private int users;

    Shared(OwnedClient client) {
      this.client = client;
    }
  }

  private final class CountedLease implements Lease {
    private final KinesisClientSettings settings;
    private final Shared shared;
    private boolean released;

    CountedLease(KinesisClientSettings settings, Shared shared) {
      this.settings = settings;
      this.shared = shared;
    }

    @Override
    public KinesisClient client() {
      return shared.client.client();
    }

    @Override
    public void close() {
      synchronized (KinesisClients.this) {
        if (released) {
          return;
        }
        released = true;
        release(settings, shared);
      }
    }
  }
}
