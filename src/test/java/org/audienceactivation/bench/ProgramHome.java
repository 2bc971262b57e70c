package org.audienceactivation.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.audienceactivation.TestHome;

/** The shipped home, whose one destination writes to a local Kinesis in another process. */
record ProgramHome(TestHome home) {

  /** Where the shipped destination writes to. */
  static final String REGION = "eu-west-1";

  static final String STREAM = "prospects-events";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DESTINATION = "destinations/prospects.yaml";

  static ProgramHome in(Path folder, URI kinesis) {
    TestHome home =
        TestHome.shippedIn(folder)
            .edit(DESTINATION, "stream:", "stream:\n  endpoint: " + kinesis)
            .edit(DESTINATION, "\"{{env:AWS_REGION:eu-west-1}}\"", REGION)
            .edit(
                DESTINATION,
                "type: default",
                "type: static\n  accessKeyId: local\n  secretAccessKey: local");
    return new ProgramHome(home);
  }

  String directory() {
    return home.home().directory().toString();
  }

  /** No record waits longer than this between two attempts. */
  ProgramHome withLongestBackoff(Duration longest) {
    String delivery = "delivery:\n  backoffMax: %dms\n\n".formatted(longest.toMillis());
    return new ProgramHome(home.edit(DESTINATION, "stream:", delivery + "stream:"));
  }

  /** What a run has not settled. */
  List<String> exportsLeft() {
    return home.list("inbox").stream().filter(name -> name.endsWith(".ndjson")).toList();
  }

  /** How many of the broken lines stand in no dead letter. */
  int brokenLinesMissing(NumberedExports exports) throws IOException {
    BitSet kept = new BitSet(exports.broken());
    for (String name : home.list("dead-letter")) {
      for (String line : Files.readAllLines(home.path("dead-letter/" + name))) {
        document(line)
            .map(letter -> exports.brokenNumberOf(letter.at("/raw/data").asText()))
            .filter(number -> number >= 0)
            .ifPresent(kept::set);
      }
    }
    return exports.broken() - kept.cardinality();
  }

  /** Empty for the line that a kill has torn: its record must stand elsewhere. */
  private static Optional<JsonNode> document(String line) {
    try {
      return Optional.of(JSON.readTree(line));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
