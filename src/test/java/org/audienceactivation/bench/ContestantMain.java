package org.audienceactivation.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * One contestant's JVM: warms up, measures one pass, prints the measurement as a line and ends; it
 * ends at once when whoever started it does. Arguments: the competitor's id, the sink's process id,
 * the {@link Load} as JSON.
 */
final class ContestantMain {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();

  /** Warm is who compiles for no more than this share of the time of a pass. */
  private static final double COMPILING = 0.05;

  /** Who is not warm by then is measured as he is. */
  private static final int LONGEST_WARM_UPS = 4;

  private ContestantMain() {}

  public static void main(String[] args) throws Exception {
    endWithInput();
    Competitor competitor = Competitor.named(args[0]).orElseThrow();
    ProcessHandle sink = ProcessHandle.of(Long.parseLong(args[1])).orElseThrow();
    Load load = JSON.readValue(args[2], Load.class);
    Watch watch = new Watch(sink);
    try (Contestant contestant = competitor.start(load)) {
      warmUp(contestant, watch, TimeUnit.SECONDS.toNanos(load.warmUpSeconds()));
      contestant.pass(watch);
      Measurement measured = watch.measurement(load.records());
      if (!load.ownFile() && measured.sent() < competitor.sentOf(load.records())) {
        throw new IllegalStateException(measured.sent() + " records were sent");
      }
      System.out.println(JSON.writeValueAsString(measured));
      System.out.flush();
    }
    // what a contestant leaves running is not waited for
    System.exit(0);
  }

  private static void warmUp(Contestant contestant, Watch watch, long nanos) throws Exception {
    long start = System.nanoTime();
    boolean isWarm = false;
    while (!isWarm) {
      long passStart = System.nanoTime();
      long compiled = COMPILER.getTotalCompilationTime();
      contestant.pass(watch);
      long passed = System.nanoTime() - start;
      long compiling = TimeUnit.MILLISECONDS.toNanos(COMPILER.getTotalCompilationTime() - compiled);
      boolean compilesLittle = compiling < COMPILING * (System.nanoTime() - passStart);
      isWarm = (passed >= nanos && compilesLittle) || passed >= LONGEST_WARM_UPS * nanos;
    }
  }

  private static void endWithInput() {
    Thread watcher =
        new Thread(
            () -> {
              try {
                System.in.transferTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                Runtime.getRuntime().halt(1);
              }
            },
            "ends-with-input");
    watcher.setDaemon(true);
    watcher.start();
  }
}
