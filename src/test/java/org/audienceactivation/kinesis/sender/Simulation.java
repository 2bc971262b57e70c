package org.audienceactivation.kinesis.sender;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Time, chance and threads under the control of a test: everything happens on the thread of the
 * test, in the order of a clock that jumps from one event to the next. Hours cost nothing.
 */
final class Simulation implements Surroundings {

  private final PriorityQueue<Event> events = new PriorityQueue<>(Event::compareTo);
  private final Random random;
  private final List<Failure> blocked = new ArrayList<>();
  private final List<Integer> waitingWhenBlocked = new ArrayList<>();
  private final List<Duration> blockedAt = new ArrayList<>();
  private int recoveries;
  private final List<Bottleneck> bottlenecks = new ArrayList<>();
  private final List<Duration> saidAt = new ArrayList<>();
  private LongSupplier callNanos = () -> 0;
  private long sequence;
  // a clock that wraps within the first second: differences must do
  private final long start = Long.MAX_VALUE - 500_000_000L;
  private long now = start;

  private record Event(long inNanos, long sequence, Runnable task) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(inNanos, other.inNanos);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  Simulation(long seed) {
    this.random = new Random(seed);
  }

  static Simulation withSeed(long seed) {
    return new Simulation(seed);
  }

  /** How long a call is under way before it reaches Kinesis and is answered. */
  Simulation callsTake(LongSupplier nanos) {
    callNanos = nanos;
    return this;
  }

  /** Runs until nothing is left to happen. */
  void run() {
    while (!events.isEmpty()) {
      step();
    }
  }

  /** Runs for so long. */
  void runFor(Duration time) {
    long end = elapsed() + time.toNanos();
    while (!events.isEmpty() && events.peek().inNanos <= end) {
      step();
    }
    now = start + end;
  }

  Duration time() {
    return Duration.ofNanos(elapsed());
  }

  OperatorLog log() {
    return new OperatorLog() {
      @Override
      public void blocked(Failure cause, long downNanos, int waitingRecords) {
        blocked.add(cause);
        blockedAt.add(time());
        waitingWhenBlocked.add(waitingRecords);
      }

      @Override
      public void recovered(long downNanos, int waitingRecords) {
        recoveries++;
      }

      @Override
      public void skewed(Bottleneck bottleneck) {
        bottlenecks.add(bottleneck);
        saidAt.add(time());
      }
    };
  }

  List<Failure> blocked() {
    return blocked;
  }

  List<Duration> blockedAt() {
    return blockedAt;
  }

  List<Integer> waitingWhenBlocked() {
    return waitingWhenBlocked;
  }

  /** What was said of a skewed stream. */
  List<Bottleneck> bottlenecks() {
    return bottlenecks;
  }

  /** When it was said. */
  List<Duration> bottlenecksSaidAt() {
    return saidAt;
  }

  int recoveries() {
    return recoveries;
  }

  private void step() {
    Event event = events.remove();
    now = start + event.inNanos;
    event.task.run();
  }

  private long elapsed() {
    return now - start;
  }

  private void at(long inNanos, Runnable task) {
    events.add(new Event(inNanos, sequence++, task));
  }

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public void after(long delayNanos, Runnable task) {
    at(elapsed() + delayNanos, task);
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Executor calls() {
    return task -> at(elapsed() + callNanos.getAsLong(), task);
  }

  @Override
  public Executor completions() {
    return task -> at(elapsed(), task);
  }

  @Override
  public void close() {}
}
