package org.audienceactivation.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every state store must do. */
abstract class StateStoreContract {

  /** The store under test; the same one when asked again. */
  abstract StateStore store();

  /** Closes it, and opens it again with what it has kept. */
  abstract StateStore reopened();

  static ProfileKey key(long number) {
    return new ProfileKey(number * 0x9E3779B97F4A7C15L, number * 0xD6E8FEB86659FD93L);
  }

  static StateEntry entry(long number, String state) {
    return StateEntry.of(key(number), state.getBytes(UTF_8));
  }

  List<String> read(String destination, long... numbers) {
    List<ProfileKey> keys = new ArrayList<>();
    for (long number : numbers) {
      keys.add(key(number));
    }
    return store().read(destination, keys).stream().map(state -> new String(state, UTF_8)).toList();
  }

  Map<ProfileKey, String> all(String destination) {
    Map<ProfileKey, String> all = new HashMap<>();
    store()
        .all(
            destination,
            chunk -> {
              assertThat(chunk).hasSizeBetween(1, 500);
              chunk.forEach(
                  entry ->
                      assertThat(all.put(entry.profile(), new String(entry.state(), UTF_8)))
                          .isNull());
            });
    return all;
  }

  List<ProfileKey> unmarked(String destination, String snapshot) {
    List<ProfileKey> unmarked = new ArrayList<>();
    store()
        .unmarked(
            destination, snapshot, chunk -> chunk.forEach(entry -> unmarked.add(entry.profile())));
    return unmarked;
  }

  @Test
  void what_was_written_is_read_in_the_order_of_the_keys() {
    store().write("a", List.of(entry(1, "one"), entry(2, "two")));

    assertThat(read("a", 2, 3, 1)).containsExactly("two", "", "one");
  }

  @Test
  void the_last_entry_of_a_profile_counts() {
    store().write("a", List.of(entry(1, "older"), entry(2, "x"), entry(1, "newer")));
    store().write("a", List.of(entry(2, "y")));

    assertThat(read("a", 1, 2)).containsExactly("newer", "y");
  }

  @Test
  void an_empty_state_removes_the_entry() {
    store().write("a", List.of(entry(1, "one"), entry(2, "two")));
    store().write("a", List.of(entry(1, "")));

    assertThat(read("a", 1, 2)).containsExactly("", "two");
    assertThat(all("a")).containsOnlyKeys(key(2));
  }

  @Test
  void destinations_know_nothing_of_each_other() {
    store().write("a", List.of(entry(1, "a")));
    store().write("b", List.of(entry(1, "b"), entry(2, "b")));

    assertThat(read("a", 1, 2)).containsExactly("a", "");
    assertThat(all("b")).hasSize(2);
  }

  @Test
  void all_of_it_is_there_when_it_is_opened_again() {
    store().write("a", IntStream.range(0, 2_000).mapToObj(i -> entry(i, "state " + i)).toList());
    store().replaceDocument("a", "mappings", Optional.empty(), "{}".getBytes(UTF_8));

    reopened();

    assertThat(all("a")).hasSize(2_000).containsEntry(key(1_999), "state 1999");
    assertThat(store().document("a", "mappings")).contains("{}".getBytes(UTF_8));
  }

  @Test
  void those_that_a_snapshot_has_not_shown_are_unmarked() {
    store().write("a", List.of(entry(1, "x"), entry(2, "x"), entry(3, "x")));

    store().mark("a", "first", List.of(key(1), key(9)));
    store().mark("a", "second", List.of(key(2), key(2)));
    store().mark("a", "first", List.of(key(3), key(1)));

    assertThat(unmarked("a", "first")).containsExactly(key(2));
    assertThat(unmarked("a", "second")).containsExactlyInAnyOrder(key(1), key(3));
  }

  @Test
  void a_snapshot_that_is_forgotten_has_shown_nobody() {
    store().write("a", List.of(entry(1, "x")));
    store().mark("a", "first", List.of(key(1)));

    store().forget("a", "first");
    store().forget("a", "unknown");

    assertThat(unmarked("a", "first")).containsExactly(key(1));
  }

  @Test
  void a_mark_outlives_a_new_state() {
    store().write("a", List.of(entry(1, "x")));
    store().mark("a", "first", List.of(key(1)));
    store().write("a", List.of(entry(1, "y")));

    assertThat(unmarked("a", "first")).isEmpty();
  }

  @Test
  void a_document_is_replaced_only_by_who_has_seen_it() {
    byte[] one = "1".getBytes(UTF_8);
    byte[] two = "2".getBytes(UTF_8);

    assertThat(store().document("a", "d")).isEmpty();
    assertThat(store().replaceDocument("a", "d", Optional.of(one), two)).isFalse();
    assertThat(store().replaceDocument("a", "d", Optional.empty(), one)).isTrue();
    assertThat(store().replaceDocument("a", "d", Optional.empty(), two)).isFalse();
    assertThat(store().replaceDocument("a", "d", Optional.of(one), two)).isTrue();
    assertThat(store().document("a", "d")).contains(two);
    assertThat(store().document("b", "d")).isEmpty();
  }

  @Test
  void it_is_what_a_map_would_be_whatever_is_done_to_it() {
    Random random = new Random(7);
    Map<ProfileKey, String> model = new HashMap<>();
    for (int round = 0; round < 60; round++) {
      List<StateEntry> entries = new ArrayList<>();
      for (int i = random.nextInt(300); i >= 0; i--) {
        String state = "s".repeat(random.nextInt(400)) + random.nextInt(10);
        StateEntry entry = entry(random.nextInt(1_500), random.nextInt(20) == 0 ? "" : state);
        entries.add(entry);
        model.put(entry.profile(), new String(entry.state(), UTF_8));
      }
      store().write("a", entries);
      if (round % 20 == 19) {
        reopened();
      }
    }
    model.values().removeIf(String::isEmpty);

    assertThat(all("a")).isEqualTo(model);
    for (Map.Entry<ProfileKey, String> one : model.entrySet()) {
      assertThat(new String(store().read("a", List.of(one.getKey())).get(0), UTF_8))
          .isEqualTo(one.getValue());
    }
  }

  @Test
  void several_threads_write_the_same_profiles_and_none_waits_for_ever() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> writers = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        Random random = new Random(writer);
        writers.add(
            () -> {
              for (int round = 0; round < 20; round++) {
                store()
                    .write(
                        "a",
                        IntStream.range(0, 100)
                            .mapToObj(i -> entry(random.nextInt(50), "x"))
                            .toList());
              }
              return true;
            });
      }
      for (Future<Boolean> done : threads.invokeAll(writers)) {
        assertThat(done.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(all("a")).hasSizeLessThanOrEqualTo(50);
  }
}
