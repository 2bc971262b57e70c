package org.audienceactivation.route;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets its oldest entry when it is full. Not thread-safe. */
final class Remembered<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1;

  private final int most;

  Remembered(int most) {
    this.most = most;
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
