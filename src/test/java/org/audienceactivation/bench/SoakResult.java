package org.audienceactivation.bench;

import java.util.List;
import java.util.Locale;
import org.audienceactivation.cli.Program;
import org.audienceactivation.localkinesis.Fault;
import org.audienceactivation.localkinesis.Stats;

/**
 * What came of a soak.
 *
 * @param exit how the program ended
 * @param exportsLeft that it left in the inbox
 * @param mishapsLeft that were to come when it had ended
 * @param stats of the stream
 * @param seconds from the start of the program to its end
 * @param peakMegabytes that the program had resident
 * @param heapMegabytes that were left in use after a collection, at most
 */
record SoakResult(
    SoakPlan plan,
    Delivery delivery,
    Program.Ended exit,
    List<String> exportsLeft,
    List<String> mishapsLeft,
    Stats stats,
    double seconds,
    long peakMegabytes,
    long heapMegabytes) {

  /** Three quarters of the heap: more would be what grows with the records. */
  static final long HEAP_LIMIT_MEGABYTES = 192;

  /** A heap of 256 MB, and as much again for code, threads and what the JVM needs. */
  static final long PEAK_LIMIT_MEGABYTES = 512;

  private static final String PUTS = "PutRecords";

  private record Rule(boolean holds, String violation) {
    static Rule of(boolean holds, String violation, Object... arguments) {
      return new Rule(holds, String.format(Locale.ROOT, violation, arguments));
    }
  }

  /** What is not as it must be; empty if all is. */
  List<String> violations() {
    List<Rule> rules =
        List.of(
            Rule.of(delivery.missing() == 0, "%,d records are lost", delivery.missing()),
            Rule.of(delivery.foreign() == 0, "%,d records that nobody sent", delivery.foreign()),
            Rule.of(
                delivery.outOfOrder() == 0,
                "%,d records came after a later one of their key",
                delivery.outOfOrder()),
            Rule.of(
                delivery.duplicates() <= stats.unanswered(),
                "%,d duplicates, more than the %,d records whose acknowledgement was lost explain",
                delivery.duplicates(),
                stats.unanswered()),
            Rule.of(exit.status() == 0, "the program ended with %d", exit.status()),
            Rule.of(exportsLeft.isEmpty(), "left in the inbox: %s", exportsLeft),
            Rule.of(mishapsLeft.isEmpty(), "too short for: %s", mishapsLeft),
            Rule.of(refusedInOutage() > 0, "nobody called during the outage"),
            Rule.of(
                delivery.shards() == Mishaps.SHARDS_IN_ALL,
                "%d shards were written to, not %d",
                delivery.shards(),
                Mishaps.SHARDS_IN_ALL),
            Rule.of(
                peakMegabytes <= PEAK_LIMIT_MEGABYTES,
                "%d MB resident, more than %d",
                peakMegabytes,
                PEAK_LIMIT_MEGABYTES),
            Rule.of(
                heapMegabytes <= HEAP_LIMIT_MEGABYTES,
                "%d MB of the heap in use after a collection, more than %d",
                heapMegabytes,
                HEAP_LIMIT_MEGABYTES));
    return rules.stream().filter(rule -> !rule.holds()).map(Rule::violation).toList();
  }

  long struck(Fault fault) {
    return stats.faults().getOrDefault(fault.text(), 0L);
  }

  /** Calls that met the outage. */
  long refusedInOutage() {
    return stats.faults().getOrDefault("outage", 0L);
  }

  /**
   * How often a record was sent on average, but for the few calls of the outage. A call that is
   * dropped before it is looked into counts as one of mean size.
   */
  double resends() {
    long calls = stats.calls().getOrDefault(PUTS, 0L);
    double sent = stats.putRecords() * (double) calls / (calls - struck(Fault.DROP));
    return sent / plan.records();
  }

  double recordsPerSecond() {
    return plan.records() / seconds;
  }
}
