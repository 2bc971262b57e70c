package org.audienceactivation.destination;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.profile.Compression;
import org.audienceactivation.profile.NdjsonReader;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.ProfileReader;
import org.audienceactivation.profile.RawRecord;

/**
 * Nanoseconds and bytes per record of one thread, for the stages between a file's bytes and the
 * events, a batch of 500 at a time and the best of many rounds: a main method to run by hand on a
 * quiet machine, not a test.
 */
final class CoreTiming {

  private static final int RECORDS = 500;
  private static final int ROUNDS = 4_000;

  private static final String PROFILE =
      """
      {"_id":"%1$d","person":{"email":"person%1$d@example.net","name":{"firstName":"Inès","lastName":"Okafor"},\
      "birthDate":"1984-06-02"},"mobilePhone":{"number":"+33612345678"},"homeAddress":{"city":"Lyon","postalCode":"69003"},\
      "identityMap":{"ECID":[{"id":"30412209884417725510893347%1$d","primary":true}],"Email":[{"id":"person%1$d@example.net"}]},\
      "segmentMembership":{"ups":{"0c1d6a52-7d3e-4f0e-9b61-2f9a3f6f1a10":{"status":"realized","lastQualificationTime":"2025-11-03T08:14:55Z"},\
      "b7e0f2c4-51aa-4c0b-8f3c-6d1a9c0e7d22":{"status":"exited","lastQualificationTime":"2025-11-03T08:14:55Z"}}},\
      "consents":{"share":{"val":"y"}}}
      """;

  private static final String DESTINATION =
      """
      stream: {name: s, region: eu-west-1}
      audiences: [{id: 0c1d6a52-7d3e-4f0e-9b61-2f9a3f6f1a10}, {id: b7e0f2c4-51aa-4c0b-8f3c-6d1a9c0e7d22}]
      attributes: [person.email, person.name.firstName, person.name.lastName]
      """;

  private CoreTiming() {}

  public static void main(String[] args) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < RECORDS; i++) {
      lines.append(PROFILE.formatted(1_000_000 + i));
    }
    byte[] file = lines.toString().getBytes(UTF_8);
    Destination destination =
        Destination.read("d.yaml", DESTINATION, UnaryOperator.identity(), AudienceCatalogue.empty())
            .toOptional()
            .orElseThrow();
    Governance governance = new Governance(destination.consent());
    ProfileReader reader = new ProfileReader(destination.needs().union(governance.needs()));
    Mapping mapping = new Mapping(destination, AudienceCatalogue.empty());

    List<RawRecord> records = lines(file);
    List<Profile> profiles = records.stream().map(r -> (Profile) reader.read(r)).toList();
    List<Decision.Allowed> allowed =
        profiles.stream().map(p -> (Decision.Allowed) governance.decide(p)).toList();
    System.out.printf("%d bytes a record%n", file.length / RECORDS);
    time("lines", () -> lines(file));
    time("read", () -> records.forEach(reader::read));
    time("govern", () -> profiles.forEach(governance::decide));
    time("map", () -> allowed.forEach(decision -> mapping.map(decision.profile())));
  }

  private static List<RawRecord> lines(byte[] file) {
    List<RawRecord> records = new ArrayList<>(RECORDS);
    NdjsonReader.open("f", new ByteArrayInputStream(file), Compression.NONE)
        .forEachRemaining(records::addAll);
    return records;
  }

  private static void time(String stage, Runnable allRecords) {
    long best = Long.MAX_VALUE;
    long allocated = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long bytesBefore = allocatedBytes();
      long before = System.nanoTime();
      allRecords.run();
      best = Math.min(best, System.nanoTime() - before);
      allocated = allocatedBytes() - bytesBefore;
    }
    System.out.printf(
        "%-8s %5d ns %6d bytes allocated a record%n", stage, best / RECORDS, allocated / RECORDS);
  }

  private static long allocatedBytes() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }
}
