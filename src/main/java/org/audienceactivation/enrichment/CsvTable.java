package org.audienceactivation.enrichment;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;

/**
 * A file with a header line, read once and kept in memory. Of two rows with one key the last
 * counts.
 */
final class CsvTable implements Lookup.Table {
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private final Map<String, Map<String, String>> rows;

  private CsvTable(Map<String, Map<String, String>> rows) {
    this.rows = rows;
  }

  /**
   * Reads a file.
   *
   * @param name as problems show it
   * @param wanted the columns that are looked up; no other is kept
   */
  static Checked<Lookup.Table> read(String name, Path file, String key, Set<String> wanted) {
    try {
      if (!Files.isRegularFile(file)) {
        return problem(name, 1, "there is no such file");
      }
      if (Files.size(file) > MAX_BYTES) {
        return problem(name, 1, "is larger than 64 MiB; look it up in a database");
      }
      return read(name, rows(file), key, wanted);
    } catch (IOException e) {
      return problem(name, 1, "cannot be read as CSV in UTF-8");
    }
  }

  private static MappingIterator<Map<String, String>> rows(Path file) throws IOException {
    return new CsvMapper()
        .readerFor(Map.class)
        .with(CsvSchema.emptySchema().withHeader())
        .with(CsvParser.Feature.SKIP_EMPTY_LINES)
        .readValues(Files.newBufferedReader(file));
  }

  private static Checked<Lookup.Table> read(
      String name, MappingIterator<Map<String, String>> read, String key, Set<String> wanted)
      throws IOException {
    Map<String, Map<String, String>> rows = new HashMap<>();
    try (read) {
      boolean isFirst = true;
      while (read.hasNext()) {
        Map<String, String> row = read.next();
        if (isFirst && !(row.containsKey(key) && row.keySet().containsAll(wanted))) {
          return problem(
              name,
              1,
              "has the columns "
                  + String.join(", ", row.keySet())
                  + "; not all that are"
                  + " asked for");
        }
        isFirst = false;
        Map<String, String> kept = new LinkedHashMap<>(row);
        String of = kept.getOrDefault(key, "");
        kept.keySet().retainAll(wanted);
        kept.values().removeIf(value -> value == null);
        rows.put(of, Map.copyOf(kept));
      }
    } catch (JsonMappingException | RuntimeJsonMappingException e) {
      int line = read.getCurrentLocation().getLineNr();
      return problem(name, Math.max(1, line), "is no CSV with these columns");
    }
    return new Checked.Valid<>(new CsvTable(rows));
  }

  private static Checked<Lookup.Table> problem(String name, int line, String message) {
    return new Checked.Invalid<>(List.of(new Problem(name, line, message)));
  }

  @Override
  public Map<String, String> row(String key) {
    return rows.getOrDefault(key, Map.of());
  }
}
