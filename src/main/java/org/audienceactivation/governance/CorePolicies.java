package org.audienceactivation.governance;

import static org.audienceactivation.governance.CoreMarketingAction.ANALYTICS;
import static org.audienceactivation.governance.CoreMarketingAction.COMBINE_DATA;
import static org.audienceactivation.governance.CoreMarketingAction.CROSS_SITE_TARGETING;
import static org.audienceactivation.governance.CoreMarketingAction.DATA_SCIENCE;
import static org.audienceactivation.governance.CoreMarketingAction.EMAIL_TARGETING;
import static org.audienceactivation.governance.CoreMarketingAction.EXPORT_TO_THIRD_PARTY;
import static org.audienceactivation.governance.CoreMarketingAction.ONSITE_ADVERTISING;
import static org.audienceactivation.governance.CoreMarketingAction.ONSITE_PERSONALIZATION;
import static org.audienceactivation.governance.CoreMarketingAction.SEGMENT_MATCH;
import static org.audienceactivation.governance.CoreMarketingAction.SINGLE_IDENTITY_PERSONALIZATION;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The policies that are shipped: what the meaning of each core label forbids among the core
 * marketing actions. All are off until configuration names their ids, which are stable. There is
 * none for C12, which needs no policy.
 */
final class CorePolicies {

  static final List<Policy> ALL =
      List.of(
          policy(
              "core-c1-aggregates-only",
              "C1: what may leave only aggregated goes to nobody else person by person",
              label(CoreLabel.C1),
              EXPORT_TO_THIRD_PARTY,
              CROSS_SITE_TARGETING,
              SEGMENT_MATCH),
          policy(
              "core-c2-no-third-party",
              "C2: not to third parties",
              label(CoreLabel.C2),
              EXPORT_TO_THIRD_PARTY),
          policy(
              "core-c3-not-combined",
              "C3: not combined with data that directly identifies",
              label(CoreLabel.C3),
              COMBINE_DATA),
          policy(
              "core-c3-not-beside-i1",
              "C3: not beside data that directly identifies, whatever the use",
              new Deny.AllOf(List.of(label(CoreLabel.C3), label(CoreLabel.I1))),
              CoreMarketingAction.values()),
          policy(
              "core-c4-no-targeting",
              "C4: no targeting of advertisements or content",
              label(CoreLabel.C4),
              CROSS_SITE_TARGETING,
              EMAIL_TARGETING,
              ONSITE_ADVERTISING,
              ONSITE_PERSONALIZATION,
              SINGLE_IDENTITY_PERSONALIZATION),
          policy(
              "core-c5-no-cross-site-targeting",
              "C5: no targeting across sites",
              label(CoreLabel.C5),
              CROSS_SITE_TARGETING),
          policy(
              "core-c6-no-onsite-advertising",
              "C6: no advertisements targeted on one's own sites",
              label(CoreLabel.C6),
              ONSITE_ADVERTISING),
          policy(
              "core-c7-no-onsite-personalization",
              "C7: no content targeted on one's own sites",
              label(CoreLabel.C7),
              ONSITE_PERSONALIZATION),
          policy(
              "core-c8-no-analytics",
              "C8: no measurement of sites and apps",
              label(CoreLabel.C8),
              ANALYTICS),
          policy(
              "core-c9-no-data-science", "C9: no data science", label(CoreLabel.C9), DATA_SCIENCE),
          policy(
              "core-c10-no-stitched-identity",
              "C10: no personalization of a single identity with stitched data",
              label(CoreLabel.C10),
              SINGLE_IDENTITY_PERSONALIZATION),
          policy(
              "core-c11-no-segment-match",
              "C11: no matching of segments with partners",
              label(CoreLabel.C11),
              SEGMENT_MATCH));

  private CorePolicies() {}

  private static Deny label(CoreLabel label) {
    return new Deny.Label(label.label());
  }

  private static Policy policy(String id, String name, Deny deny, CoreMarketingAction... actions) {
    Set<String> names =
        Arrays.stream(actions)
            .map(CoreMarketingAction::action)
            .collect(Collectors.toUnmodifiableSet());
    return new Policy(
        id, name, Policy.versionOf(names, deny), PolicyStatus.ENABLED, names, deny, Place.BUILT_IN);
  }
}
