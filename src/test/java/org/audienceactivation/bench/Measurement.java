package org.audienceactivation.bench;

/**
 * What one pass took: handed back by the contestant's JVM as JSON.
 *
 * @param cpuSeconds of the contestant's process, collector and compiler included
 * @param sinkSeconds CPU time of the sink in the same time
 * @param calls HTTP requests, the SDK's own retries included
 * @param sent records in these requests
 * @param latencies of those who made the calls to the contestant, or in its place
 * @param peakMegabytes resident memory at its highest since the JVM started
 */
record Measurement(
    int records,
    double seconds,
    double cpuSeconds,
    double sinkSeconds,
    long calls,
    long sent,
    Latencies latencies,
    long peakMegabytes) {

  double recordsPerSecond() {
    return records / seconds;
  }

  double cpuMicros() {
    return cpuSeconds * 1e6 / records;
  }

  double sinkMicros() {
    return sinkSeconds * 1e6 / records;
  }

  double recordsPerCall() {
    return calls == 0 ? 0 : (double) sent / calls;
  }
}
