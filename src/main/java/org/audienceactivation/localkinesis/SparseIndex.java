package org.audienceactivation.localkinesis;

import java.util.Arrays;

/**
 * Where in a log's file some of its records begin: one entry for every {@link #INTERVAL} bytes, so
 * that its size follows the bytes stored and not the number of records (24 bytes for each 64 KiB: a
 * gigabyte of records costs under half a megabyte). Not thread-safe; its log guards it.
 */
final class SparseIndex {

  static final int INTERVAL = 64 << 10;

  private long[] places = new long[16];
  private long[] positions = new long[16];
  private long[] arrivals = new long[16];
  private int size;

  int size() {
    return size;
  }

  /** Notes where a record begins if the last noted one is far enough behind. */
  void offer(long place, long position, long arrival) {
    if (size > 0 && position - positions[size - 1] < INTERVAL) {
      return;
    }
    if (size == places.length) {
      places = Arrays.copyOf(places, 2 * size);
      positions = Arrays.copyOf(positions, 2 * size);
      arrivals = Arrays.copyOf(arrivals, 2 * size);
    }
    places[size] = place;
    positions[size] = position;
    arrivals[size] = arrival;
    size++;
  }

  /** Forgets all but the first entries: what they stood for was not stored after all. */
  void shrink(int newSize) {
    size = newSize;
  }

  /** The entry from which a place is reached by reading forward. */
  int entryBefore(long place) {
    int found = Arrays.binarySearch(places, 0, size, place);
    return found >= 0 ? found : Math.max(-found - 2, 0);
  }

  /** The last entry that arrived before a time; all that is not earlier comes after it. */
  int entryBeforeArrival(long epochMillis) {
    int entry = 0;
    for (int low = 1, high = size - 1; low <= high; ) {
      int middle = (low + high) >>> 1;
      if (arrivals[middle] < epochMillis) {
        entry = middle;
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return entry;
  }

  long place(int entry) {
    return places[entry];
  }

  long position(int entry) {
    return positions[entry];
  }
}
