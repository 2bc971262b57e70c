package org.audienceactivation.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.audienceactivation.LogLines;
import org.audienceactivation.TestHome;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.destination.Destination;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What changed, and whether it takes effect. */
class ReloadTest {
  private static final String RULES =
      """
      labels: {fields: {person.email: [I1]}, namespaces: {ecid: [I2]}}
      policies:
        - id: no-names
          status: DRAFT
          marketingActions: [exportToThirdParty]
          deny: {label: I1}
      """;
  private static final String ADULTS =
      "status: ENABLED\nthen: {path: _acme.age, greaterThan: 17}\n";

  @TempDir Path folder;
  private TestHome home;
  private LogLines log;
  private Reload reload;
  private final List<HomeConfiguration> effective = new CopyOnWriteArrayList<>();
  private final List<Problem> inTheWay = new ArrayList<>();
  private volatile Optional<Error> failure = Optional.empty();

  private final Reload.Changes changes =
      new Reload.Changes() {
        @Override
        public Checked<Reload.Change> to(HomeConfiguration configuration) {
          failure.ifPresent(
              error -> {
                throw error;
              });
          return Checked.of(change(configuration), inTheWay);
        }

        @Override
        public void tidy() {}
      };

  private Reload.Change change(HomeConfiguration configuration) {
    return new Reload.Change() {
      @Override
      public void takeEffect(Runnable whenInForce) {
        effective.add(configuration);
        whenInForce.run();
      }
    };
  }

  @BeforeEach
  void start() {
    log = LogLines.open();
    home =
        TestHome.shippedIn(folder)
            .write("governance/rules.yaml", RULES)
            .write("governance/consent/adults.yaml", ADULTS)
            .edit(
                "destinations/prospects.yaml",
                "consent:",
                "marketingActions: [exportToThirdParty]\nconsent:");
    reload =
        new Reload(
            home.home(), text -> "eu-west-1", HomeFiles.read(home.home()), changes, List.of());
  }

  @AfterEach
  void stop() {
    log.close();
  }

  private void looks(int times) {
    for (int i = 0; i < times; i++) {
      reload.look();
    }
  }

  static Stream<Arguments> valid() {
    return Stream.of(
        takesEffect(
            "a policy is disabled",
            home -> home.edit("governance/rules.yaml", "DRAFT", "DISABLED"),
            "governance/rules.yaml"),
        takesEffect(
            "a policy is enabled that the destination strips for",
            home ->
                home.edit("governance/rules.yaml", "DRAFT", "ENABLED")
                    .edit(
                        "destinations/prospects.yaml", "consent:", "enforcement: strip\nconsent:"),
            "destinations/prospects.yaml, governance/rules.yaml"),
        takesEffect(
            "a label is given",
            home -> home.edit("governance/rules.yaml", "ecid: [I2]", "ecid: [I2, C2]"),
            "governance/rules.yaml"),
        takesEffect(
            "rules are added in the form of the vendor's API",
            home ->
                home.write(
                    "governance/api.json",
                    """
                    {"name": "No C3", "status": "ENABLED", "deny": {"label": "C3"},
                     "marketingActionRefs": ["https://example.com/marketingActions/core/analytics"]}
                    """),
            "governance/api.json (new)"),
        takesEffect(
            "rules are taken away, and a file says that this is meant",
            home ->
                home.without("governance/rules.yaml")
                    .write("governance/none.yaml", "policies: []\n"),
            "governance/none.yaml (new), governance/rules.yaml (gone)"),
        takesEffect(
            "what others mount beside the files in hidden folders, and what editors leave there",
            home ->
                home.write("governance/..2026/rules.yaml", "policies: [\n")
                    .link("governance/.#rules.yaml", "somebody@somewhere.1")
                    .edit("governance/rules.yaml", "DRAFT", "DISABLED"),
            "governance/rules.yaml"),
        takesEffect(
            "a consent policy is changed",
            home -> home.edit("governance/consent/adults.yaml", "17", "20"),
            "governance/consent/adults.yaml"),
        takesEffect(
            "one of several consent policies is taken away",
            home ->
                home.without("governance/consent/adults.yaml")
                    .write("governance/consent/off.yaml", ADULTS.replace("ENABLED", "DISABLED")),
            "governance/consent/adults.yaml (gone), governance/consent/off.yaml (new)"),
        takesEffect(
            "an attribute is not mapped any more",
            home -> home.edit("destinations/prospects.yaml", "attributes:\n  - person.email", ""),
            "destinations/prospects.yaml"),
        takesEffect(
            "another stream",
            home -> home.edit("destinations/prospects.yaml", "prospects-events", "other-events"),
            "destinations/prospects.yaml"),
        takesEffect(
            "a destination comes",
            home ->
                home.destination("all", "stream: {name: s, region: eu-west-1}\naudiences: all\n"),
            "destinations/all.yaml (new)"),
        takesEffect(
            "the catalogue changes",
            home -> home.write("audiences.yaml", "audiences: []\n"),
            "audiences.yaml"),
        takesEffect(
            "a comment",
            home -> home.write("governance/rules.yaml", RULES + "# seen by the board\n"),
            "governance/rules.yaml"));
  }

