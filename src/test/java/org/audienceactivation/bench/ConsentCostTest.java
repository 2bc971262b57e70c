package org.audienceactivation.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.governance.Consent;
import org.audienceactivation.governance.ConsentPolicy;
import org.audienceactivation.governance.ConsentRules;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.Governance;
import org.audienceactivation.governance.MissingConsent;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.Profiles;
import org.junit.jupiter.api.Test;

/** Consent is asked once a record: it makes nothing but its answer. */
class ConsentCostTest {

  private static final int PROFILES = 20_000;

  /** The decision and, of a profile that may go, the governed profile in it: measured 40. */
  private static final long ANSWER_BYTES = 56;

  private static final Governance GOVERNANCE =
      new Governance(
          new ConsentRules(
              List.of(Consent.SHARE, Consent.MARKETING_EMAIL),
              List.of(),
              Optional.of("email"),
              List.of("p1"),
              MissingConsent.ALLOW),
          List.of(
              policy("{path: _acme.tier, notEquals: none}"),
              policy(
                  "{operator: OR, operands: [{path: _acme.a, exists: true},"
                      + " {path: consents.share.val, equals: y}]}")),
          Set.of(),
          Set.of());

  private static ConsentPolicy policy(String then) {
    return ConsentPolicy.read(
            "p.yaml", "status: ENABLED\nthen: " + then, text -> text, Optional.empty())
        .toOptional()
        .orElseThrow();
  }

  @Test
  void a_profile_that_may_go_costs_the_answer() {
    assertThat(bytesOf("y")).isBetween(1L, ANSWER_BYTES);
  }

  @Test
  void a_profile_that_may_not_go_costs_no_more() {
    assertThat(bytesOf("n")).isBetween(0L, ANSWER_BYTES);
  }

  /** Where each answer goes, so that the compiler cannot leave the answers out. */
  private static volatile Decision last;

  private static long bytesOf(String share) {
    Profile profile =
        Profiles.profile(
            """
            {"identityMap":{"ecid":[{"id":"1"}]},"_acme":{"tier":"gold"},\
            "consents":{"share":{"val":"%s"},"marketing":{"any":{"val":"y"},"preferred":"email"}}}"""
                .formatted(share),
            GOVERNANCE.needs());
    long least =
        Allocations.leastOverRounds(
            ANSWER_BYTES * PROFILES, () -> Allocations.ofThisThread(() -> decide(profile)));
    assertThat(last).isNotNull();
    return least / PROFILES;
  }

  private static void decide(Profile profile) {
    for (int i = 0; i < PROFILES; i++) {
      last = GOVERNANCE.decide(profile);
    }
  }
}
