package org.audienceactivation.governance;

import java.util.Arrays;
import java.util.List;

/** The uses of data that need no definition. */
public enum CoreMarketingAction {
  ANALYTICS("analytics", "Analytics"),
  COMBINE_DATA("combineData", "Combine with directly identifiable data"),
  CROSS_SITE_TARGETING("crossSiteTargeting", "Cross Site Targeting"),
  DATA_SCIENCE("dataScience", "Data Science"),
  EMAIL_TARGETING("emailTargeting", "Email Targeting"),
  EXPORT_TO_THIRD_PARTY("exportToThirdParty", "Export to Third Party"),
  ONSITE_ADVERTISING("onsiteAdvertising", "Onsite Advertising"),
  ONSITE_PERSONALIZATION("onsitePersonalization", "Onsite Personalization"),
  SEGMENT_MATCH("segmentMatch", "Segment Match"),
  SINGLE_IDENTITY_PERSONALIZATION(
      "singleIdentityPersonalization", "Single Identity Personalization");

  private final String action;
  private final String title;

  CoreMarketingAction(String action, String title) {
    this.action = action;
    this.title = title;
  }

  /** As configuration spells it. */
  public String action() {
    return action;
  }

  /** As people call it. */
  public String title() {
    return title;
  }

  static List<String> actions() {
    return Arrays.stream(values()).map(CoreMarketingAction::action).toList();
  }
}
