package org.audienceactivation.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/**
 * Time, CPU time of this process (collector and compiler included), CPU time of the sink, and what
 * was sent, between start and stop.
 */
final class Watch {

  private static final OperatingSystemMXBean OS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final ProcessHandle sink;
  private Reading start = new Reading(0, 0, Duration.ZERO, new CallCounter.Count(0, 0));
  private Reading stop = start;
  private Latencies latencies = Latencies.NONE;

  Watch(ProcessHandle sink) {
    this.sink = sink;
  }

  private record Reading(long nanos, long cpuNanos, Duration sinkCpu, CallCounter.Count sent) {}

  void start() {
    start = read();
  }

  void stop() {
    stop = read();
  }

  /** With what those measured who waited for answers. */
  void stop(Latencies measured) {
    stop();
    latencies = measured;
  }

  /** What a pass of so many records took. */
  Measurement measurement(int records) throws IOException {
    CallCounter.Count sent = stop.sent().since(start.sent());
    return new Measurement(
        records,
        (stop.nanos() - start.nanos()) / 1e9,
        (stop.cpuNanos() - start.cpuNanos()) / 1e9,
        stop.sinkCpu().minus(start.sinkCpu()).toNanos() / 1e9,
        sent.calls(),
        sent.records(),
        latencies,
        PeakMemory.megabytesOf(ProcessHandle.current()));
  }

  private Reading read() {
    return new Reading(System.nanoTime(), OS.getProcessCpuTime(), cpuOf(sink), CallCounter.now());
  }

  private static Duration cpuOf(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
