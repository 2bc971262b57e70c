package org.audienceactivation.enrichment;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A table of a database, with a cache of its rows, and of keys that have none. All keys of a batch
 * that are not at hand are asked for in statements of up to 500.
 */
final class JdbcTable implements Lookup.Table, AutoCloseable {
  private static final int MOST_KEYS = 500;

  private final HikariDataSource connections;
  private final String name;
  private final List<String> columns;
  private final String statement;
  private final Cache<String, Map<String, String>> cache;

  /**
   * A table; nothing is asked of the database yet.
   *
   * @param name of the table, and of the columns: letters, digits and underscores, which need no
   *     quotes
   * @param entries that are kept at most, each for so long
   */
  JdbcTable(
      String url,
      String user,
      String password,
      String name,
      String key,
      Set<String> columns,
      int entries,
      Duration keptFor) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("enrichment-" + name);
    config.setJdbcUrl(url);
    config.setUsername(user.isEmpty() ? null : user);
    config.setPassword(password.isEmpty() ? null : password);
    config.setMaximumPoolSize(4);
    config.setMinimumIdle(0);
    config.setConnectionTimeout(10_000);
    config.setInitializationFailTimeout(-1);
    config.setReadOnly(true);
    this.connections = new HikariDataSource(config);
    this.name = name;
    this.columns = List.copyOf(columns);
    this.statement =
        "select %s, %s from %s where %s in ("
            .formatted(key, String.join(", ", this.columns), name, key);
    this.cache = Caffeine.newBuilder().maximumSize(entries).expireAfterWrite(keptFor).build();
  }

  /** Mostly at hand, as {@link #fetch} came before. */
  @Override
  public Map<String, String> row(String key) {
    Map<String, String> known = cache.getIfPresent(key);
    return known == null ? ask(List.of(key)).getOrDefault(key, Map.of()) : known;
  }

  @Override
  public void fetch(Set<String> keys) {
    List<String> missing = keys.stream().filter(key -> cache.getIfPresent(key) == null).toList();
    for (int from = 0; from < missing.size(); from += MOST_KEYS) {
      ask(missing.subList(from, Math.min(from + MOST_KEYS, missing.size())));
    }
  }

  private Map<String, Map<String, String>> ask(List<String> keys) {
    Map<String, Map<String, String>> found = new HashMap<>();
    keys.forEach(key -> found.put(key, Map.of()));
    String marks = keys.stream().map(key -> "?").collect(Collectors.joining(", "));
    try (Connection connection = connections.getConnection();
        PreparedStatement select = connection.prepareStatement(statement + marks + ")")) {
      for (int i = 0; i < keys.size(); i++) {
        select.setString(i + 1, keys.get(i));
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.put(rows.getString(1), row(rows));
        }
      }
    } catch (SQLException e) {
      Throwable why = e.getCause() instanceof SQLException cause ? cause : e;
      throw new LookupException(
          "enrichment: the table " + name + " cannot be asked (" + why.getMessage() + ")", e);
    }
    cache.putAll(found);
    return found;
  }

  private Map<String, String> row(ResultSet rows) throws SQLException {
    Map<String, String> row = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      String value = rows.getString(i + 2);
      if (value != null) {
        row.put(columns.get(i), value);
      }
    }
    return Collections.unmodifiableMap(row);
  }

  @Override
  public void close() {
    connections.close();
  }
}
