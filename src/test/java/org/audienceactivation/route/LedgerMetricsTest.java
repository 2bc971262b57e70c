package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.audienceactivation.Profiles;
import org.audienceactivation.TestHome;
import org.audienceactivation.localkinesis.LocalKinesis;
import org.audienceactivation.localkinesis.LocalKinesisOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the books count is seen while the program runs, where there is a meter registry. */
class LedgerMetricsTest {

  /** Made by Camel, from a line in application.properties. */
  public static final class Meters extends SimpleMeterRegistry {
    private static final List<Meters> MADE = new CopyOnWriteArrayList<>();

    public Meters() {
      MADE.add(this);
    }
  }

  @TempDir Path folder;
  private TestHome home;
  private LocalKinesis kinesis;

  @BeforeEach
  void start() {
    Meters.MADE.clear();
    home = TestHome.shippedIn(folder);
    home.setting("camel.beans.meters", "#class:" + Meters.class.getName());
    home.write(
        "governance/rules.yaml",
        """
        labels:
          fields: {person.email: [I1]}
          audiences: [{id: %s, labels: [C2]}]
        policies:
          - {id: no-names, status: ENABLED, marketingActions: [exportToThirdParty], deny: {label: I1}}
          - {id: no-others, status: ENABLED, marketingActions: [exportToThirdParty], deny: {label: C2}}
        """
            .formatted(Profiles.OTHER_AUDIENCE));
    kinesis = LocalKinesis.start(LocalKinesisOptions.defaults().withAutoCreateStreams(1));
  }

  @AfterEach
  void stop() {
    kinesis.close();
  }

  private void enforce(String enforcement) {
    home.enforcement(enforcement);
  }

  /** The meters of the program as it still runs, with all their tags but the destination. */
  private Map<String, Long> counted() throws InterruptedException {
    home.export(
        "one.ndjson",
        Profiles.prospect("a"),
        Profiles.prospect("secretive").replace(Profiles.AUDIENCE, Profiles.OTHER_AUDIENCE),
        Profiles.refusing("b"),
        "nonsense");
    ActivationOptions options =
        ActivationOptions.of(new ActivationOptions.Sources.Once())
            .withKinesisEndpoint(kinesis.endpoint());
    try (Activation activation = Activation.start(home.home(), options)) {
      activation.awaitNothingLeft();
      return Meters.MADE.get(0).getMeters().stream()
          .filter(meter -> meter.getId().getName().startsWith("activation."))
          .filter(meter -> "prospects".equals(meter.getId().getTag("destination")))
          .collect(
              Collectors.toMap(
                  meter ->
                      meter.getId().getTags().stream()
                          .filter(tag -> !tag.getKey().equals("destination"))
                          .map(tag -> tag.getKey() + "=" + tag.getValue())
                          .collect(Collectors.joining(" ", meter.getId().getName() + " ", "")),
                  meter -> (long) meter.measure().iterator().next().getValue()));
    }
  }

  @Test
  void each_outcome_reason_and_part_is_counted() throws Exception {
    enforce("strip");

    assertThat(counted())
        .isEqualTo(
            Map.of(
                "activation.received ",
                4L,
                "activation.records outcome=delivered policy=none reason=none",
                1L,
                "activation.records outcome=excluded policy=none reason=consent-refused",
                1L,
                "activation.records outcome=excluded policy=no-others reason=no-audience-allowed",
                1L,
                "activation.records outcome=rejected policy=none reason=malformed-json",
                1L,
                "activation.withheld part=attribute person.email policy=no-names"
                    + " reason=label-policy",
                1L));
  }

  @Test
  void what_is_only_audited_is_counted_also_of_whole_profiles() throws Exception {
    enforce("audit");

    assertThat(counted())
        .containsEntry("activation.records outcome=delivered policy=none reason=none", 2L)
        .containsEntry(
            "activation.audited part=attribute person.email policy=no-names reason=label-policy",
            1L)
        .containsEntry(
            "activation.audited part=profile policy=no-others reason=no-audience-allowed", 1L);
  }

  @Test
  void the_page_names_every_meter_with_its_tags() throws Exception {
    enforce("strip");
    String page = Files.readString(Path.of("docs/outcomes.md"));
    List<String> named =
        Pattern.compile("^\\| `(activation\\.\\w+)` \\|", Pattern.MULTILINE)
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(named)
        .containsExactlyInAnyOrder(
            "activation.received",
            "activation.records",
            "activation.withheld",
            "activation.audited");
    assertThat(counted().keySet())
        .allSatisfy(meter -> assertThat(named).contains(meter.split(" ", 2)[0]));
  }
}
