package org.audienceactivation.enrichment;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.profile.Derived;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/**
 * Attributes out of the row of a table that a value of the profile names.
 *
 * @param columns where the value of each column goes
 */
record Lookup(XdmPath key, Table table, Map<String, XdmPath> columns) implements Rule {

  /** Rows by their keys. */
  interface Table {

    /**
     * The row of a key by columns; empty if there is none.
     *
     * @throws LookupException if it cannot be asked now
     */
    Map<String, String> row(String key);

    /** Fetches the rows of these keys, as far as they are not at hand. */
    default void fetch(Set<String> keys) {}
  }

  @Override
  public void prepare(List<JsonValue.Obj> profiles) {
    Set<String> keys = new LinkedHashSet<>();
    profiles.forEach(profile -> Texts.at(key, profile).ifPresent(keys::add));
    table.fetch(keys);
  }

  @Override
  public JsonValue.Obj apply(JsonValue.Obj attributes) {
    Optional<String> found = Texts.at(key, attributes);
    if (found.isEmpty()) {
      return attributes;
    }
    JsonValue.Obj enriched = attributes;
    for (Map.Entry<String, String> column : table.row(found.get()).entrySet()) {
      XdmPath to = columns.get(column.getKey());
      if (to != null && !column.getValue().isEmpty()) {
        enriched = enriched.with(to, new JsonValue.Text(column.getValue()));
      }
    }
    return enriched;
  }

  @Override
  public Set<XdmPath> reads() {
    return Set.of(key);
  }

  @Override
  public List<Derived> derives() {
    return columns.values().stream().map(to -> new Derived(to, Set.of(key))).toList();
  }
}
