package org.audienceactivation.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.route.Activation;

/**
 * Shows on standard error how far a run is: a bar that is drawn over on a terminal, a line now and
 * then otherwise. Progress is measured in bytes of the files as they lie on the disk.
 */
final class Progress {
  private static final int BAR = 30;

  private final Activation activation;
  private final PrintStream out;
  private final boolean terminal;
  private final long started = System.nanoTime();
  private final CountDownLatch ended = new CountDownLatch(1);

  private Progress(Activation activation, PrintStream out, boolean terminal) {
    this.activation = activation;
    this.out = out;
    this.terminal = terminal;
  }

  /** Begins to show how far the run is. */
  static Progress show(Activation activation) {
    Progress progress = new Progress(activation, System.err, Terminal.isThere());
    Thread thread = new Thread(progress::drawUntilEnded, "progress");
    thread.setDaemon(true);
    thread.start();
    return progress;
  }

  private void drawUntilEnded() {
    Duration every = terminal ? Duration.ofMillis(250) : Duration.ofSeconds(5);
    try {
      while (!ended.await(every.toMillis(), TimeUnit.MILLISECONDS)) {
        draw();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void draw() {
    out.print(terminal ? "\r" + line() + " \u001b[K" : line() + "\n");
    out.flush();
  }

  private String line() {
    long total = Math.max(activation.bytesToRead(), 1);
    double share = Math.min(1.0, (double) activation.bytesRead() / total);
    double seconds = seconds();
    long records = settled();
    String rate =
        String.format(
            Locale.ROOT, "%,d records, %,.0f/s", records, records / Math.max(seconds, 0.001));
    String left = share > 0.001 ? ", " + time(seconds * (1 - share) / share) + " left" : "";
    String percent = String.format(Locale.ROOT, "%3.0f %%", share * 100);
    return terminal
        ? "[" + bar(share) + "] " + percent + ", " + rate + left
        : percent + " read, " + rate + left;
  }

  /** Settled records of the destination that is furthest. */
  private long settled() {
    return activation.report().destinations().values().stream()
        .mapToLong(Totals::settled)
        .max()
        .orElse(0);
  }

  private static String bar(double share) {
    int full = (int) Math.round(share * BAR);
    return "#".repeat(full) + ".".repeat(BAR - full);
  }

  private static String time(double seconds) {
    long whole = Math.round(seconds);
    return String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }

  /** Says how fast it was, from the first poll to the last settled record. */
  void end() {
    ended.countDown();
    double seconds = seconds();
    long records = settled();
    if (terminal) {
      out.print("\r\u001b[K");
    }
    out.printf(
        Locale.ROOT,
        "%,d records in %.1f s, %,.0f/s%n",
        records,
        seconds,
        records / Math.max(seconds, 0.001));
    out.flush();
  }

  private double seconds() {
    return (System.nanoTime() - started) / 1e9;
  }
}
