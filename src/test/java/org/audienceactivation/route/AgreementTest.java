package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Outcome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.profile.RawRecord;

/** {@code preview}, {@code explain} and {@code run} say and do the same of any profile. */
class AgreementTest {

  @Provide
  Arbitrary<List<String>> exports() {
    return profiles().list().ofMinSize(150).ofMaxSize(200);
  }

  private static Arbitrary<String> profiles() {
    Arbitrary<String> choice = Arbitraries.of("y", "n", "u", "LI", "?");
    return Combinators.combine(
            Arbitraries.of(Profiles.AUDIENCE, "other"),
            choice,
            choice,
            choice,
            Arbitraries.integers().between(10, 30))
        .as(AgreementTest::profile);
  }

  private static String profile(
      String audience, String share, String email, String ofIdentity, int age) {
    return """
        {"person":{"email":"p@example.com"},"_acme":{"age":%d},\
        "identityMap":{"ecid":[{"id":"e"}],"Email":[{"id":"refuses@example.com"}]},\
        "segmentMembership":{"ups":{"%s":{"status":"realized"}}},\
        "consents":{"share":{"val":"%s"},"marketing":{"email":{"val":"%s"}},\
        "idSpecific":{"Email":{"refuses@example.com":{"share":{"val":"%s"}}}}}}"""
        .formatted(age, audience, share, email, ofIdentity);
  }

  @Property(tries = 3, shrinking = ShrinkingMode.OFF)
  void of_any_profiles(@ForAll("exports") List<String> profiles) throws Exception {
    Path folder = Files.createTempDirectory("agreement");
    try {
      TestHome home = home(folder);
      List<ProfileExplanation> explained = explain(home, profiles);
      Preview preview = preview(home, profiles);
      Run run = run(home, profiles);

      assertThat(explained).hasSameSizeAs(profiles);
      assertThat(preview.events()).isEqualTo(events(explained));
      assertThat(preview.decisions()).isEqualTo(decisions(explained));
      assertThat(run.events()).containsExactlyInAnyOrderElementsOf(events(explained));
      assertThat(run.totals().reasons()).isEqualTo(reasons(explained));
      assertThat(run.totals().of(Outcome.DELIVERED)).isEqualTo(events(explained).size());
    } finally {
      delete(folder);
    }
  }

  private static TestHome home(Path folder) {
    TestHome home = TestHome.shippedIn(folder);
    home.edit(
        "destinations/prospects.yaml", "require: [share]", "require: [share, marketing.email]");
    home.write(
        "governance/consent/adults.yaml",
        "status: ENABLED\nthen: {path: _acme.age, greaterThan: 17}\n");
    return home;
  }

  private static List<RawRecord> records(List<String> profiles) {
    List<RawRecord> records = new ArrayList<>();
    for (String profile : profiles) {
      records.add(RawRecord.of("p", records.size() + 1, profile.getBytes(StandardCharsets.UTF_8)));
    }
    return records;
  }

  private static List<ProfileExplanation> explain(TestHome home, List<String> profiles) {
    List<ProfileExplanation> told = new ArrayList<>();
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Explain("prospects", told::add));
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.process("p", records(profiles));
    }
    return told;
  }

  private record Preview(List<String> events, List<String> decisions) {}

  private static Preview preview(TestHome home, List<String> profiles) {
    ByteArrayOutputStream events = new ByteArrayOutputStream();
    ByteArrayOutputStream decisions = new ByteArrayOutputStream();
    ActivationOptions options =
        ActivationOptions.of(
            new ActivationOptions.Sources.Preview(
                "prospects",
                new PrintStream(events, true, StandardCharsets.UTF_8),
                new PrintStream(decisions, true, StandardCharsets.UTF_8)));
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.process("p", records(profiles));
    }
    return new Preview(
        events.toString(StandardCharsets.UTF_8).lines().toList(),
        decisions.toString(StandardCharsets.UTF_8).lines().toList());
  }

  private record Run(List<String> events, Totals totals) {}

  private static Run run(TestHome home, List<String> profiles) throws InterruptedException {
    home.export("p.ndjson", profiles.toArray(String[]::new));
    List<String> events = new ArrayList<>();
    try (LocalKinesis kinesis =
            LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
        Activation activation =
            Activation.start(
                home.home(),
                ActivationOptions.of(new ActivationOptions.Sources.Once())
                    .withKinesisEndpoint(kinesis.endpoint()))) {
      activation.awaitNothingLeft();
      activation.stop();
      kinesis.forEachRecord(
          record -> events.add(new String(record.data(), StandardCharsets.UTF_8)));
      return new Run(events, activation.report().destinations().get("prospects"));
    }
  }

  private static List<String> events(List<ProfileExplanation> explained) {
    return explained.stream().flatMap(one -> one.event().stream()).toList();
  }

  private static List<String> decisions(List<ProfileExplanation> explained) {
    return explained.stream()
        .map(
            one ->
                one.source()
                    + ":"
                    + one.line()
                    + ": prospects: "
                    + one.refusal()
                        .map(reason -> reason.outcome().label() + " " + reason.label())
                        .orElse(one.leftOut().isEmpty() ? "sent" : "sent without " + one.leftOut()))
        .toList();
  }

  private static Map<String, Long> reasons(List<ProfileExplanation> explained) {
    Map<String, Long> reasons = new TreeMap<>();
    explained.forEach(
        one -> one.refusal().ifPresent(reason -> reasons.merge(reason.label(), 1L, Long::sum)));
    return reasons;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
