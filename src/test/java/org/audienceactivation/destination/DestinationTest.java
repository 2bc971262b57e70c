package org.audienceactivation.destination;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.audienceactivation.audience.Audience;
import org.audienceactivation.audience.AudienceCatalogue;
import org.audienceactivation.config.Problem;
import org.audienceactivation.governance.Consent;
import org.audienceactivation.governance.ConsentRules;
import org.audienceactivation.governance.Enforcement;
import org.audienceactivation.governance.MissingConsent;
import org.audienceactivation.profile.AudienceRef;
import org.audienceactivation.profile.AudienceScope;
import org.audienceactivation.profile.XdmPath;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DestinationTest {

  private static final AudienceCatalogue CATALOGUE =
      AudienceCatalogue.of(
          List.of(
              new Audience(AudienceRef.ups("1"), "Prospects", Optional.empty()),
              new Audience(AudienceRef.ups("2"), "Lapsed", Optional.empty()),
              new Audience(new AudienceRef("AAM", "3"), "Lapsed", Optional.empty())));

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "{{calls}}", "12",
          "{{region}}", "eu-west-1",
          "{{digits}}", "0123456789",
          "{{secret}}", "s3cr3t",
          "prefix-{{region}}", "prefix-eu-west-1");

  private static String resolve(String text) {
    return Optional.ofNullable(PROPERTIES.get(text)).orElseThrow();
  }

  private static Destination destination(String yaml) {
    var checked =
        Destination.read("destinations/prospects.yaml", yaml, DestinationTest::resolve, CATALOGUE);
    assertThat(checked.problems()).isEmpty();
    return checked.toOptional().orElseThrow();
  }

  private static List<String> problems(String yaml) {
    return Destination.read("d.yaml", yaml, DestinationTest::resolve, CATALOGUE).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  private static final String SMALLEST =
      """
      stream: {name: s, region: eu-west-1}
      audiences: all
      """;

  @Nested
  class What_is_read {

    @Test
    void a_full_file() {
      Destination destination =
          destination(
              """
              # yaml-language-server: $schema=../schemas/destination.schema.json
              description: For the sales team
              stream: { name: prospects-events, region: eu-west-1, endpoint: http://localhost:4566 }
              credentials:
                type: role
                roleArn: arn:aws:iam::123456789012:role/prospects
                externalId: "{{digits}}"
                base: { type: profile, profile: operations }
              audiences:
                - { id: x }
                - { id: x, namespace: AAM }
                - { name: Prospects }
              attributes: [person.email, _tenant.loyalty.tier]
              audienceNames: true
              consent: { require: [share, marketing.email], missing: deny }
              marketingActions: [exportToThirdParty]
              enforcement: strip
              partitionKey: { namespaces: [crmid] }
              delivery: { retryFor: 1h, maxAttempts: 20, backoffMin: 50ms, backoffMax: 2s, callsInFlight: "{{calls}}", maxRecordBytes: 2097152, order: latestWins }
              """);

      assertThat(destination)
          .isEqualTo(
              new Destination(
                  "prospects",
                  "For the sales team",
                  new StreamTarget(
                      "prospects-events",
                      "eu-west-1",
                      Optional.of(URI.create("http://localhost:4566"))),
                  new Credentials.Role(
                      "arn:aws:iam::123456789012:role/prospects",
                      Optional.of("0123456789"),
                      Optional.empty(),
                      new Credentials.NamedProfile("operations")),
                  AudienceScope.of(
                      AudienceRef.ups("x"), new AudienceRef("AAM", "x"), AudienceRef.ups("1")),
                  Map.of(),
                  List.of(XdmPath.of("person.email"), XdmPath.of("_tenant.loyalty.tier")),
                  new Destination.Contents(
                      false, true, false, Statuses.AS_GIVEN, Dates.AS_GIVEN, false),
                  ActivationRules.DEFAULT,
                  new ConsentRules(
                      List.of(Consent.SHARE, Consent.MARKETING_EMAIL), MissingConsent.DENY),
                  List.of("exportToThirdParty"),
                  Enforcement.STRIP,
                  List.of("crmid"),
                  new ProfileNaming(List.of("crmid")),
                  new Delivery(
                      Duration.ofHours(1),
                      20,
                      Duration.ofMillis(50),
                      Duration.ofSeconds(2),
                      12,
                      2097152,
                      "latestWins")));
    }

    @Test
    void the_smallest_file_has_sensible_defaults() {
      assertThat(destination(SMALLEST))
          .isEqualTo(
              new Destination(
                  "prospects",
                  "",
                  new StreamTarget("s", "eu-west-1", Optional.empty()),
                  new Credentials.Default(),
                  AudienceScope.all(),
                  Map.of(),
                  List.of(),
                  Destination.Contents.DEFAULT,
                  ActivationRules.DEFAULT,
                  ConsentRules.DEFAULT,
                  List.of(),
                  Enforcement.BLOCK,
                  List.of("ecid", "email_lc_sha256"),
                  new ProfileNaming(List.of("ecid", "email_lc_sha256")),
                  Delivery.DEFAULT));
    }

    @Test
    void placeholders_may_be_part_of_a_text() {
      assertThat(
              destination(
                      "stream: {name: 'prefix-{{region}}', region: '{{region}}'}\naudiences: all")
                  .stream()
                  .name())
          .isEqualTo("prefix-eu-west-1");
    }

    @Test
    void secrets_do_not_show() {
      Destination destination =
          destination(
              SMALLEST
                  + "credentials: {type: static, accessKeyId: AKIA, secretAccessKey: '{{secret}}', sessionToken: t0k3n}");

      assertThat(destination.credentials())
          .isEqualTo(new Credentials.Static("AKIA", "s3cr3t", Optional.of("t0k3n")));
      assertThat(destination.toString()).contains("AKIA").doesNotContain("s3cr3t", "t0k3n");
    }
  }

  @Nested
  class What_is_refused {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "regon: x                                | d.yaml:3: regon: unknown key; allowed: description, stream, credentials, audiences, attributes, audienceNames, audienceTimestamps, memberships, statuses, dates, envelope, activation, profileKey, consent, marketingActions, enforcement, partitionKey, delivery",
          "stream: {name: t, region: r}            | d.yaml:3: stream: stands in line 1 already",
          "credentials: {type: rol}                | d.yaml:3: credentials.type: \"rol\" is not allowed; allowed: default, static, profile, role",
          "credentials: {}                         | d.yaml:3: credentials.type: is missing",
          "credentials: {type: role}               | d.yaml:3: credentials.roleArn: is missing",
          "credentials: {type: default, profile: x} | d.yaml:3: credentials.profile: unknown key; allowed: type",
          "credentials: {type: profile, profile: p, roleArn: x} | d.yaml:3: credentials.roleArn: unknown key; allowed: type, profile",
          "credentials: {type: role, roleArn: admin} | d.yaml:3: credentials.roleArn: \"admin\" is not allowed; must be the ARN of a role, such as arn:aws:iam::123456789012:role/prospects",
          "credentials: {type: role, roleArn: 'arn:aws:iam::123456789012:role/r', base: {type: role}} | d.yaml:3: credentials.base.type: \"role\" is not allowed; allowed: default, static, profile",
          "attributes: person.email                | d.yaml:3: attributes: must be a list, is a string",
          "attributes: [person..email]             | d.yaml:3: attributes[0]: \"person..email\" is not allowed; must be keys joined by dots, such as person.name.firstName",
          "attributes: [a.b, c, a.b]               | d.yaml:3: attributes[2]: a.b stands in line 3 already",
          "attributes: [a.b, a.b.c]                | d.yaml:3: attributes[1]: a.b.c lies within a.b (line 3)",
          "attributes: [a.b.c, a]                  | d.yaml:3: attributes[1]: a contains a.b.c (line 3)",
          "attributes: ['orders[*].sku']  | d.yaml:3: attributes[0]: orders[*].sku: a path names keys only; what it leads to is exported with all below",
          "attributes: ['orders.*.sku']  | d.yaml:3: attributes[0]: orders.*.sku: a path names keys only; what it leads to is exported with all below",
          "attributes: [segments]  | d.yaml:3: attributes[0]: segments: segments is always exported",
          "attributes: [segmentMembership.status]  | d.yaml:3: attributes[0]: segmentMembership.status: segmentMembership is always exported",
          "audienceNames: yes                      | d.yaml:3: audienceNames: must be true or false, is a string",
          "consent: {require: [marketing]}         | d.yaml:3: consent.require[0]: \"marketing\" is not allowed; allowed: share, collect, adID, personalize.content, marketing.any, marketing.email, marketing.push, marketing.sms, marketing.whatsApp, marketing.call, marketing.fax, marketing.commercialEmail, marketing.postalMail",
          "consent: {require: [share, share]}      | d.yaml:3: consent.require: holds the same item twice",
          "enforcement: strict                     | d.yaml:3: enforcement: \"strict\" is not allowed; allowed: block, strip, audit",
          "marketingActions: [analytics, email]    | d.yaml:3: marketingActions[1]: unknown marketing action \"email\"; allowed: analytics, combineData, crossSiteTargeting, dataScience, emailTargeting, exportToThirdParty, onsiteAdvertising, onsitePersonalization, segmentMatch, singleIdentityPersonalization; define others in governance/, under customMarketingActions",
          "consent: {missing: n}                   | d.yaml:3: consent.missing: \"n\" is not allowed; allowed: allow, deny",
          "delivery: {retryFor: 30}                | d.yaml:3: delivery.retryFor: 30 is not allowed; must be a duration such as 100ms, 30s, 5m, 1h or 2d",
          "delivery: {retryFor: 1 hour}            | d.yaml:3: delivery.retryFor: \"1 hour\" is not allowed; must be a duration such as 100ms, 30s, 5m, 1h or 2d",
          "delivery: {retryFor: 367d}             | d.yaml:3: delivery.retryFor: must not be longer than 366d",
          "delivery: {callsInFlight: 0}            | d.yaml:3: delivery.callsInFlight: 0 is not allowed; must be from 1 to 256",
          "delivery: {callsInFlight: many}         | d.yaml:3: delivery.callsInFlight: must be a whole number, is a string",
          "delivery: {maxAttempts: -1}             | d.yaml:3: delivery.maxAttempts: -1 is not allowed; must be from 0 to 1000000",
          "delivery: {backoffMin: 1m}              | d.yaml:3: delivery.backoffMin: backoffMin must not be longer than backoffMax",
          "description: {{region}}                 | d.yaml:3: a key must be text; a placeholder stands in quotes: \"{{name}}\"",
          "description: \"{{env:NO:d3fault}}\"     | d.yaml:3: cannot resolve {{env:NO}}",
          "description:                            | d.yaml:3: description: must be a string, is empty",
          "description: *unknown                   | d.yaml:3: not YAML: found undefined alias unknown"
        })
    void a_mistake_in_the_third_line(String line, String problem) {
      assertThat(problems(SMALLEST + line)).containsExactly(problem);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        value = {
          "everyone            | d.yaml:2: audiences: \"everyone\" is not allowed; allowed: all",
          "7                   | d.yaml:2: audiences: must be a list or a string, is a number",
          "[]                  | d.yaml:2: audiences: must not be empty",
          "[{id: 7}]           | d.yaml:2: audiences[0].id: must be a string, is a number",
          "[a]                 | d.yaml:2: audiences[0]: must be a mapping, is a string",
          "[{}]                | d.yaml:2: audiences[0]: needs either id or name",
          "[{id: a, name: b}]  | d.yaml:2: audiences[0]: needs either id or name",
          "[{name: Prospects, namespace: ups}] | d.yaml:2: audiences[0]: namespace goes with id, not with name",
          "[{name: Nobody}]    | d.yaml:2: audiences[0].name: audiences.yaml has no audience named \"Nobody\"; it has Prospects, Lapsed",
          "[{name: Lapsed}]    | d.yaml:2: audiences[0].name: several audiences are named \"Lapsed\"; use one of the ids 2, AAM/3",
          "[{id: 1}, {id: '1'}, {name: Prospects}] | d.yaml:2: audiences[0].id: must be a string, is a number",
          "[{id: '1'}, {name: Prospects}] | d.yaml:2: audiences[1]: 1 stands in line 2 already"
        })
    void a_mistake_in_the_audiences(String audiences, String problem) {
      assertThat(problems("stream: {name: s, region: r}\naudiences: " + audiences))
          .containsExactly(problem);
    }

    @Test
    void all_mistakes_are_told_in_the_order_of_their_lines() {
      assertThat(
              problems(
                  """
                  stream:
                    name: "two words"
                    regon: eu-west-1
                  audiences:
                    - id: a
                    - id: 7
                  consent:
                    missing: maybe
                  """))
          .containsExactly(
              "d.yaml:1: stream.region: is missing",
              "d.yaml:2: stream.name: \"two words\" is not allowed; must be 1 to 128 letters, digits, dots, underscores or hyphens",
              "d.yaml:3: stream.regon: unknown key; allowed: name, region, endpoint",
              "d.yaml:6: audiences[1].id: must be a string, is a number",
              "d.yaml:8: consent.missing: \"maybe\" is not allowed; allowed: allow, deny");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "localhost:4566",
          "http://",
          "ftp://x",
          "http://a b",
          "http://x/path",
          "http://_x"
        })
    void an_endpoint_is_a_scheme_and_a_host(String endpoint) {
      assertThat(
              problems(
                  "stream: {name: s, region: r, endpoint: '" + endpoint + "'}\naudiences: all"))
          .containsExactly(
              "d.yaml:1: stream.endpoint: \"%s\" is not allowed; must be http:// or https:// with a host and, where needed, a port"
                  .formatted(endpoint));
    }

    @Test
    void the_value_of_a_secret_does_not_show() {
      assertThat(
              problems(
                  SMALLEST
                      + "credentials: {type: static, accessKeyId: a, secretAccessKey: [s3cr3t], sessionToken: ''}"))
          .containsExactly(
              "d.yaml:3: credentials.secretAccessKey: must be a string, is a list",
              "d.yaml:3: credentials.sessionToken: must not be empty");
    }

    @Test
    void the_value_of_a_placeholder_does_not_show() {
      assertThat(problems(SMALLEST + "credentials: {type: \"{{secret}}\"}"))
          .containsExactly(
              "d.yaml:3: credentials.type: the value of {{secret}} is not allowed; allowed: default, static, profile, role");
    }

    @Test
    void a_file_name_that_is_no_name_is_told() {
      assertThat(
              Destination.read(
                      "destinations/my stream.yaml", SMALLEST, DestinationTest::resolve, CATALOGUE)
                  .problems())
          .extracting(Problem::toString)
          .singleElement()
          .asString()
          .startsWith("destinations/my stream.yaml:1: the file's name is the destination's name");
    }
  }
}
