package org.audienceactivation.bench;

import static org.audienceactivation.bench.Competitor.PUT_RECORD;
import static org.audienceactivation.bench.Competitor.REST;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.audienceactivation.bench.Rounds.Spread;

/** How long calls took that came at a constant rate, as Markdown. */
final class LatencyTable {

  private final Rounds rounds;
  private final StringBuilder out = new StringBuilder();

  private LatencyTable(Rounds rounds) {
    this.rounds = rounds;
  }

  static String of(Rounds rounds) {
    LatencyTable table = new LatencyTable(rounds);
    table.line("| ms | calls/s | p50 | p99 | p99.9 | longest |");
    table.line("|---|--:|--:|--:|--:|--:|");
    table.row(REST);
    table.row(PUT_RECORD);
    table.difference();
    return table.out.toString();
  }

  private void row(Competitor one) {
    line(
        "| %s | %s | %s | %s | %s | %s |",
        one.title(),
        figure("%,.0f", one, Measurement::recordsPerSecond),
        figure("%.2f", one, measured -> measured.latencies().p50()),
        figure("%.2f", one, measured -> measured.latencies().p99()),
        figure("%.2f", one, measured -> measured.latencies().p999()),
        figure("%.2f", one, measured -> measured.latencies().longest()));
  }

  private String figure(String format, Competitor one, ToDoubleFunction<Measurement> figure) {
    Spread spread = rounds.spread(one, figure);
    return String.format(
        Locale.ROOT,
        format + " (" + format + "–" + format + ")",
        spread.median(),
        spread.min(),
        spread.max());
  }

  private void difference() {
    line(
        "| difference (target: ≤ 10 at p99) | | %+.2f | %+.2f | %+.2f | |",
        difference(Latencies::p50), difference(Latencies::p99), difference(Latencies::p999));
  }

  private double difference(ToDoubleFunction<Latencies> of) {
    return rounds
        .median(
            List.of(REST, PUT_RECORD),
            round ->
                of.applyAsDouble(round.get(REST).latencies())
                    - of.applyAsDouble(round.get(PUT_RECORD).latencies()))
        .orElseThrow();
  }

  private void line(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
