package org.audienceactivation.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.governance.Consent;
import org.audienceactivation.governance.ConsentPolicy;
import org.audienceactivation.governance.ConsentRules;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.governance.MissingConsent;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.ProfileReader;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.profile.XdmPath;

/**
 * What the rules of {@link GovernanceRules#CONSENT} cost a profile: the same batches are decoded
 * and decided with and without them in turn, on one thread of one JVM, which compares more evenly
 * than JVMs that were each compiled a little differently.
 */
final class ConsentCost {
  private static final int PROFILES = 20_000;
  private static final int RECORDS_PER_BATCH = 500;
  private static final int PASSES = 10;

  private final ProfileReader reader;
  private final Governance governance;
  private long decodeNanos;
  private long decideNanos;
  private long allowed;

  private ConsentCost(Governance governance) {
    Projection mapped =
        Projection.ofPaths(
            Set.of(
                XdmPath.of("person.email"),
                XdmPath.of("person.name.firstName"),
                XdmPath.of("person.name.lastName")));
    this.reader = new ProfileReader(mapped.union(governance.needs()));
    this.governance = governance;
  }

  private static ConsentCost without() {
    return new ConsentCost(new Governance(new ConsentRules(List.of(), MissingConsent.ALLOW)));
  }

  private static ConsentCost with() {
    return new ConsentCost(
        new Governance(
            new ConsentRules(List.of(Consent.SHARE, Consent.MARKETING_EMAIL), MissingConsent.ALLOW),
            GovernanceRules.CONSENT_POLICIES.stream().map(ConsentCost::policy).toList(),
            Set.of("exportToThirdParty"),
            Set.of()));
  }

  private static ConsentPolicy policy(String yaml) {
    return ConsentPolicy.read("policy.yaml", yaml, text -> text, Optional.empty())
        .toOptional()
        .orElseThrow();
  }

  /** Prints a line a round, the first ones while the compiler still works. */
  static void measure(Path folder, int rounds) throws IOException {
    Path plain = folder.resolve("plain.ndjson");
    Path consenting = folder.resolve("consenting.ndjson");
    BenchProfiles.write(plain, PROFILES);
    GovernanceRules.writeProfiles(plain, consenting);
    List<RawRecord> records = new ArrayList<>();
    for (byte[] line : lines(consenting)) {
      records.add(RawRecord.of("profiles", records.size() + 1, line));
    }
    for (int round = 1; round <= rounds; round++) {
      ConsentCost without = without();
      ConsentCost with = with();
      for (int pass = 0; pass < PASSES; pass++) {
        for (int from = 0; from < records.size(); from += RECORDS_PER_BATCH) {
          List<RawRecord> batch = records.subList(from, from + RECORDS_PER_BATCH);
          without.take(batch);
          with.take(batch);
        }
      }
      with.requireAllowed(GovernanceRules.CONSENT);
      without.requireAllowed(GovernanceRules.NONE);
      System.out.printf(
          Locale.ROOT,
          "round %d  decode %.2f -> %.2f µs a record  decide %.2f -> %.2f  together +%.2f%n",
          round,
          micros(without.decodeNanos),
          micros(with.decodeNanos),
          micros(without.decideNanos),
          micros(with.decideNanos),
          micros(with.total() - without.total()));
    }
  }

  private static List<byte[]> lines(Path file) throws IOException {
    List<byte[]> lines = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      lines.add(line.getBytes(StandardCharsets.UTF_8));
    }
    return lines;
  }

  private void take(List<RawRecord> batch) {
    List<Profile> profiles = new ArrayList<>(batch.size());
    long begin = System.nanoTime();
    for (RawRecord record : batch) {
      profiles.add((Profile) reader.read(record));
    }
    long decoded = System.nanoTime();
    for (Profile profile : profiles) {
      allowed += governance.decide(profile) instanceof Decision.Allowed ? 1 : 0;
    }
    decideNanos += System.nanoTime() - decoded;
    decodeNanos += decoded - begin;
  }

  private void requireAllowed(GovernanceRules rules) {
    if (allowed != (long) PASSES * rules.deliveredOf(PROFILES)) {
      throw new IllegalStateException(rules + " let " + allowed + " through");
    }
  }

  private long total() {
    return decodeNanos + decideNanos;
  }

  private static double micros(long nanos) {
    return nanos / 1_000.0 / PROFILES / PASSES;
  }
}
