package org.audienceactivation.bench;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.audienceactivation.kinesis.sender.SenderSettings;

/**
 * The profiles of the benchmarks: one line of some 550 bytes each, two memberships, two identities,
 * consent, attributes of which a destination maps some. All of them are delivered. The same number
 * always gives the same file.
 */
final class BenchProfiles {

  static final String STREAM = "bench";
  static final String REGION = "us-east-1";

  private static final String AUDIENCE = "0c1d6a52-7d3e-4f0e-9b61-2f9a3f6f1a10";
  private static final String OTHER_AUDIENCE = "b7e0f2c4-51aa-4c0b-8f3c-6d1a9c0e7d22";

  private static final String LISTED = "[{id: %s}, {id: %s}]".formatted(AUDIENCE, OTHER_AUDIENCE);

  private static final String[] FIRST_NAMES = {"Inès", "Jonas", "Mara", "Tomé", "Ada", "Björn"};
  private static final String[] LAST_NAMES = {"Okafor", "Lindqvist", "Moreau", "Tanaka", "Silva"};
  private static final String[] CITIES = {"Lyon", "Göteborg", "Porto", "Leeds", "Graz"};

  private static final String LINE =
      """
      {"_id":"%1$s","person":{"email":"person%1$s@example.net","name":{"firstName":"%2$s","lastName":"%3$s"}},\
      "homeAddress":{"city":"%4$s","postalCode":"%5$d"},\
      "identityMap":{"ECID":[{"id":"%6$s","primary":true}],"Email":[{"id":"person%1$s@example.net"}]},\
      "segmentMembership":{"ups":{"%7$s":{"status":"realized","lastQualificationTime":"2026-0%8$d-03T08:14:55Z"},\
      "%9$s":{"status":"exited","lastQualificationTime":"2026-0%8$d-11T21:40:02Z"}}},\
      "consents":{"share":{"val":"y"}}}
      """;

  private static final String DESTINATION =
      """
      stream:
        name: bench
        region: us-east-1
      audiences: %s
      attributes:
        - person.email
        - person.name.firstName
        - person.name.lastName
      consent:
        require: [share]
        missing: allow
      partitionKey:
        namespaces: [ecid, email]
      delivery:
        callsInFlight: %d
      """;

  private BenchProfiles() {}

  /** The destination that exports them, as its file describes it. */
  static String destination() {
    return DESTINATION.formatted(LISTED, SenderSettings.DEFAULT_CALLS_IN_FLIGHT);
  }

  /** The same for a run, whose profiles may be the user's own. */
  static String destination(Load load) {
    return DESTINATION.formatted(load.ownFile() ? "all" : LISTED, load.callsInFlight());
  }

  static void write(Path file, int count) throws IOException {
    SplittableRandom random = new SplittableRandom(count);
    Path unfinished = file.resolveSibling(file.getFileName() + ".part");
    try (BufferedWriter out = Files.newBufferedWriter(unfinished)) {
      for (int i = 0; i < count; i++) {
        out.write(line(i, random));
      }
    }
    Files.move(unfinished, file);
  }

  private static String line(int number, SplittableRandom random) {
    return LINE.formatted(
        Integer.toString(10_000_000 + number),
        FIRST_NAMES[random.nextInt(FIRST_NAMES.length)],
        LAST_NAMES[random.nextInt(LAST_NAMES.length)],
        CITIES[random.nextInt(CITIES.length)],
        random.nextInt(10_000, 99_999),
        ecid(random),
        AUDIENCE,
        random.nextInt(1, 10),
        OTHER_AUDIENCE);
  }

  private static String ecid(SplittableRandom random) {
    return "%019d%019d"
        .formatted(random.nextLong(0, Long.MAX_VALUE), random.nextLong(0, Long.MAX_VALUE));
  }
}
