package org.audienceactivation.state;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A store in a PostgreSQL database, which any number of processes share. Its tables, which begin
 * with {@code activation_}, are made if they are not there.
 */
public final class PostgresStore implements StateStore {

  private static final int FORMAT = 1;
  private static final int CHUNK = 500;
  private static final byte[] NOTHING = new byte[0];

  /** Taken while tables are made, so that of several processes one makes them. */
  private static final long SCHEMA_LOCK = 4_112_233_441L;

  private static final String SCHEMA =
      """
      create table if not exists activation_format (version int not null);
      create table if not exists activation_state (
        destination text not null, profile bytea not null, state bytea not null,
        primary key (destination, profile)) with (fillfactor = 80);
      create unlogged table if not exists activation_seen (
        destination text not null, snapshot text not null, profile bytea not null,
        primary key (destination, snapshot, profile));
      create table if not exists activation_document (
        destination text not null, name text not null, document bytea not null,
        primary key (destination, name));
      insert into activation_format select %d where not exists (select 1 from activation_format);
      """
          .formatted(FORMAT);

  private static final String READ =
      "select profile, state from activation_state where destination = ? and profile = any (?)";
  private static final String WRITE =
      "insert into activation_state (destination, profile, state)"
          + " select ?, * from unnest (?::bytea[], ?::bytea[])"
          + " on conflict (destination, profile) do update set state = excluded.state";
  private static final String REMOVE =
      "delete from activation_state where destination = ? and profile = any (?)";
  private static final String MARK =
      "insert into activation_seen select ?, ?, * from unnest (?::bytea[]) on conflict do nothing";
  private static final String UNMARKED =
      "select profile, state from activation_state s where destination = ? and not exists"
          + " (select 1 from activation_seen m where m.destination = s.destination"
          + " and m.snapshot = ? and m.profile = s.profile)";
  private static final String FORGET =
      "delete from activation_seen where destination = ? and snapshot = ?";
  private static final String ALL =
      "select profile, state from activation_state where destination = ?";
  private static final String DOCUMENT =
      "select document from activation_document where destination = ? and name = ?";
  private static final String NEW_DOCUMENT =
      "insert into activation_document values (?, ?, ?) on conflict do nothing";
  private static final String NEXT_DOCUMENT =
      "update activation_document set document = ?"
          + " where destination = ? and name = ? and document = ?";

  private final HikariDataSource connections;

  private PostgresStore(HikariDataSource connections) {
    this.connections = connections;
  }

  /**
   * Opens the store.
   *
   * @param url {@code jdbc:postgresql://HOST:PORT/DATABASE}
   * @param user empty if the URL or the server says who connects
   * @param most connections at the same time
   * @throws StateStoreException if the database cannot be reached, or its tables are of another
   *     format
   */
  public static PostgresStore open(String url, String user, String password, int most) {
    if (!url.startsWith("jdbc:postgresql:")) {
      throw new StateStoreException(
          "state store: state.url must be of the form jdbc:postgresql://HOST:PORT/DATABASE");
    }
    HikariConfig config = new HikariConfig();
    config.setPoolName("activation-state");
    config.setJdbcUrl(url);
    config.setUsername(user.isEmpty() ? null : user);
    config.setPassword(password.isEmpty() ? null : password);
    config.setMaximumPoolSize(most);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(10_000);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("reWriteBatchedInserts", "true");
    PostgresStore store = new PostgresStore(new HikariDataSource(config));
    try {
      store.prepare();
      return store;
    } catch (StateStoreException e) {
      store.close();
      throw e;
    }
  }

  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private <T> T connected(Work<T> work) {
    try (Connection connection = connections.getConnection()) {
      return work.with(connection);
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  /** One cause deep: the driver says there why it cannot connect. */
  private static StateStoreException failure(SQLException e) {
    Throwable why = e.getCause() instanceof SQLException cause ? cause : e;
    return new StateStoreException(
        "state store: the database does not do what it is asked to (" + why.getMessage() + ")", e);
  }

  private void prepare() {
    int found =
        connected(
            connection -> {
              connection.setAutoCommit(false);
              try (Statement statement = connection.createStatement()) {
                statement.execute("select pg_advisory_xact_lock(" + SCHEMA_LOCK + ")");
                statement.execute(SCHEMA);
                connection.commit();
                try (ResultSet rows =
                    statement.executeQuery("select max(version) from activation_format")) {
                  rows.next();
                  return rows.getInt(1);
                }
              } finally {
                connection.rollback();
              }
            });
    if (found != FORMAT) {
      throw new StateStoreException(
          "state store: the tables in the database have the format "
              + found
              + "; this version reads format "
              + FORMAT
              + ". Use the version that made them, or an empty database");
    }
  }

  private static byte[] bytes(ProfileKey key) {
    return ByteBuffer.allocate(16).putLong(key.high()).putLong(key.low()).array();
  }

  private static ProfileKey key(byte[] bytes) {
    ByteBuffer key = ByteBuffer.wrap(bytes);
    return new ProfileKey(key.getLong(), key.getLong());
  }

  private static Array array(Connection connection, List<byte[]> all) throws SQLException {
    return connection.createArrayOf("bytea", all.toArray(new byte[0][]));
  }

  private static Array keys(Connection connection, List<ProfileKey> keys) throws SQLException {
    return array(connection, keys.stream().map(PostgresStore::bytes).toList());
  }

  @Override
  public List<byte[]> read(String destination, List<ProfileKey> profiles) {
    Map<ProfileKey, byte[]> found =
        connected(
            connection -> {
              try (PreparedStatement select = connection.prepareStatement(READ)) {
                select.setString(1, destination);
                select.setArray(2, keys(connection, profiles));
                try (ResultSet rows = select.executeQuery()) {
                  Map<ProfileKey, byte[]> states = new HashMap<>();
                  while (rows.next()) {
                    states.put(key(rows.getBytes(1)), rows.getBytes(2));
                  }
                  return states;
                }
              }
            });
    List<byte[]> states = new ArrayList<>(profiles.size());
    profiles.forEach(key -> states.add(found.getOrDefault(key, NOTHING)));
    return states;
  }

  /** In the order of the keys, so that two processes never wait for each other. */
  @Override
  public void write(String destination, List<StateEntry> entries) {
    TreeMap<ProfileKey, byte[]> last = new TreeMap<>();
    entries.forEach(entry -> last.put(entry.profile(), entry.state()));
    List<ProfileKey> removed = new ArrayList<>();
    List<byte[]> keys = new ArrayList<>(last.size());
    List<byte[]> states = new ArrayList<>(last.size());
    last.forEach(
        (key, state) -> {
          if (state.length == 0) {
            removed.add(key);
          } else {
            keys.add(bytes(key));
            states.add(state);
          }
        });
    connected(
        connection -> {
          connection.setAutoCommit(false);
          try (PreparedStatement upsert = connection.prepareStatement(WRITE);
              PreparedStatement delete = connection.prepareStatement(REMOVE)) {
            upsert.setString(1, destination);
            upsert.setArray(2, array(connection, keys));
            upsert.setArray(3, array(connection, states));
            upsert.executeUpdate();
            if (!removed.isEmpty()) {
              delete.setString(1, destination);
              delete.setArray(2, keys(connection, removed));
              delete.executeUpdate();
            }
            connection.commit();
            return true;
          } catch (SQLException e) {
            connection.rollback();
            throw e;
          }
        });
  }

  @Override
  public void mark(String destination, String snapshot, List<ProfileKey> seen) {
    List<ProfileKey> sorted = seen.stream().sorted().distinct().toList();
    connected(
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(MARK)) {
            insert.setString(1, destination);
            insert.setString(2, snapshot);
            insert.setArray(3, keys(connection, sorted));
            return insert.executeUpdate();
          }
        });
  }

