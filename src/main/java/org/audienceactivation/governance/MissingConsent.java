package org.audienceactivation.governance;

/** What a required consent that the profile does not decide (absent, pending, unknown) means. */
public enum MissingConsent {
  ALLOW,
  DENY
}
