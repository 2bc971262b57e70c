package org.audienceactivation.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.audienceactivation.profile.Profiles.profile;
import static org.audienceactivation.profile.Profiles.wanting;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnrichmentTest {

  private static Profile named(String identityMap) {
    return profile("{\"identityMap\":" + identityMap + "}", Projection.NOTHING);
  }

  private static Map<String, List<String>> ids(Profile profile) {
    IdentityMap identities = profile.identities();
    return identities.namespaces().stream()
        .collect(
            Collectors.toMap(
                namespace -> namespace,
                namespace -> identities.of(namespace).stream().map(Identity::id).toList()));
  }

  @Nested
  class Namespace_codes {

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "ECID | ecid",
          "Email | email",
          "Emails | email",
          "MCID | ecid",
          "Emails (SHA256, lowercased) | email_lc_sha256",
          "Email_LC_SHA256 | email_lc_sha256",
          "Phone | phone",
          "Phone (E.164) | phone_e.164",
          "Phone (SHA256) | phone_sha256",
          "Phone (SHA256_E.164) | phone_sha256_e.164",
          "Phone_SHA256_E.164 | phone_sha256_e.164",
          "Apple IDFA | idfa",
          "Google Ad ID (GAID) | gaid",
          "Windows AID | waid",
          "https://data.adobe.io/entities/namespace/4 | ecid",
          "https://data.adobe.io/entities/namespace/20914 | gaid",
          "https://data.adobe.io/entities/namespace/4711 | https://data.adobe.io/entities/namespace/4711",
          "LoyaltyId | loyaltyid"
        })
    void every_spelling_has_its_code(String spelling, String code) {
      assertThat(NamespaceCodes.codeOf(spelling)).isEqualTo(code);
    }

    @Test
    void namespaces_that_become_one_are_merged_without_repeating_ids() {
      Profile profile =
          named(
              "{\"ECID\":[{\"id\":\"1\"},{\"id\":\"2\"}],\"x\":[{\"id\":\"9\"}],\"ecid\":[{\"id\":\"2\"},{\"id\":\"3\"}]}");

      assertThat(ids(new NamespaceCodes().enrich(profile).profile()))
          .isEqualTo(Map.of("ecid", List.of("1", "2", "3"), "x", List.of("9")));
    }
  }

  @Nested
  class Email_hashes {

    private final EmailHash fromIdentities = new EmailHash(Set.of());

    @Test
    void an_address_is_trimmed_and_lower_cased_before_it_is_hashed() {
      Profile enriched =
          fromIdentities.enrich(named("{\"Email\":[{\"id\":\" Ada@Example.NET \"}]}")).profile();

      assertThat(ids(enriched).get("email_lc_sha256"))
          .containsExactly(Sha256.hex("ada@example.net"))
          .allMatch(hash -> hash.matches("[0-9a-f]{64}"));
    }

    @Test
    void the_hash_is_sha_256() {
      assertThat(Sha256.hex("abc"))
          .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void addresses_come_from_attributes_too() {
      XdmPath path = XdmPath.of("personalEmail.address");
      EmailHash enrichment = new EmailHash(Set.of(path));
      Profile profile =
          profile(
              "{\"personalEmail\":{\"address\":\"ada@example.net\"},\"identityMap\":{\"email\":[{\"id\":\"ADA@example.net\"}]}}",
              enrichment.needs());

      assertThat(ids(enrichment.enrich(profile).profile()).get("email_lc_sha256"))
          .containsExactly(Sha256.hex("ada@example.net"));
    }

    @Test
    void a_hash_that_is_there_is_not_repeated_however_its_namespace_is_spelled() {
      String hash = Sha256.hex("ada@example.net");
      Profile profile =
          named(
              "{\"Email_LC_SHA256\":[{\"id\":\""
                  + hash
                  + "\"}],\"email\":[{\"id\":\"ada@example.net\"}]}");

      assertThat(fromIdentities.enrich(profile).profile()).isEqualTo(profile);
    }

    @Test
    void no_address_adds_nothing() {
      Profile profile = named("{\"email\":[{\"id\":\"  \"}],\"ecid\":[{\"id\":\"1\"}]}");

      assertThat(fromIdentities.enrich(profile).profile()).isEqualTo(profile);
    }
  }

  @Nested
  class Phone_hashes {

    @ParameterizedTest
    @CsvSource({"06 12 34 56 78", "+33 6 12 34 56 78", "0033612345678", "+33612345678"})
    void a_number_is_hashed_in_its_e164_form(String number) {
      PhoneHash enrichment = PhoneHash.ofNumbersIn("FR", Set.of());
      Profile profile = named("{\"Phone\":[{\"id\":\"" + number + "\"}]}");

      Enrichment.Enriched enriched = enrichment.enrich(profile);

      assertThat(ids(enriched.profile()).get("phone_sha256_e.164"))
          .containsExactly(Sha256.hex("+33612345678"));
      assertThat(enriched.unusable()).isZero();
    }

    @Test
    void what_is_no_number_adds_nothing_and_is_counted() {
      PhoneHash enrichment =
          PhoneHash.ofInternationalNumbers(Set.of(XdmPath.of("mobilePhone.number")));
      Profile profile =
          profile(
              "{\"mobilePhone\":{\"number\":\"call me\"},\"identityMap\":{\"phone\":[{\"id\":\"0612345678\"}]}}",
              enrichment.needs());

      Enrichment.Enriched enriched = enrichment.enrich(profile);

      assertThat(enriched.profile()).isEqualTo(profile);
      assertThat(enriched.unusable()).isEqualTo(2);
    }

    @Test
    void an_unknown_region_is_refused() {
      assertThatThrownBy(() -> PhoneHash.ofNumbersIn("France", Set.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("France: no region");
    }
  }

  @Property(tries = 200)
  void enriching_twice_is_enriching_once(@ForAll("identityMaps") IdentityMap identities) {
    Enrichment all =
        Enrichment.allOf(
            List.of(
                new NamespaceCodes(),
                new EmailHash(Set.of()),
                PhoneHash.ofNumbersIn("US", Set.of())));
    Profile profile = new Profile(JsonValue.Obj.EMPTY, List.of(), identities);

    Profile once = all.enrich(profile).profile();

    assertThat(all.enrich(once).profile()).isEqualTo(once);
    for (String namespace : once.identities().namespaces()) {
      assertThat(once.identities().of(namespace)).extracting(Identity::id).doesNotHaveDuplicates();
    }
  }

  @Provide
  Arbitrary<IdentityMap> identityMaps() {
    Arbitrary<String> namespaces =
        Arbitraries.of(
            "Email",
            "email",
            "EMAIL",
            "Email_LC_SHA256",
            "email_lc_sha256",
            "Phone",
            "phone",
            "Phone (SHA256_E.164)",
            "ECID",
            "crm");
    Arbitrary<String> ids =
        Arbitraries.of("Ada@example.net", "ada@example.net ", "+12015550123", "2015550123", "x");
    return Combinators.combine(namespaces, ids)
        .as(Map::entry)
        .list()
        .ofMaxSize(8)
        .map(
            entries -> {
              IdentityMap.Builder builder = new IdentityMap.Builder();
              entries.forEach(e -> builder.add(e.getKey(), Identity.of(e.getValue())));
              return builder.build();
            });
  }

  @Test
  void a_chain_needs_what_its_steps_need() {
    Enrichment chain =
        Enrichment.allOf(
            List.of(
                new EmailHash(Set.of(XdmPath.of("a.b"))),
                PhoneHash.ofInternationalNumbers(Set.of(XdmPath.of("c")))));

    assertThat(chain.needs()).isEqualTo(wanting(AudienceScope.none(), "a.b", "c"));
  }
}
