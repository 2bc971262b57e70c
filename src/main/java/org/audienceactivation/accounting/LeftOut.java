package org.audienceactivation.accounting;

/**
 * What was left out of an event, or would have been, as it is counted. It comes from configuration,
 * never from a profile, so there are boundedly many.
 *
 * @param key in reports
 * @param reason its code
 * @param policy the id of the policy that wants it so
 * @param part in words
 */
public record LeftOut(String key, String reason, String policy, String part) {

  /** The part of those who are left out, or would be, as a whole. */
  public static final String PROFILE = "profile";

  /** The part of an identity that refused for itself. */
  public static final String IDENTITY = "identity";
}
