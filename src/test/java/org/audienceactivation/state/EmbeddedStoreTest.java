package org.audienceactivation.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedStoreTest extends StateStoreContract {

  @TempDir Path folder;
  private EmbeddedStore store;

  @BeforeEach
  void open() {
    store = EmbeddedStore.open(folder);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  StateStore store() {
    return store;
  }

  @Override
  StateStore reopened() {
    store.close();
    open();
    return store;
  }

  private List<Path> files(String ending) throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("a"))) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  @Test
  void room_of_states_that_were_written_anew_is_won_back() throws Exception {
    String state = "x".repeat(3_000);
    for (int round = 0; round < 60; round++) {
      int first = round % 3 * 500;
      store.write("a", IntStream.range(first, first + 500).mapToObj(i -> entry(i, state)).toList());
    }

    assertThat(files(".log")).as("1,500 states are 4.5 MB").hasSizeLessThanOrEqualTo(3);
    assertThat(all("a")).hasSize(1_500).containsValue(state);
    reopened();
    assertThat(all("a")).hasSize(1_500).containsValue(state);
  }

  @Test
  void it_grows_with_its_profiles() {
    for (int first = 0; first < 60_000; first += 1_000) {
      store.write(
          "a", LongStream.range(first, first + 1_000).mapToObj(i -> entry(i, "s" + i)).toList());
    }

    assertThat(read("a", 0, 31_415, 59_999)).containsExactly("s0", "s31415", "s59999");
    assertThat(all("a")).hasSize(60_000);
  }

  @Test
  void who_is_written_while_a_snapshot_is_read_is_not_missing_in_it() {
    store.mark("a", "now", List.of());
    store.write("a", List.of(entry(1, "new")));

    assertThat(unmarked("a", "now")).isEmpty();
  }

  @Nested
  class What_is_in_the_way {

    @Test
    void only_one_process_may_have_it_open() {
      assertThatThrownBy(() -> EmbeddedStore.open(folder))
          .isInstanceOf(StateStoreInUseException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("state.directory");
    }

    @Test
    void a_folder_of_another_format_is_refused() throws Exception {
      store.close();
      Files.writeString(folder.resolve("FORMAT"), "audience-activation state 99\n");

      assertThatThrownBy(() -> EmbeddedStore.open(folder))
          .isInstanceOf(StateStoreException.class)
          .hasMessageContaining("audience-activation state 99")
          .hasMessageContaining("empty folder");
      Files.delete(folder.resolve("FORMAT"));
    }

    @Test
    void a_file_in_the_place_of_the_folder_is_told() throws Exception {
      Path file = Files.writeString(folder.resolve("file"), "");

      assertThatThrownBy(() -> EmbeddedStore.open(file))
          .isInstanceOf(StateStoreException.class)
          .hasMessageContaining("cannot be opened");
    }
  }

  @Nested
  class After_a_power_cut {

    private void machineWasOff() throws Exception {
      store.close();
      try (RandomAccessFile index =
          new RandomAccessFile(folder.resolve("a/index").toFile(), "rw")) {
        index.seek(40);
        index.writeLong(1); // another start of the machine
        index.writeLong(0); // not closed
        index.seek(64);
        index.write(new byte[4_096]); // and pages that were never written
      }
    }

    @Test
    void the_index_is_made_anew_of_the_log() throws Exception {
      store.write("a", IntStream.range(0, 500).mapToObj(i -> entry(i, "s" + i)).toList());
      store.write("a", List.of(entry(7, "newer")));

      machineWasOff();
      open();

      assertThat(all("a")).hasSize(500).containsEntry(key(7), "newer");
    }

    @Test
    void what_was_not_written_to_the_end_is_as_if_it_had_never_been() throws Exception {
      store.write("a", List.of(entry(1, "one")));
      store.write("a", List.of(entry(2, "two")));
      store.write("a", List.of(entry(3, "three")));
      machineWasOff();
      try (RandomAccessFile log = new RandomAccessFile(files(".log").get(0).toFile(), "rw")) {
        int frame = Segment.FRAME_HEADER + Segment.ENTRY_HEADER;
        log.seek(Segment.HEADER + 3 + frame + frame + 2); // within the state of the second
        log.write('!');
      }

      open();

      assertThat(read("a", 1, 2, 3)).containsExactly("one", "", "");
      store.write("a", List.of(entry(2, "again")));
      assertThat(read("a", 1, 2, 3)).containsExactly("one", "again", "");
    }
  }

  @Test
  void a_kill_takes_nothing_away_that_was_written() throws Exception {
    store.close();
    for (int kill = 0; kill < 3; kill++) {
      long acknowledged = writtenByAProcessThatIsKilled();
      open();
      List<Long> numbers = new ArrayList<>();
      LongStream.range(0, Writer.PROFILES).forEach(numbers::add);
      for (int i = 0; i < numbers.size(); i++) {
        // the profile was written last in the round that is as high as possible
        long expected = acknowledged - Math.floorMod(acknowledged - i, Writer.PROFILES);
        if (expected >= 0) {
          long found = Long.parseLong(read("a", i).get(0).strip());
          assertThat(found).isGreaterThanOrEqualTo(expected);
        }
      }
      store.close();
    }
    open();
  }

  private long writtenByAProcessThatIsKilled() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Writer.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long last = -1;
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (int line = 0; line < 2_000; line++) {
        last = Long.parseLong(said.readLine());
      }
      process.destroyForcibly().waitFor();
    }
    return last;
  }

  /** Writes one number after the other, each to one of some profiles, and says so. */
  static final class Writer {
    static final int PROFILES = 100;

    public static void main(String[] args) {
      EmbeddedStore store = EmbeddedStore.open(Path.of(args[0]));
      for (long number = 0; ; number++) {
        store.write(
            "a", List.of(entry(Math.floorMod(number, PROFILES), number + " ".repeat(1_000))));
        System.out.println(number);
      }
    }
  }
}
