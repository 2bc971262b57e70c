package org.audienceactivation.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The sample exports that the repository carries, so that the demo works without making any, and
 * what must become of them. A test regenerates them; after a change to the generator, {@code main}
 * writes them anew.
 */
public final class ShippedSamples {
  private static final Map<String, SampleOptions> EXPORTS = exports();

  private ShippedSamples() {}

  private static Map<String, SampleOptions> exports() {
    Map<String, SampleOptions> exports = new LinkedHashMap<>();
    exports.put("profiles-1.ndjson", SampleOptions.of(1_500, 1));
    exports.put("profiles-2.jsonl.gz", SampleOptions.of(1_500, 2));
    exports.put(
        "profiles-3.ndjson",
        SampleOptions.of(200, 3)
            .withStart(SampleOptions.Start.BYTE_ORDER_MARK)
            .withLineEnd(SampleOptions.LineEnd.CRLF));
    return exports;
  }

  /**
   * Writes {@code exports/} and {@code expected-outcomes.json}.
   *
   * @param folder the folder {@code samples}
   */
  public static void write(Path folder) throws IOException {
    SampleExpectation sum = SampleExpectation.NONE;
    for (Map.Entry<String, SampleOptions> export : EXPORTS.entrySet()) {
      Path file = folder.resolve("exports").resolve(export.getKey());
      sum = sum.plus(SampleExports.write(file, export.getValue()));
    }
    Files.writeString(folder.resolve("expected-outcomes.json"), sum.toJson() + "\n");
  }

  /** Takes one argument: the folder {@code samples}. */
  public static void main(String[] args) throws IOException {
    write(Path.of(args[0]));
  }
}
