package org.audienceactivation.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Profiles;
import org.audienceactivation.profile.Projection;
import org.audienceactivation.profile.XdmPath;

/** What holds of consents whatever the rules and the profile. */
class ConsentPropertiesTest {

  private static final List<String> CHOICES =
      List.of("y", "n", "p", "u", "dy", "dn", "LI", "CT", "CP", "VI", "PI", "?");

  @Provide
  Arbitrary<ConsentRules> rules() {
    Arbitrary<List<Consent>> require = Arbitraries.of(Consent.class).list().ofMaxSize(3);
    Arbitrary<List<String>> results = Arbitraries.of("p1", "p2").list().ofMaxSize(2);
    return net.jqwik.api.Combinators.combine(
            require,
            results,
            Arbitraries.of("email", "sms").optional(),
            Arbitraries.of(MissingConsent.class))
        .as((r, p, channel, missing) -> new ConsentRules(r, List.of(), channel, p, missing));
  }

  @Provide
  Arbitrary<String> profiles() {
    return net.jqwik.api.Combinators.combine(
            consents(),
            consents(),
            Arbitraries.of("realized", "exited", "?"),
            Arbitraries.of("email", "sms", "none", "?"))
        .as(
            (whole, ofOne, status, preferred) ->
                """
                {"identityMap":{"Email":[{"id":"a@x"},{"id":"b@x"}],"ecid":[{"id":"1"}]},\
                "consentPoliciesResultMap":{"p1":{"status":"%s"}},\
                "consents":{%s,"idSpecific":{"email":{"a@x":{%s}}}}}"""
                    .formatted(
                        status,
                        whole.replace("\"any\"", "\"preferred\":\"" + preferred + "\",\"any\""),
                        ofOne));
  }

  private static Arbitrary<String> choices() {
    return Arbitraries.of(CHOICES);
  }

  private static Arbitrary<String> consents() {
    return choices()
        .list()
        .ofSize(4)
        .map(
            values ->
                """
                "share":{"val":"%s"},"collect":{"val":"%s"},\
                "marketing":{"email":{"val":"%s"},"any":{"val":"%s"}}"""
                    .formatted(values.toArray()));
  }

  private static Profile profile(String json, Governance governance) {
    return Profiles.profile(json, governance.needs());
  }

  @Property(tries = 300)
  void deciding_and_explaining_agree(
      @ForAll("rules") ConsentRules rules, @ForAll("profiles") String json) {
    Governance governance = new Governance(rules);
    Profile profile = profile(json, governance);

    Set<Explanation.Result> explained =
        governance.explain(profile).stream().map(Explanation::result).collect(Collectors.toSet());

    if (governance.decide(profile) instanceof Decision.Allowed allowed) {
      assertThat(explained).doesNotContain(Explanation.Result.WITHHOLDS);
      assertThat(explained.contains(Explanation.Result.WITHHOLDS_A_PART))
          .isEqualTo(!allowed.profile().withheldIdentities().isEmpty());
    } else {
      assertThat(explained).contains(Explanation.Result.WITHHOLDS);
    }
  }

  @Property(tries = 300)
  void one_more_rule_never_lets_more_through(
      @ForAll("rules") ConsentRules rules, @ForAll Consent more, @ForAll("profiles") String json) {
    Governance fewer = new Governance(rules);
    List<Consent> required = new java.util.ArrayList<>(rules.require());
    required.add(more);
    Governance stricter =
        new Governance(
            new ConsentRules(
                required,
                rules.subscriptions(),
                rules.preferredChannel(),
                rules.results(),
                rules.missing()));

    if (stricter.decide(profile(json, stricter)) instanceof Decision.Allowed allowed) {
      Decision without = fewer.decide(profile(json, fewer));
      assertThat(without).isInstanceOf(Decision.Allowed.class);
      assertThat(allowed.profile().withheldIdentities())
          .hasSizeGreaterThanOrEqualTo(
              ((Decision.Allowed) without).profile().withheldIdentities().size());
    }
  }

  @Property(tries = 300)
  void what_is_withheld_is_not_sent_and_all_else_is(
      @ForAll("rules") ConsentRules rules, @ForAll("profiles") String json) {
    Governance governance = new Governance(rules);
    Profile profile = profile(json, governance);

    if (governance.decide(profile) instanceof Decision.Allowed allowed) {
      List<String> sent =
          allowed.profile().profile().identities().of("Email").stream()
              .map(org.audienceactivation.profile.Identity::id)
              .toList();
      boolean refused = !allowed.profile().withheldIdentities().isEmpty();
      assertThat(sent).isEqualTo(refused ? List.of("b@x") : List.of("a@x", "b@x"));
      assertThat(allowed.profile().profile().identities().of("ecid")).hasSize(1);
    }
  }

  /** Consents in all shapes that JSON has, keys that stand twice among them. */
  @Provide
  Arbitrary<String> shapes() {
    Arbitrary<String> ends =
        Arbitraries.of("\"y\"", "\"n\"", "null", "[]", "{}", "{\"val\":\"n\"}");
    return object(object(object(ends)))
        .map(
            consents ->
                "{\"identityMap\":{\"Email\":[{\"id\":\"a@x\"}]},\"consents\":%s}"
                    .formatted(consents));
  }

  private static Arbitrary<String> object(Arbitrary<String> values) {
    Arbitrary<String> keys =
        Arbitraries.of("share", "marketing", "email", "any", "val", "idSpecific", "preferred");
    return net.jqwik.api.Combinators.combine(keys, Arbitraries.oneOf(values, simple()))
        .as((key, value) -> "\"" + key + "\":" + value)
        .list()
        .ofMaxSize(4)
        .map(members -> "{" + String.join(",", members) + "}");
  }

  private static Arbitrary<String> simple() {
    return Arbitraries.of("\"y\"", "\"n\"", "1", "[\"y\"]");
  }

  @Property(tries = 2_000)
  void what_one_destination_asks_and_maps_changes_nothing_for_another(
      @ForAll("rules") ConsentRules rules,
      @ForAll("rules") ConsentRules others,
      @ForAll("shapes") String json) {
    Governance governance = new Governance(rules);
    Projection ofBoth =
        governance
            .needs()
            .union(new Governance(others).needs())
            .union(Projection.ofPaths(Set.of(XdmPath.of("consents.marketing"))));

    Decision alone = governance.decide(Profiles.profile(json, governance.needs()));
    Decision together = governance.decide(Profiles.profile(json, ofBoth));

    assertThat(reason(together)).isEqualTo(reason(alone));
  }

  private static String reason(Decision decision) {
    return decision instanceof Decision.Denied denied ? denied.why().reason().label() : "sent";
  }
}
