package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.accounting.Totals;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.audienceactivation.profile.Sha256;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Consents from the file in the inbox to the bytes in the stream. */
class ConsentToKinesisTest {
  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() {
    home = TestHome.shippedIn(folder);
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(2));
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private Totals run() throws InterruptedException {
    try (Activation activation =
        Activation.start(
            home.home(),
            ActivationOptions.of(new ActivationOptions.Sources.Once())
                .withKinesisEndpoint(kinesis.endpoint()))) {
      activation.awaitNothingLeft();
      activation.stop();
      assertThat(activation.report().addsUp()).isTrue();
      return activation.report().destinations().get("prospects");
    }
  }

  private List<String> events() {
    List<String> events = new ArrayList<>();
    kinesis.forEachRecord(
        record ->
            events.add(
                record.partitionKey() + " " + new String(record.data(), StandardCharsets.UTF_8)));
    return events;
  }

  @Test
  void neither_a_refusing_address_nor_its_hash_from_an_enrichment_is_in_the_bytes()
      throws Exception {
    home.setting("enrichment.emailSha256", "true");
    home.export(
        "p.ndjson",
        """
        {"identityMap":{"Email":[{"id":"No@example.com"},{"id":"yes@example.com"}]},\
        "segmentMembership":{"ups":{"%s":{"status":"realized"}}},\
        "consents":{"idSpecific":{"Email":{"No@example.com":{"share":{"val":"n"}}}}}}"""
            .formatted(Profiles.AUDIENCE));

    Totals totals = run();

    assertThat(events())
        .singleElement()
        .asString()
        .contains("yes@example.com")
        .contains(Sha256.hex("yes@example.com"))
        .doesNotContainIgnoringCase("no@example.com")
        .doesNotContain(Sha256.hex("no@example.com"));
    assertThat(totals.withheld()).containsEntry("identity-refused:consents.share", 2L);
  }

  @Test
  void a_consent_policy_excludes_and_is_counted_by_its_id() throws Exception {
    home.write(
        "governance/consent/named.yaml",
        "status: ENABLED\nthen: {path: person.email, equals: a@example.com}\n");
    home.export("p.ndjson", Profiles.prospect("a"), Profiles.prospect("b"));

    Totals totals = run();

    assertThat(events()).containsExactly("a " + Profiles.event("a"));
    assertThat(totals.reasons()).containsEntry("consent-policy:named", 1L);
  }

  @Test
  void a_policy_with_a_mistake_stops_the_start() {
    home.write("governance/consent/named.yaml", "status: ENABLED\nthen: {path: person.email}\n");

    org.assertj.core.api.Assertions.assertThatThrownBy(this::run)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("governance/consent/named.yaml:2: then: needs exactly one of equals");
  }
}
