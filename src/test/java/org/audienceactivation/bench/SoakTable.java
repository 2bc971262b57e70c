package org.audienceactivation.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.audienceactivation.localkinesis.Fault;

/** Soaks as Markdown: a column for each, and what is required of them. */
final class SoakTable {

  private final List<SoakResult> soaks;
  private final StringBuilder out = new StringBuilder();

  private SoakTable(List<SoakResult> soaks) {
    this.soaks = soaks;
  }

  static String of(List<SoakResult> soaks) {
    SoakTable table = new SoakTable(soaks);
    table.head();
    table.rows();
    return table.out.toString();
  }

  private void head() {
    line("records that fail", "required", soak -> soak.plan().title());
    out.append("|---|").append("--:|".repeat(soaks.size())).append("---|\n");
  }

  private void rows() {
    count("records", "", soak -> (long) soak.plan().records());
    count("lost", "0", soak -> (long) soak.delivery().missing());
    count("after a later one of their key", "0", soak -> (long) soak.delivery().outOfOrder());
    count("that nobody sent", "0", soak -> (long) soak.delivery().foreign());
    count("duplicates", "≤ acknowledgements lost", soak -> soak.delivery().duplicates());
    count("acknowledgements lost", "", soak -> soak.stats().unanswered());
    count("answers lost", "", soak -> soak.struck(Fault.DROP_AFTER));
    count("calls lost", "", soak -> soak.struck(Fault.DROP));
    count("calls in the outage", "> 0", SoakResult::refusedInOutage);
    count(
        "shards written to",
        Integer.toString(Mishaps.SHARDS_IN_ALL),
        soak -> (long) soak.delivery().shards());
    factor("sent / records", SoakResult::resends);
    factor("1/(1−p)", soak -> soak.plan().resendsInTheory());
    factor("… and for calls that fail", soak -> soak.plan().resendsInTheoryWithDrops());
    count("seconds", "", soak -> Math.round(soak.seconds()));
    count("records/s", "", soak -> Math.round(soak.recordsPerSecond()));
    count(
        "heap in use after a collection, MB",
        "≤ " + SoakResult.HEAP_LIMIT_MEGABYTES,
        SoakResult::heapMegabytes);
    count("peak RSS, MB", "≤ " + SoakResult.PEAK_LIMIT_MEGABYTES, SoakResult::peakMegabytes);
    count("exit status", "0", soak -> (long) soak.exit().status());
  }

  private void count(String what, String required, Function<SoakResult, Long> figure) {
    line(what, required, soak -> String.format(Locale.ROOT, "%,d", figure.apply(soak)));
  }

  private void factor(String what, Function<SoakResult, Double> figure) {
    line(what, "", soak -> String.format(Locale.ROOT, "%.4f", figure.apply(soak)));
  }

  private void line(String what, String required, Function<SoakResult, String> cell) {
    String cells = soaks.stream().map(cell).collect(Collectors.joining(" | "));
    out.append("| %s | %s | %s |%n".formatted(what, cells, required));
  }
}
