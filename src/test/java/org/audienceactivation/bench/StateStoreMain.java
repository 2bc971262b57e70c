package org.audienceactivation.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.audienceactivation.state.EmbeddedStore;
import org.audienceactivation.state.ProfileKey;
import org.audienceactivation.state.StateEntry;
import org.audienceactivation.state.StateStore;

/**
 * {@code bench/state [PROFILES]}: what the embedded store costs a record, and what it takes on the
 * disk, with states as destinations have them. Batches of 500, keys at random.
 */
final class StateStoreMain {
  private static final String DESTINATION = "bench";
  private static final int BATCH = 500;
  private static final int STATE_BYTES = 90;
  private static final int BATCHES = 2_000;

  private StateStoreMain() {}

  public static void main(String[] args) throws IOException {
    int profiles = args.length > 0 ? Integer.parseInt(args[0]) : 10_000_000;
    Path folder = Files.createTempDirectory(BenchFolder.create(), "state-");
    System.out.println("| | wall µs/record | CPU µs/record |\n|---|--:|--:|");
    try (StateStore store = EmbeddedStore.open(folder)) {
      timed("first write of each", profiles / BATCH, batch -> write(store, batch, 0));
      SplittableRandom random = new SplittableRandom(7);
      timed(
          "look, nothing has changed",
          BATCHES,
          batch -> store.read(DESTINATION, keys(random, profiles)));
      timed(
          "look and write, all have changed",
          BATCHES,
          batch -> {
            List<ProfileKey> keys = keys(random, profiles);
            store.read(DESTINATION, keys);
            store.write(
                DESTINATION,
                keys.stream().map(key -> StateEntry.of(key, state(key.low(), 1))).toList());
          });
      timed(
          "look for one that is not there",
          BATCHES,
          batch -> {
            List<ProfileKey> keys = new ArrayList<>(BATCH);
            for (int i = 0; i < BATCH; i++) {
              keys.add(key(profiles + random.nextLong(1L << 40)));
            }
            store.read(DESTINATION, keys);
          });
    }
    System.out.printf(
        "%n%,d profiles, states of %d bytes: %.0f bytes a profile on the disk%n",
        profiles, STATE_BYTES, size(folder) / (double) profiles);
    long begun = System.nanoTime();
    EmbeddedStore.open(folder).read(DESTINATION, List.of(key(1)));
    System.out.printf("opened again in %d ms%n", (System.nanoTime() - begun) / 1_000_000);
    BenchFolder.delete(folder);
  }

  private interface Work {
    void batch(int number);
  }

  private static void timed(String what, int batches, Work work) {
    long wall = System.nanoTime();
    long cpu = cpu();
    for (int i = 0; i < batches; i++) {
      work.batch(i);
    }
    double records = (double) batches * BATCH * 1_000;
    System.out.printf(
        "| %s | %.2f | %.2f |%n",
        what, (System.nanoTime() - wall) / records, (cpu() - cpu) / records);
  }

  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void write(StateStore store, int batch, int round) {
    List<StateEntry> entries = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      long number = (long) batch * BATCH + i;
      entries.add(StateEntry.of(key(number), state(number, round)));
    }
    store.write(DESTINATION, entries);
  }

  private static List<ProfileKey> keys(SplittableRandom random, int profiles) {
    List<ProfileKey> keys = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      keys.add(key(random.nextLong(profiles)));
    }
    return keys;
  }

  private static ProfileKey key(long number) {
    SplittableRandom digest = new SplittableRandom(number);
    return new ProfileKey(digest.nextLong(), digest.nextLong());
  }

  private static byte[] state(long number, int round) {
    byte[] state = new byte[STATE_BYTES];
    new SplittableRandom(number + round).nextBytes(state);
    return state;
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }
}
