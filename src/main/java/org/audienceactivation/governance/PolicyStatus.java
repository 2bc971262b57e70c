package org.audienceactivation.governance;

/** How far a policy is; only an enabled one forbids anything. */
public enum PolicyStatus {
  DRAFT,
  ENABLED,
  DISABLED
}
