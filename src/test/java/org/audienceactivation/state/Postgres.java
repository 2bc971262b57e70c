package org.audienceactivation.state;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import org.junit.jupiter.api.Assumptions;

/** The real server, from its binaries; one for all tests of a JVM. */
public final class Postgres {
  private static EmbeddedPostgres server;

  private Postgres() {}

  /** A database of its own on the server; the test is skipped where there are no binaries. */
  public static synchronized String newDatabase(String name) {
    try {
      if (server == null) {
        server = EmbeddedPostgres.builder().start();
      }
      try (var connection = server.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("create database " + name);
      }
      return server.getJdbcUrl("postgres", name);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalStateException e) {
      // what the library says on a platform for which it has no binaries
      Assumptions.assumeFalse(String.valueOf(e.getMessage()).contains("binaries"), e.getMessage());
      throw e;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
