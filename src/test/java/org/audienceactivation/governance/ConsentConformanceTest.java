package org.audienceactivation.governance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.audienceactivation.profile.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of what consents decide, {@code consent-rules.txt}, is so. */
class ConsentConformanceTest {

  static List<ConsentCase> cases() {
    return ConsentCase.all();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void decides_as_the_table_says(ConsentCase one) {
    Governance governance = one.governance();
    Profile profile = one.profile(governance);

    assertThat(ConsentCase.inWords(governance.decide(profile))).isEqualTo(one.decision());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void explains_what_it_decides(ConsentCase one) {
    Governance governance = one.governance();
    Profile profile = one.profile(governance);

    List<Explanation> explained = governance.explain(profile);

    Explanation.Result worst =
        one.decision().equals("sent")
            ? Explanation.Result.PASSES
            : one.decision().startsWith("sent")
                ? Explanation.Result.WITHHOLDS_A_PART
                : Explanation.Result.WITHHOLDS;
    assertThat(explained)
        .extracting(Explanation::result)
        .filteredOn(result -> result != Explanation.Result.DOES_NOT_APPLY)
        .filteredOn(result -> result != Explanation.Result.PASSES)
        .containsOnly(
            worst == Explanation.Result.PASSES
                ? new Explanation.Result[0]
                : new Explanation.Result[] {worst});
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void a_decision_names_the_rule_its_version_and_the_path(ConsentCase one) {
    Governance governance = one.governance();

    if (governance.decide(one.profile(governance)) instanceof Decision.Denied denied) {
      assertThat(denied.why().policy().id())
          .isEqualTo(one.rule().startsWith("rule") ? "consent" : "policy");
      assertThat(denied.why().policy().version()).matches("[0-9a-f]{8}");
      assertThat(denied.why().path()).isNotEmpty().doesNotContain("@");
    }
  }

  @Test
  void the_table_is_read() {
    assertThat(cases()).hasSizeGreaterThan(100);
  }
}