  private static Arguments takesEffect(String what, Consumer<TestHome> edit, String changed) {
    return arguments(what, edit, changed);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("valid")
  void takes_effect(String what, Consumer<TestHome> edit, String changed) {
    String before = reload.inForce().version();
    edit.accept(home);

    looks(2);

    assertThat(effective).as(what).hasSize(1);
    assertThat(reload.inForce()).isEqualTo(HomeFiles.read(home.home()));
    assertThat(log.with("is in force"))
        .containsExactly(
            "INFO configuration %s is in force. Changed: %s"
                .formatted(reload.inForce().version(), changed));
    assertThat(reload.inForce().version()).isNotEqualTo(before);
    assertThat(reload.configuration().version()).isEqualTo(reload.inForce().version());
  }

  static Stream<Arguments> invalid() {
    return Stream.of(
        isRefused(
            "no YAML",
            home -> home.edit("governance/rules.yaml", "policies:", "policies: ["),
            "governance/rules\\.yaml:\\d+: .*"),
        isRefused(
            "a policy that forbids what a destination sends",
            home -> home.edit("governance/rules.yaml", "DRAFT", "ENABLED"),
            "destinations/prospects\\.yaml:\\d+: marketingActions\\[0]: policy no-names .*forbids.*"),
        isRefused(
            "an unknown label",
            home -> home.edit("governance/rules.yaml", "[I1]", "[I11]"),
            "governance/rules\\.yaml:1: labels\\.fields\\.person\\.email\\[0]: unknown label.*"),
        isRefused(
            "an unknown marketing action",
            home -> home.edit("destinations/prospects.yaml", "exportToThirdParty", "lending"),
            "destinations/prospects\\.yaml:\\d+: marketingActions\\[0]: .*lending.*"),
        isRefused(
            "an unknown key",
            home -> home.edit("destinations/prospects.yaml", "attributes:", "atributes:"),
            "destinations/prospects\\.yaml:\\d+: atributes: unknown key; allowed:.*"),
        isRefused(
            "a consent policy that compares nothing",
            home -> home.edit("governance/consent/adults.yaml", "greaterThan: 17", ""),
            "governance/consent/adults\\.yaml:\\d+: .*"),
        isRefused(
            "a catalogue that is none",
            home -> home.write("audiences.yaml", "audiences: all\n"),
            "audiences\\.yaml:1: .*"),
        isRefused(
            "the last destination is taken away",
            home -> home.without("destinations/prospects.yaml"),
            "destinations:1: no destination; .*"),
        isRefused(
            "rules in a file that is not read",
            home -> home.write("governance/more.yml", "policies: []\n"),
            "governance/more\\.yml:1: is not read: .*"),
        isRefused(
            "the folder of the consent policies is gone",
            home -> home.without("governance/consent/adults.yaml").without("governance/consent"),
            "governance/consent:1: governance/consent/adults\\.yaml is gone, .*no file of rules is left"
                + " here; .*: a policy with .*DISABLED.*"),
        isRefused(
            "the folder of the rules is there, and empty",
            home -> home.without("governance/rules.yaml"),
            "governance:1: governance/rules\\.yaml is gone, .*no file of rules is left here; .*: one"
                + " with .*policies: \\[].*"),
        isRefused(
            "the only rules are a link that leads nowhere",
            home -> home.without("governance/rules.yaml").link("governance/rules.yaml", "away"),
            "governance:1: governance/rules\\.yaml is gone, .*no file of rules is left here; .*"),
        isRefused(
            "further rules are a link that leads nowhere",
            home -> home.link("governance/more.yaml", "away"),
            "governance/more\\.yaml:1: is no file that can be read, .*"),
        isRefused(
            "a folder of rules is a link that leads nowhere",
            home ->
                home.without("governance/consent/adults.yaml")
                    .without("governance/consent")
                    .link("governance/consent", "away")
                    .write("governance/more.yaml", "policies: []\n"),
            "governance/consent:1: is no folder that can be read"),
        isRefused(
            "rules in a folder within the folder",
            home -> home.write("governance/partners/more.yaml", "policies: []\n"),
            "governance/partners/more\\.yaml:1: is not read: .*"),
        isRefused(
            "rules under a name in capitals",
            home -> home.write("governance/more.YAML", "policies: []\n"),
            "governance/more\\.YAML:1: is not read: .*"),
        isRefused(
            "the catalogue is a link that leads nowhere",
            home -> home.without("audiences.yaml").link("audiences.yaml", "away"),
            "audiences\\.yaml:1: is no file that can be read, .*"),
        isRefused(
            "a file that is far too large",
            home -> home.write("governance/more.yaml", new byte[17 * 1024 * 1024]),
            "governance/more\\.yaml:1: is larger than 16 MiB, .*"),
        isRefused(
            "one good and one bad change",
            home ->
                home.edit("governance/consent/adults.yaml", "17", "20")
                    .edit("governance/rules.yaml", "[I2]", "[I22]"),
            "governance/rules\\.yaml:1: labels\\.namespaces\\.ecid\\[0]: unknown label.*"));
  }

  private static Arguments isRefused(String what, Consumer<TestHome> edit, String problem) {
    return arguments(what, edit, problem);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("invalid")
  void is_refused_as_a_whole(String what, Consumer<TestHome> edit, String problem) {
    HomeFiles before = reload.inForce();
    edit.accept(home);

    looks(4);

    assertThat(effective).as(what).isEmpty();
    assertThat(reload.inForce()).isEqualTo(before);
    assertThat(reload.configuration().version()).isEqualTo(before.version());
    assertThat(log.with("WARN ")).anyMatch(line -> line.matches("WARN " + problem));
    assertThat(log.with("is refused as a whole"))
        .singleElement()
        .asString()
        .contains("; " + before.version() + " stays in force. Changed: ");
  }

  @Nested
  class Looks {
    @Test
    void one_of_several_files_that_is_only_gone_is_refused() {
      home.write("governance/more.yaml", "policies: []\n");
      looks(2);
      home.without("governance/rules.yaml");
      looks(2);
      assertThat(effective).hasSize(1);
      assertThat(log.with("governance:1: governance/rules.yaml is gone, ")).hasSize(1);

      home.write("governance/more.yaml", RULES);
      looks(2);
      assertThat(effective).hasSize(2);
    }

    @Test
    void nothing_is_said_while_nothing_changes() {
      looks(3);

      assertThat(effective).isEmpty();
      assertThat(log.with("configuration")).isEmpty();
    }

    @Test
    void what_only_one_look_has_found_is_not_taken() {
      home.edit("governance/rules.yaml", "DRAFT", "DISABLED");
      looks(1);
      home.edit("governance/rules.yaml", "[I1]", "[I1, C2]");
      looks(1);
      assertThat(effective).isEmpty();

      looks(1);

      assertThat(effective).hasSize(1);
    }

    @Test
    void a_mistake_is_told_once_and_that_it_is_mended() {
      home.edit("governance/rules.yaml", "[I1]", "[I11]");
      looks(5);
      assertThat(log.with("unknown label")).hasSize(1);

      home.edit("governance/rules.yaml", "[I11]", "[C2]");
      looks(3);

      assertThat(log.with("is in force. Changed: governance/rules.yaml")).hasSize(1);
      assertThat(effective).hasSize(1);
    }

    @Test
    void that_a_content_is_refused_can_be_asked_until_it_is_mended_or_taken_back() {
      String inForce = reload.inForce().version();
      home.edit("governance/rules.yaml", "[I1]", "[I11]");
      looks(2);
      assertThat(reload.refusal().orElseThrow())
          .contains(HomeFiles.read(home.home()).version(), inForce + " stays in force");
      home.edit("governance/rules.yaml", "[I11]", "[I1]");
      looks(2);
      assertThat(reload.refusal()).isEmpty();

      home.edit("governance/rules.yaml", "[I1]", "[I11]");
      looks(2);
      assertThat(reload.refusal()).isPresent();
      home.edit("governance/rules.yaml", "[I11]", "[C2]");
      looks(2);
      assertThat(reload.refusal()).isEmpty();
    }

    @Test
    void a_look_that_fails_with_an_error_is_not_the_last_and_what_it_found_counts_as_refused() {
      StopSignal end = new StopSignal();
      failure = Optional.of(new StackOverflowError());
      home.edit("governance/rules.yaml", "DRAFT", "DISABLED");
      Reloading reloading = Reloading.start(reload, Duration.ofMillis(5), end);
      try {
        await().until(() -> !log.with("a look at the configuration has failed").isEmpty());
        assertThat(reloading.refusal()).isPresent();
        failure = Optional.empty();
        home.edit("governance/rules.yaml", "[I1]", "[C2]");

        await().until(() -> !effective.isEmpty());
        await().until(() -> reloading.refusal().isEmpty());
      } finally {
        end.give();
        reloading.awaitEnd();
      }
    }

    @Test
    void a_mistake_that_is_taken_back_is_told_too_and_changes_nothing() {
      home.edit("governance/rules.yaml", "[I1]", "[I11]");
      looks(2);
      home.edit("governance/rules.yaml", "[I11]", "[I1]");
      looks(3);

      assertThat(effective).isEmpty();
      assertThat(log.with("in the files again, and still in force")).hasSize(1);
    }

    @Test
    void what_cannot_be_made_ready_is_refused_like_a_mistake() {
      inTheWay.add(new Problem("routes", 7, "no such template"));
      home.edit("governance/rules.yaml", "[I1]", "[C2]");
      looks(3);

      assertThat(effective).isEmpty();
      assertThat(log.with("WARN routes:7: no such template")).hasSize(1);
    }

    @Test
    void all_files_are_of_one_look() {
      home.edit("governance/rules.yaml", "DRAFT", "ENABLED");
      home.edit("destinations/prospects.yaml", "attributes:\n  - person.email", "");
      looks(2);

      assertThat(effective)
          .singleElement()
          .satisfies(
              configuration ->
                  assertThat(configuration.destinations())
                      .extracting(Destination::attributes)
                      .containsExactly(List.of()));
    }

    @Test
    void no_content_is_logged() {
      home.edit("destinations/prospects.yaml", "type: default", "type: profile\n  profile: s3cr3t");
      looks(2);

      assertThat(effective).hasSize(1);
      assertThat(log.with("s3cr3t")).isEmpty();
      assertThat(reload.inForce().toString()).doesNotContain("s3cr3t");
    }
  }
}
