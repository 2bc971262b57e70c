package org.audienceactivation.profile;

import java.util.Optional;

/**
 * That a profile is, or was, in an audience. Status and date are passed through as they came in,
 * never checked by shape: several spellings of dates and statuses are in use.
 *
 * @param status as given; absent means realized, see {@link #statusOrDefault()}
 */
public record Membership(
    AudienceRef audience, Optional<String> status, Optional<String> lastQualificationTime) {

  /** The status that the XDM schema gives to a membership without one. */
  public static final String DEFAULT_STATUS = "realized";

  public String statusOrDefault() {
    return status.orElse(DEFAULT_STATUS);
  }
}
