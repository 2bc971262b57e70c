package org.audienceactivation.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresStoreTest extends StateStoreContract {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private String url;
  private PostgresStore store;

  @BeforeEach
  void open() {
    url = Postgres.newDatabase("contract" + DATABASES.incrementAndGet());
    store = PostgresStore.open(url, "", "", 4);
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
    store = PostgresStore.open(url, "", "", 4);
    return store;
  }

  private void execute(String statement) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement sql = connection.createStatement()) {
      sql.execute(statement);
    }
  }

  @Test
  void several_processes_share_it() {
    try (PostgresStore other = PostgresStore.open(url, "", "", 2)) {
      store.write("a", List.of(entry(1, "one")));

      assertThat(new String(other.read("a", List.of(key(1))).get(0), UTF_8)).isEqualTo("one");
    }
  }

  @Test
  void tables_of_another_format_are_refused() throws Exception {
    execute("update activation_format set version = 99");

    assertThatThrownBy(() -> PostgresStore.open(url, "", "", 1))
        .isInstanceOf(StateStoreException.class)
        .hasMessageContaining("format 99");
  }

  @Test
  void a_connection_that_was_cut_is_a_failure_of_one_call_only() throws Exception {
    store.write("a", List.of(entry(1, "one")));
    execute(
        "select pg_terminate_backend (pid) from pg_stat_activity"
            + " where datname = current_database() and pid <> pg_backend_pid()");

    String read;
    try {
      read = read("a", 1).get(0);
    } catch (StateStoreException e) {
      read = read("a", 1).get(0);
    }

    assertThat(read).isEqualTo("one");
  }

  @Test
  void nobody_who_answers_is_told_without_the_password() {
    assertThatThrownBy(
            () -> PostgresStore.open("jdbc:postgresql://localhost:1/x", "me", "s3cr3t", 1))
        .isInstanceOf(StateStoreException.class)
        .hasMessageStartingWith("state store: ")
        .hasMessageNotContaining("s3cr3t");
  }

  @Test
  void another_database_is_refused() {
    assertThatThrownBy(() -> PostgresStore.open("jdbc:mysql://localhost/x", "", "", 1))
        .isInstanceOf(StateStoreException.class)
        .hasMessageContaining("jdbc:postgresql://HOST:PORT/DATABASE");
  }
}
