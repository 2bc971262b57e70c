package org.audienceactivation.bench;

import static org.audienceactivation.bench.Competitor.COPY;
import static org.audienceactivation.bench.Competitor.GOVERNED_AUDIT;
import static org.audienceactivation.bench.Competitor.GOVERNED_CONSENT;
import static org.audienceactivation.bench.Competitor.GOVERNED_LOG;
import static org.audienceactivation.bench.Competitor.GOVERNED_NONE;
import static org.audienceactivation.bench.Competitor.GOVERNED_STRIP;
import static org.audienceactivation.bench.Competitor.LIMITED_500;
import static org.audienceactivation.bench.Competitor.LIMITED_64;
import static org.audienceactivation.bench.Competitor.PIPELINE;
import static org.audienceactivation.bench.Competitor.PUT_RECORD;
import static org.audienceactivation.bench.Competitor.REST;
import static org.audienceactivation.bench.Competitor.SDK;
import static org.audienceactivation.bench.Competitor.SENDER_500;
import static org.audienceactivation.bench.Competitor.SENDER_64;
import static org.audienceactivation.bench.Competitor.SENDER_64_ASYNC;
import static org.audienceactivation.bench.Competitor.STATE_EMBEDDED;
import static org.audienceactivation.bench.Competitor.STATE_NONE;
import static org.audienceactivation.bench.Competitor.STATE_POSTGRESQL;
import static org.audienceactivation.bench.Competitor.STATE_UNCHANGED;
import static org.audienceactivation.bench.Competitor.STOCK_BATCH;
import static org.audienceactivation.bench.Competitor.STOCK_BATCH_PARALLEL;
import static org.audienceactivation.bench.Competitor.STOCK_JOB;
import static org.audienceactivation.bench.Competitor.STOCK_JOB_ONE;
import static org.audienceactivation.bench.Competitor.STOCK_ONE;
import static org.audienceactivation.bench.Competitor.STOCK_ONE_PARALLEL;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.audienceactivation.bench.Rounds.Spread;

/**
 * The figures of a run as Markdown: a row for each competitor, then what they are to each other.
 */
final class ResultTable {

  private final Rounds rounds;
  private final StringBuilder out = new StringBuilder();

  private ResultTable(Rounds rounds) {
    this.rounds = rounds;
  }

  static String of(Rounds rounds) {
    ResultTable table = new ResultTable(rounds);
    table.competitors();
    table.ratios();
    return table.out.toString();
  }

  private void competitors() {
    line(
        "| | records/s | CPU µs/record | sink's CPU µs/record | calls | records/call | peak RSS MB |");
    line("|---|--:|--:|--:|--:|--:|--:|");
    for (Competitor one : Competitor.values()) {
      if (rounds.has(one)) {
        row(one);
      }
    }
    line("");
  }

  private void row(Competitor one) {
    line(
        "| %s | %s | %s | %s | %s | %s | %s |",
        one.title(),
        figure("%,.0f", rounds.spread(one, Measurement::recordsPerSecond)),
        figure("%.2f", rounds.spread(one, Measurement::cpuMicros)),
        figure("%.2f", rounds.spread(one, Measurement::sinkMicros)),
        median("%,.0f", rounds.spread(one, Measurement::calls)),
        median("%.1f", rounds.spread(one, Measurement::recordsPerCall)),
        figure("%.0f", rounds.spread(one, Measurement::peakMegabytes)));
  }

  private static String figure(String format, Spread spread) {
    return String.format(
        Locale.ROOT,
        format + " (" + format + "–" + format + ")",
        spread.median(),
        spread.min(),
        spread.max());
  }

  private static String median(String format, Spread spread) {
    return String.format(Locale.ROOT, format, spread.median());
  }

  private void ratios() {
    line("| | is | target |");
    line("|---|--:|--:|");
    ratio(
        "CPU of the pipeline / (copy + bare SDK)",
        "≤ 1.3",
        List.of(PIPELINE, COPY, SDK),
        round ->
            round.get(PIPELINE).cpuMicros()
                / (round.get(COPY).cpuMicros() + round.get(SDK).cpuMicros()));
    throughput(
        "Throughput of the pipeline / stock, same job, lists of 500", "≥ 3", PIPELINE, STOCK_JOB);
    throughput("… / stock, same job, one by one", "≥ 50", PIPELINE, STOCK_JOB_ONE);
    throughput("… / stock, ready events, lists of 500", "", PIPELINE, STOCK_BATCH);
    throughput("… / the same with a parallel splitter", "", PIPELINE, STOCK_BATCH_PARALLEL);
    throughput("… / stock, ready events, one by one", "", PIPELINE, STOCK_ONE);
    throughput("… / the same with a parallel splitter", "", PIPELINE, STOCK_ONE_PARALLEL);
    throughput("Throughput of our component / stock, lists of 500", "", SENDER_500, STOCK_BATCH);
    throughput("… / stock, one by one", "", SENDER_500, STOCK_ONE);
    throughput(
        "64 exchanges of one / of 500, where the shards are the limit",
        "≥ 0.5",
        LIMITED_64,
        LIMITED_500);
    throughput("… where the CPU is the limit", "", SENDER_64, SENDER_500);
    throughput("… the same, and no thread waits", "", SENDER_64_ASYNC, SENDER_500);
    throughput("Throughput of REST / bare PutRecord, as many callers", "", REST, PUT_RECORD);
    governance("two consents and two consent policies", GOVERNED_CONSENT);
    governance("an attribute and an identity left out", GOVERNED_STRIP);
    governance("these only counted", GOVERNED_AUDIT);
    governance("consents and policies with the audit log", GOVERNED_LOG);
    throughput(
        "Throughput with / without state: embedded, every profile has changed",
        "≥ 0.6",
        STATE_EMBEDDED,
        STATE_NONE);
    throughput("… embedded, none has changed", "≥ 0.6", STATE_UNCHANGED, STATE_NONE);
    throughput("… PostgreSQL, every profile has changed", "≥ 0.3", STATE_POSTGRESQL, STATE_NONE);
  }

  private void governance(String what, Competitor governed) {
    ratio(
        "CPU with / without governance: " + what,
        "< 1.1",
        List.of(governed, GOVERNED_NONE),
        round -> round.get(governed).cpuMicros() / round.get(GOVERNED_NONE).cpuMicros());
    throughput("… throughput", "> 0.9", governed, GOVERNED_NONE);
  }

  private void throughput(String what, String target, Competitor ours, Competitor other) {
    ratio(
        what,
        target,
        List.of(ours, other),
        round -> round.get(ours).recordsPerSecond() / round.get(other).recordsPerSecond());
  }

  private void ratio(String what, String target, List<Competitor> takePart, Rounds.OfRound figure) {
    OptionalDouble value = rounds.median(takePart, figure);
    if (value.isPresent()) {
      line("| %s | %.2f | %s |", what, value.getAsDouble(), target);
    }
  }

  private void line(String format, Object... arguments) {
    out.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
