package org.audienceactivation.localkinesis;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How a {@link LocalKinesis} misbehaves. Immutable; the methods {@code with…} give a changed copy.
 * Which record or call a fault strikes is drawn with a seed: callers that do the same calls one
 * after another meet the same faults.
 *
 * @param percents how likely each fault is, in percent of records or calls; those of calls add up
 *     to at most 100, and those of records too
 * @param latency how long each call waits before it is carried out
 * @param jitter how much longer it may wait, drawn evenly; so calls may overtake each other
 * @param on the actions whose calls meet faults and latency
 * @param denied the actions that answer AccessDeniedException, always
 * @param status if present, every stream is said to have this status and behaves so
 * @param outage whether every connection is dropped at its next call, with nothing stored
 * @param seed of the draws
 */
public record Faults(
    Map<Fault, Double> percents,
    Duration latency,
    Duration jitter,
    Set<Action> on,
    Set<Action> denied,
    Optional<StreamStatus> status,
    boolean outage,
    long seed) {

  /** A longer wait than any client's patience, and within what a timer can hold. */
  private static final Duration MAX_WAIT = Duration.ofHours(1);

  private static final Set<Action> PUTS =
      Collections.unmodifiableSet(EnumSet.of(Action.PUT_RECORD, Action.PUT_RECORDS));

  private static final Faults NONE =
      new Faults(
          Map.of(), Duration.ZERO, Duration.ZERO, PUTS, Set.of(), Optional.empty(), false, 0);

  /** Refuses what cannot be, naming it. */
  public Faults {
    percents = copyOf(percents);
    on = Set.copyOf(on);
    denied = Set.copyOf(denied);
    percents.forEach(
        (fault, percent) ->
            require(
                percent >= 0 && percent <= 100, fault.text(), "must be 0 to 100, is " + percent));
    requireSum(percents, Fault.Scope.RECORD);
    requireSum(percents, Fault.Scope.CALL);
    requireWait(latency, "latency");
    requireWait(jitter, "jitter");
  }

  /** A server that does as it should. */
  public static Faults none() {
    return NONE;
  }

  /**
   * Reads faults as they are written on a command line: {@code
   * throttle=10,internal=0.5,latency=20ms,deny=PutRecords+ListShards,outage}. Each {@link Fault}
   * has a percentage; {@link #vocabulary()} has the other names.
   *
   * @throws IllegalArgumentException if it cannot be read; the message says what is allowed
   */
  public static Faults parse(String text) {
    return FaultsText.parse(text);
  }

  /** The names that {@link #parse} knows, and what they mean in a few words. */
  public static Map<String, String> vocabulary() {
    return FaultsText.vocabulary();
  }

  /** With a fault in so many percent of records or calls; 0 is never. */
  public Faults with(Fault fault, double percent) {
    Map<Fault, Double> changed = new EnumMap<>(Fault.class);
    changed.putAll(percents);
    changed.put(fault, percent);
    return new Faults(changed, latency, jitter, on, denied, status, outage, seed);
  }

  public Faults withLatency(Duration newLatency) {
    return new Faults(percents, newLatency, jitter, on, denied, status, outage, seed);
  }

  public Faults withJitter(Duration newJitter) {
    return new Faults(percents, latency, newJitter, on, denied, status, outage, seed);
  }

  /** Faults and latency meet the calls of these actions; at first those of PutRecord(s). */
  public Faults withOn(Action... actions) {
    return new Faults(percents, latency, jitter, setOf(actions), denied, status, outage, seed);
  }

  public Faults withDenied(Action... actions) {
    return new Faults(percents, latency, jitter, on, setOf(actions), status, outage, seed);
  }

  public Faults withStatus(StreamStatus newStatus) {
    return new Faults(percents, latency, jitter, on, denied, Optional.of(newStatus), outage, seed);
  }

  public Faults withOutage(boolean newOutage) {
    return new Faults(percents, latency, jitter, on, denied, status, newOutage, seed);
  }

  public Faults withSeed(long newSeed) {
    return new Faults(percents, latency, jitter, on, denied, status, outage, newSeed);
  }

  /** How likely a fault is, in percent. */
  public double percent(Fault fault) {
    return percents.getOrDefault(fault, 0.0);
  }

  /** The same in the words of {@link #parse}. */
  @Override
  public String toString() {
    return FaultsText.members(this).entrySet().stream()
        .map(member -> member.getKey() + "=" + member.getValue())
        .collect(Collectors.joining(","));
  }

  private static Set<Action> setOf(Action... actions) {
    return Set.copyOf(Arrays.asList(actions));
  }

  private static Map<Fault, Double> copyOf(Map<Fault, Double> percents) {
    Map<Fault, Double> copy = new EnumMap<>(Fault.class);
    percents.forEach(
        (fault, percent) -> {
          if (percent != 0) {
            copy.put(fault, percent);
          }
        });
    return Collections.unmodifiableMap(copy);
  }

  private static void requireSum(Map<Fault, Double> percents, Fault.Scope scope) {
    double sum =
        percents.entrySet().stream()
            .filter(entry -> entry.getKey().scope() == scope)
            .mapToDouble(Map.Entry::getValue)
            .sum();
    require(
        sum <= 100,
        "faults of " + (scope == Fault.Scope.RECORD ? "records" : "calls"),
        "must add up to at most 100 percent, are " + sum);
  }

  private static void requireWait(Duration wait, String name) {
    require(!wait.isNegative() && wait.compareTo(MAX_WAIT) <= 0, name, "must be 0 to 1 hour");
  }

  private static void require(boolean holds, String name, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(name + " " + rule);
    }
  }
}
