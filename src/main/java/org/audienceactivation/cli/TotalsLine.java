package org.audienceactivation.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.OutcomeReport;
import org.audienceactivation.accounting.Totals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a run that stays has done so far, in the log once a minute, whatever its sources are: the
 * same figures that stand in the table at its end, and what is in flight. Of reasons and parts the
 * most frequent are named.
 */
final class TotalsLine {
  private static final Logger LOG = LoggerFactory.getLogger(TotalsLine.class);
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int MOST_NAMED = 5;

  private final Supplier<OutcomeReport> report;
  private final Supplier<Optional<String>> refusal;
  private final CountDownLatch ended = new CountDownLatch(1);

  private TotalsLine(Supplier<OutcomeReport> report, Supplier<Optional<String>> refusal) {
    this.report = report;
    this.refusal = refusal;
  }

  /**
   * Begins to write the line.
   *
   * @param refusal that a configuration is refused, as long as it is
   */
  static TotalsLine everyMinute(
      Supplier<OutcomeReport> report, Supplier<Optional<String>> refusal) {
    TotalsLine line = new TotalsLine(report, refusal);
    Thread thread = new Thread(line::writeUntilEnded, "totals");
    thread.setDaemon(true);
    thread.start();
    return line;
  }

  private void writeUntilEnded() {
    try {
      while (!ended.await(EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
        report.get().destinations().forEach((name, totals) -> LOG.info("{}", of(name, totals)));
        refusal.get().ifPresent(said -> LOG.warn("{}", said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The line of one destination; outcomes that no record has are left out. */
  static String of(String destination, Totals totals) {
    StringBuilder line = new StringBuilder(destination).append(": ");
    line.append(number(totals.received())).append(" received");
    for (Map.Entry<Outcome, Long> outcome : totals.outcomes().entrySet()) {
      if (outcome.getValue() > 0) {
        line.append(", ").append(number(outcome.getValue()));
        line.append(' ').append(outcome.getKey().label());
        Map<String, Long> reasons = totals.reasonsOf(outcome.getKey());
        line.append(reasons.isEmpty() ? "" : " (" + frequent(reasons) + ")");
      }
    }
    long inFlight = Math.max(0, totals.received() - totals.settled());
    line.append(", ").append(number(inFlight)).append(" in flight");
    if (!totals.withheld().isEmpty()) {
      line.append("; left out: ").append(frequent(totals.withheld()));
    }
    if (!totals.audited().isEmpty()) {
      line.append("; audited: ").append(frequent(totals.audited()));
    }
    return line.toString();
  }

  private static String frequent(Map<String, Long> counts) {
    String first =
        counts.entrySet().stream()
            .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
            .limit(MOST_NAMED)
            .map(count -> number(count.getValue()) + " " + count.getKey())
            .collect(Collectors.joining(", "));
    int more = counts.size() - MOST_NAMED;
    return more > 0 ? first + ", and " + more + " more" : first;
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  void end() {
    ended.countDown();
  }
}
