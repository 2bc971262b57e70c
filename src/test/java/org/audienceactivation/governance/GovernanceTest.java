package org.audienceactivation.governance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.audienceactivation.profile.Profiles.profile;

import java.util.List;
import org.audienceactivation.profile.Profile;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GovernanceTest {

  private static String decide(ConsentRules rules, String consents) {
    Governance governance = new Governance(rules);
    Profile profile = profile("{\"consents\":" + consents + "}", governance.needs());
    Decision decision = governance.decide(profile);
    if (decision instanceof Decision.Denied denied) {
      return denied.reason().label();
    }
    assertThat(((Decision.Allowed) decision).profile().profile()).isSameAs(profile);
    return "allowed";
  }

  private static ConsentRules requiring(MissingConsent missing, Consent... consents) {
    return new ConsentRules(List.of(consents), missing);
  }

  @Nested
  class Values {

    @ParameterizedTest
    @ValueSource(strings = {"y", "dy", "LI", "CT", "CP", "VI", "PI"})
    void these_allow(String value) {
      assertThat(decide(ConsentRules.DEFAULT, "{\"share\":{\"val\":\"" + value + "\"}}"))
          .isEqualTo("allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"n", "dn"})
    void these_refuse(String value) {
      assertThat(decide(ConsentRules.DEFAULT, "{\"share\":{\"val\":\"" + value + "\"}}"))
          .isEqualTo("consent-refused:consents.share");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "null",
          "{}",
          "{\"share\":null}",
          "{\"share\":{}}",
          "{\"share\":{\"val\":null}}",
          "{\"share\":{\"val\":\"p\"}}",
          "{\"share\":{\"val\":\"u\"}}"
        })
    void these_are_missing_and_the_destination_decides(String consents) {
      assertThat(decide(requiring(MissingConsent.ALLOW, Consent.SHARE), consents))
          .isEqualTo("allowed");
      assertThat(decide(requiring(MissingConsent.DENY, Consent.SHARE), consents))
          .isEqualTo("consent-missing:consents.share");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Y\"", "\"no\"", "\"\"", "true", "0", "{}", "[]"})
    void anything_else_fails_closed(String value) {
      assertThat(decide(ConsentRules.DEFAULT, "{\"share\":{\"val\":" + value + "}}"))
          .isEqualTo("consent-unreadable:consents.share");
    }
  }

  @Nested
  class Marketing_channels {

    @ParameterizedTest
    @CsvSource({
      "y, n, allowed",
      "n, y, consent-refused:consents.marketing.email",
      "u, n, consent-refused:consents.marketing.any",
      "u, y, allowed",
      "p, y, consent-missing:consents.marketing.email",
      "p, n, consent-refused:consents.marketing.any",
      "u, p, consent-missing:consents.marketing.email",
      "u, ?, consent-unreadable:consents.marketing.any"
    })
    void a_channel_that_says_nothing_falls_back_to_any(String email, String any, String expected) {
      String consents =
          "{\"marketing\":{\"email\":{\"val\":\"%s\"},\"any\":{\"val\":\"%s\"}}}"
              .formatted(email, any);

      assertThat(decide(requiring(MissingConsent.DENY, Consent.MARKETING_EMAIL), consents))
          .isEqualTo(expected);
    }
  }

  @Test
  void the_first_required_consent_that_does_not_allow_is_the_reason() {
    String consents =
        "{\"share\":{\"val\":\"y\"},\"collect\":{\"val\":\"n\"},\"adID\":{\"val\":\"n\"}}";

    assertThat(
            decide(
                requiring(MissingConsent.ALLOW, Consent.SHARE, Consent.AD_ID, Consent.COLLECT),
                consents))
        .isEqualTo("consent-refused:consents.adID");
  }

  @Test
  void nothing_required_lets_everybody_through() {
    assertThat(decide(requiring(MissingConsent.DENY), "{\"share\":{\"val\":\"n\"}}"))
        .isEqualTo("allowed");
  }

  @ParameterizedTest
  @EnumSource(Consent.class)
  void every_consent_is_found_by_its_name_and_read_at_its_place(Consent consent) {
    assertThat(Consent.named(consent.xdmName())).contains(consent);
    String consents = "{\"val\":\"n\"}";
    List<String> keys = List.of(consent.xdmName().split("\\."));
    for (int i = keys.size() - 1; i >= 0; i--) {
      consents = "{\"" + keys.get(i) + "\":" + consents + "}";
    }

    assertThat(decide(requiring(MissingConsent.ALLOW, consent), consents))
        .isEqualTo("consent-refused:consents." + consent.xdmName());
  }
}
