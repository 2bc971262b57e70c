package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of whole lines that only grows, and its predecessors. */
class AuditFileTest {
  @TempDir Path folder;

  private Path path() {
    return folder.resolve("audit/audit.ndjson");
  }

  private AuditFile open(long maxBytes, int maxFiles) throws IOException {
    return AuditFile.open(path(), maxBytes, maxFiles, true);
  }

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(path().getParent())) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(".lock"))
          .sorted()
          .toList();
    }
  }

  private String read(String name) throws IOException {
    return Files.readString(path().resolveSibling(name));
  }

  @Test
  void what_is_appended_stands_there_at_once() throws IOException {
    try (AuditFile file = open(1000, 3)) {
      file.append(line("one"));

      assertThat(read("audit.ndjson")).isEqualTo("one\n");
    }
  }

  @Test
  void it_goes_on_where_the_last_run_ended() throws IOException {
    open(1000, 3).close();
    for (String text : List.of("one", "two")) {
      try (AuditFile file = open(1000, 3)) {
        file.append(line(text));
      }
    }

    assertThat(read("audit.ndjson")).isEqualTo("one\ntwo\n");
  }

  @Test
  void a_line_that_a_killed_process_has_cut_short_is_ended() throws IOException {
    open(1000, 3).close();
    Files.writeString(path(), "one\ncut sho");

    try (AuditFile file = open(1000, 3)) {
      file.append(line("two"));
    }

    assertThat(read("audit.ndjson")).isEqualTo("one\ncut sho\ntwo\n");
  }

  @Test
  void a_full_file_is_numbered_and_the_oldest_is_deleted() throws IOException {
    try (AuditFile file = open(8, 3)) {
      for (String text : List.of("aaa", "bbb", "ccc", "ddd", "eee", "fff", "ggg")) {
        file.append(line(text));
      }
    }

    assertThat(names()).containsExactly("audit.ndjson", "audit.ndjson.1", "audit.ndjson.2");
    assertThat(read("audit.ndjson")).isEqualTo("ggg\n");
    assertThat(read("audit.ndjson.1")).isEqualTo("eee\nfff\n");
    assertThat(read("audit.ndjson.2")).isEqualTo("ccc\nddd\n");
  }

  @Test
  void lines_that_are_longer_than_a_file_may_be_have_one_of_their_own() throws IOException {
    try (AuditFile file = open(8, 3)) {
      file.append(line("a"));
      file.append(line("much longer than eight bytes"));
      file.append(line("b"));
    }

    assertThat(read("audit.ndjson.1")).isEqualTo("much longer than eight bytes\n");
    assertThat(read("audit.ndjson")).isEqualTo("b\n");
  }

  @Test
  void one_file_may_be_all_that_is_kept() throws IOException {
    try (AuditFile file = open(8, 1)) {
      for (String text : List.of("aaa", "bbb", "ccc")) {
        file.append(line(text));
      }
    }

    assertThat(names()).containsExactly("audit.ndjson");
    assertThat(read("audit.ndjson")).isEqualTo("ccc\n");
  }

  @Test
  void a_rotation_that_fails_loses_nothing_and_is_tried_again() throws IOException {
    try (AuditFile file = open(8, 3)) {
      file.append(line("aaa"));
      file.append(line("bbb"));
      // a folder with something in it can be neither replaced nor deleted
      Files.createDirectories(path().resolveSibling("audit.ndjson.1/occupied"));
      Files.createDirectories(path().resolveSibling("audit.ndjson.2/occupied"));

      assertThatThrownBy(() -> file.append(line("ccc"))).isInstanceOf(IOException.class);
      Files.delete(path().resolveSibling("audit.ndjson.2/occupied"));
      file.append(line("ccc"));
    }

    assertThat(read("audit.ndjson.1")).isEqualTo("aaa\nbbb\n");
    assertThat(read("audit.ndjson")).isEqualTo("ccc\n");
  }

  @Test
  void a_file_that_somebody_has_moved_away_keeps_its_lines_and_is_made_anew() throws IOException {
    try (AuditFile file = open(1000, 3)) {
      file.append(line("one"));
      Files.move(path(), path().resolveSibling("audit-20260101.ndjson"));
      file.append(line("two"));
      file.append(line("three"));

      assertThat(read("audit-20260101.ndjson")).isEqualTo("one\n");
      assertThat(read("audit.ndjson")).isEqualTo("two\nthree\n");
    }
  }

  @Test
  void a_full_file_that_somebody_has_deleted_holds_nobody_up() throws IOException {
    try (AuditFile file = open(8, 3)) {
      file.append(line("aaa"));
      file.append(line("bbb"));
      Files.delete(path());
      file.append(line("ccc"));
      file.append(line("ddd"));
      file.append(line("eee"));
    }

    assertThat(names()).containsExactly("audit.ndjson", "audit.ndjson.1");
    assertThat(read("audit.ndjson.1")).isEqualTo("ccc\nddd\n");
    assertThat(read("audit.ndjson")).isEqualTo("eee\n");
  }

  @Test
  void a_file_that_somebody_has_emptied_goes_on_at_its_beginning() throws IOException {
    try (AuditFile file = open(1000, 3)) {
      file.append(line("one"));
      Files.write(path(), new byte[0]);
      file.append(line("two"));

      assertThat(read("audit.ndjson")).isEqualTo("two\n");
    }
  }

  @Test
  void a_second_writer_is_refused() throws IOException {
    try (AuditFile file = open(1000, 3)) {
      file.append(line("one"));

      assertThatThrownBy(() -> open(1000, 3))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("another process");
    }
    open(1000, 3).close();
  }

  @Test
  void many_threads_write_whole_lines_and_none_is_lost() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> writers = new ArrayList<>();
    try (AuditFile file = open(2_000, 1000)) {
      for (int thread = 0; thread < 4; thread++) {
        String prefix = "thread " + thread + " line ";
        writers.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 100; i++) {
                    file.append(line(prefix + i));
                  }
                  return null;
                }));
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    } finally {
      threads.shutdown();
    }

    List<String> lines = new ArrayList<>();
    for (String name : names()) {
      read(name).lines().forEach(lines::add);
    }
    assertThat(lines).hasSize(400).doesNotHaveDuplicates().allMatch(l -> l.startsWith("thread "));
  }
}
