package org.audienceactivation.state;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Keeps for each destination what its profiles were last sent, as bytes whose meaning is somebody
 * else's. Thread-safe. Every method throws {@link StateStoreException} if the store cannot be
 * reached or read; nothing is changed then, or it cannot be told.
 */
public interface StateStore extends AutoCloseable {

  /** One array for each key, in their order; empty where nothing is kept. */
  List<byte[]> read(String destination, List<ProfileKey> profiles);

  /**
   * Keeps all of these or none. When it returns, a kill of the process takes nothing of it away. Of
   * two entries for one profile the last one counts.
   *
   * @param entries up to a few thousand
   */
  void write(String destination, List<StateEntry> entries);

  /**
   * Marks profiles as seen in a snapshot. Marks need not outlive the process.
   *
   * @param snapshot a name that the caller chooses, of up to 200 characters
   */
  void mark(String destination, String snapshot, List<ProfileKey> seen);

  /**
   * Hands out every entry of a destination that is not marked in a snapshot. Entries that are
   * written meanwhile may be among them or not.
   *
   * @param chunks is given up to 500 entries at a time
   */
  void unmarked(String destination, String snapshot, Consumer<List<StateEntry>> chunks);

  /** Drops the marks of a snapshot. */
  void forget(String destination, String snapshot);

  /**
   * Hands out every entry of a destination.
   *
   * @param chunks is given up to 500 entries at a time
   */
  void all(String destination, Consumer<List<StateEntry>> chunks);

  /** A small document about a destination, if there is one of this name. */
  Optional<byte[]> document(String destination, String name);

  /**
   * Replaces a document if it still is what the caller has seen.
   *
   * @return false if somebody was faster; nothing is changed then
   */
  boolean replaceDocument(String destination, String name, Optional<byte[]> seen, byte[] next);

  @Override
  void close();
}
