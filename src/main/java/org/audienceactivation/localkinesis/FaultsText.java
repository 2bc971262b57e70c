package org.audienceactivation.localkinesis;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@link Faults} as names and values, for command lines and for the {@link Console}. */
final class FaultsText {

  static final String LATENCY = "latency";
  static final String JITTER = "jitter";
  static final String ON = "on";
  static final String DENY = "deny";
  static final String STATUS = "status";
  static final String OUTAGE = "outage";
  static final String SEED = "seed";

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

  private FaultsText() {}

  /** What can be said, and what it means in a few words. */
  static Map<String, String> vocabulary() {
    Map<String, String> words = new LinkedHashMap<>();
    for (Fault fault : Fault.values()) {
      words.put(fault.text(), fault.description());
    }
    words.put(LATENCY, "time that each call waits before it is carried out");
    words.put(JITTER, "time up to which it waits longer, at random");
    words.put(ON, "actions that meet these (default: PutRecord+PutRecords)");
    words.put(DENY, "actions that answer AccessDeniedException");
    words.put(STATUS, "status of all streams: CREATING, UPDATING or DELETING");
    words.put(OUTAGE, "all connections are dropped, nothing is stored");
    words.put(SEED, "number from which the draws follow");
    return words;
  }

  static Faults parse(String text) {
    Faults faults = Faults.none();
    for (String part : text.split(",", -1)) {
      String[] words = part.split("=", 2);
      faults = set(faults, words[0].trim(), words.length == 1 ? "true" : words[1].trim());
    }
    return faults;
  }

  /**
   * Sets what a name stands for.
   *
   * @param value as text; several actions are joined by +
   */
  static Faults set(Faults faults, String name, String value) {
    return switch (name) {
      case LATENCY -> faults.withLatency(duration(name, value));
      case JITTER -> faults.withJitter(duration(name, value));
      case ON -> faults.withOn(actions(name, value));
      case DENY -> faults.withDenied(actions(name, value));
      case STATUS -> faults.withStatus(status(value));
      case OUTAGE -> faults.withOutage(bool(name, value));
      case SEED -> faults.withSeed(seed(value));
      default -> faults.with(fault(name), percent(name, value));
    };
  }

  /** What differs from {@link Faults#none()}. */
  static Map<String, String> members(Faults faults) {
    Faults none = Faults.none();
    Map<String, String> members = new LinkedHashMap<>();
    faults.percents().forEach((fault, percent) -> members.put(fault.text(), shortest(percent)));
    if (!faults.latency().isZero()) {
      members.put(LATENCY, faults.latency().toMillis() + "ms");
    }
    if (!faults.jitter().isZero()) {
      members.put(JITTER, faults.jitter().toMillis() + "ms");
    }
    if (!faults.on().equals(none.on())) {
      members.put(ON, names(faults.on()));
    }
    if (!faults.denied().isEmpty()) {
      members.put(DENY, names(faults.denied()));
    }
    faults.status().ifPresent(status -> members.put(STATUS, status.name()));
    if (faults.outage()) {
      members.put(OUTAGE, "true");
    }
    if (faults.seed() != none.seed()) {
      members.put(SEED, Long.toString(faults.seed()));
    }
    return members;
  }

  private static Fault fault(String name) {
    return Fault.ofText(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no fault '"
                        + name
                        + "'; there are "
                        + String.join(", ", vocabulary().keySet())));
  }

  private static double percent(String name, String value) {
    try {
      double percent = Double.parseDouble(value);
      if (percent >= 0 && percent <= 100) {
        return percent;
      }
    } catch (NumberFormatException e) {
      // refused below, as a number out of range is
    }
    throw refused(name, value, "a percentage, 0 to 100");
  }

  private static Duration duration(String name, String value) {
    Matcher matcher = DURATION.matcher(value);
    if (!matcher.matches()) {
      throw refused(name, value, "a time such as 20ms, 5s or 1m");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }

  private static Action[] actions(String name, String value) {
    return Arrays.stream(value.split("\\+", -1))
        .map(
            word ->
                Action.ofName(word)
                    .orElseThrow(
                        () -> refused(name, word, "one or more, joined by +, of " + Action.NAMES)))
        .toArray(Action[]::new);
  }

  private static StreamStatus status(String value) {
    return Arrays.stream(StreamStatus.values())
        .filter(status -> status.name().equalsIgnoreCase(value))
        .findFirst()
        .orElseThrow(() -> refused(STATUS, value, "CREATING, ACTIVE, UPDATING or DELETING"));
  }

  private static boolean bool(String name, String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refused(name, value, "true or false");
    };
  }

  private static long seed(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw refused(SEED, value, "a whole number");
    }
  }

  private static IllegalArgumentException refused(String name, String value, String allowed) {
    return new IllegalArgumentException(name + " must be " + allowed + "; is '" + value + "'");
  }

  private static String names(Set<Action> actions) {
    return actions.stream().sorted().map(Action::wireName).collect(Collectors.joining("+"));
  }

  private static String shortest(double percent) {
    return percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent);
  }
}
