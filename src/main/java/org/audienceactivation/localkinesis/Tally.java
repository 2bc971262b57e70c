package org.audienceactivation.localkinesis;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts what callers did and what befell them, since the server's start. Thread-safe. */
final class Tally {

  private final Map<Action, LongAdder> calls = adders(Action.class);
  private final Map<Fault, LongAdder> faults = adders(Fault.class);
  private final LongAdder denied = new LongAdder();
  private final LongAdder outage = new LongAdder();
  private final LongAdder putRecords = new LongAdder();
  private final LongAdder putBytes = new LongAdder();
  private final LongAdder beyondLimits = new LongAdder();
  private final LongAdder unanswered = new LongAdder();

  /** A call that came in completely. */
  void count(Action action) {
    calls.get(action).increment();
  }

  void count(Fault fault) {
    faults.get(fault).increment();
  }

  void countDenied() {
    denied.increment();
  }

  void countOutage() {
    outage.increment();
  }

  /** A put within the limits of a call. */
  void countPut(int records, long bytes) {
    putRecords.add(records);
    putBytes.add(bytes);
  }

  void countBeyondLimits() {
    beyondLimits.increment();
  }

  /** Records that a call stored whose caller will not hear of it. */
  void countUnanswered(long records) {
    unanswered.add(records);
  }

  /**
   * The sums up to now.
   *
   * @param stored how many records the streams hold
   */
  Stats stats(long stored) {
    Map<String, Long> befell = new TreeMap<>(sums(faults, Fault::text));
    putIfCounted("deny", denied, befell);
    putIfCounted("outage", outage, befell);
    return new Stats(
        sums(calls, Action::wireName),
        putRecords.sum(),
        putBytes.sum(),
        stored,
        beyondLimits.sum(),
        unanswered.sum(),
        befell);
  }

  private static void putIfCounted(String name, LongAdder adder, Map<String, Long> target) {
    if (adder.sum() > 0) {
      target.put(name, adder.sum());
    }
  }

  private static <K> Map<String, Long> sums(Map<K, LongAdder> adders, Function<K, String> name) {
    return adders.entrySet().stream()
        .filter(entry -> entry.getValue().sum() > 0)
        .collect(
            Collectors.toMap(
                entry -> name.apply(entry.getKey()),
                entry -> entry.getValue().sum(),
                Long::sum,
                TreeMap::new));
  }

  private static <E extends Enum<E>> Map<E, LongAdder> adders(Class<E> type) {
    Map<E, LongAdder> adders = new EnumMap<>(type);
    Stream.of(type.getEnumConstants()).forEach(key -> adders.put(key, new LongAdder()));
    return adders;
  }
}