  @Override
  public void unmarked(String destination, String snapshot, Consumer<List<StateEntry>> chunks) {
    scan(UNMARKED, List.of(destination, snapshot), chunks);
  }

  @Override
  public void all(String destination, Consumer<List<StateEntry>> chunks) {
    scan(ALL, List.of(destination), chunks);
  }

  private void scan(String query, List<String> parameters, Consumer<List<StateEntry>> chunks) {
    connected(
        connection -> {
          connection.setAutoCommit(false); // or the driver would fetch all rows at once
          try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setFetchSize(CHUNK);
            for (int i = 0; i < parameters.size(); i++) {
              select.setString(i + 1, parameters.get(i));
            }
            try (ResultSet rows = select.executeQuery()) {
              handOut(rows, chunks);
            }
            return true;
          } finally {
            connection.rollback();
          }
        });
  }

  private static void handOut(ResultSet rows, Consumer<List<StateEntry>> chunks)
      throws SQLException {
    List<StateEntry> chunk = new ArrayList<>(CHUNK);
    while (rows.next()) {
      chunk.add(StateEntry.of(key(rows.getBytes(1)), rows.getBytes(2)));
      if (chunk.size() == CHUNK) {
        chunks.accept(chunk);
        chunk = new ArrayList<>(CHUNK);
      }
    }
    if (!chunk.isEmpty()) {
      chunks.accept(chunk);
    }
  }

  @Override
  public void forget(String destination, String snapshot) {
    connected(
        connection -> {
          try (PreparedStatement delete = connection.prepareStatement(FORGET)) {
            delete.setString(1, destination);
            delete.setString(2, snapshot);
            return delete.executeUpdate();
          }
        });
  }

  @Override
  public Optional<byte[]> document(String destination, String name) {
    return connected(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(DOCUMENT)) {
            select.setString(1, destination);
            select.setString(2, name);
            try (ResultSet rows = select.executeQuery()) {
              return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
            }
          }
        });
  }

  @Override
  public boolean replaceDocument(
      String destination, String name, Optional<byte[]> seen, byte[] next) {
    return connected(
        connection -> {
          try (PreparedStatement change =
              connection.prepareStatement(seen.isPresent() ? NEXT_DOCUMENT : NEW_DOCUMENT)) {
            if (seen.isPresent()) {
              change.setBytes(1, next);
              change.setString(2, destination);
              change.setString(3, name);
              change.setBytes(4, seen.get());
            } else {
              change.setString(1, destination);
              change.setString(2, name);
              change.setBytes(3, next);
            }
            return change.executeUpdate() == 1;
          }
        });
  }

  @Override
  public void close() {
    connections.close();
  }
}
