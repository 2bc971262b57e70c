package org.audienceactivation.profile;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A map of mostly few entries, in the order in which their keys first came. Keys and values stand
 * side by side in one array and are found by looking at each: a batch of profiles is thousands of
 * such maps, and only without hash tables and nodes does it stay in the processor's cache from
 * reading to mapping. An export may nevertheless hold any number, so many entries get an index.
 *
 * <p>Not thread-safe while it is filled; who hands it out no longer fills it.
 */
final class CompactMap<K, V> {

  private static final int FEW = 8;
  private static final Object[] NOTHING = {};

  private Object[] entries = NOTHING;
  private int size;
  private Map<Object, Integer> index = Map.of();

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  @SuppressWarnings("unchecked") // only add() writes there
  K key(int at) {
    return (K) entries[2 * at];
  }

  @SuppressWarnings("unchecked") // only add() and put() write there
  V value(int at) {
    return (V) entries[2 * at + 1];
  }

  /** Null if there is none. */
  V get(Object key) {
    int at = indexOf(key);
    return at < 0 ? null : value(at);
  }

  /** A key that is there keeps its place. */
  void put(K key, V value) {
    int at = indexOf(key);
    if (at < 0) {
      add(key, value);
    } else {
      entries[2 * at + 1] = value;
    }
  }

  void putIfAbsent(K key, V value) {
    if (indexOf(key) < 0) {
      add(key, value);
    }
  }

  /** A view. */
  List<K> keys() {
    return new AbstractList<>() {
      @Override
      public K get(int at) {
        return key(at);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  /** A view. */
  List<V> values() {
    return new AbstractList<>() {
      @Override
      public V get(int at) {
        return value(at);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  private int indexOf(Object key) {
    if (size > FEW) {
      return index.getOrDefault(key, -1);
    }
    for (int at = 0; at < size; at++) {
      if (entries[2 * at].equals(key)) {
        return at;
      }
    }
    return -1;
  }

  private void add(K key, V value) {
    if (2 * size == entries.length) {
      entries = Arrays.copyOf(entries, Math.max(4, 2 * entries.length));
    }
    entries[2 * size] = key;
    entries[2 * size + 1] = value;
    size++;
    if (size > FEW) {
      addToIndex();
    }
  }

  private void addToIndex() {
    if (index.isEmpty()) {
      index = new HashMap<>();
    }
    for (int at = index.size(); at < size; at++) {
      index.put(key(at), at);
    }
  }

  /** Whatever the order, as with any map. */
  @Override
  public boolean equals(Object other) {
    return other instanceof CompactMap<?, ?> that && size == that.size && hasAllOf(that);
  }

  private boolean hasAllOf(CompactMap<?, ?> that) {
    for (int at = 0; at < that.size; at++) {
      if (!that.value(at).equals(get(that.key(at)))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int sum = 0;
    for (int at = 0; at < size; at++) {
      sum += key(at).hashCode() ^ value(at).hashCode();
    }
    return sum;
  }
}
