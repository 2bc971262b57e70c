package org.audienceactivation.governance;

import org.audienceactivation.profile.Sha256;

/**
 * Which text of which policy decided, so that a decision can be understood after the policy has
 * changed.
 *
 * @param id of a policy; or {@value #CONSENT_BLOCK}, or the label C12, which needs no policy
 * @param version changes whenever what the policy says does; empty for C12
 */
public record PolicyRef(String id, String version) {

  /** What stands under {@code consent} in the destination's file. */
  static final String CONSENT_BLOCK = "consent";

  private static final int VERSION_DIGITS = 8;

  static PolicyRef of(String id, String text) {
    return new PolicyRef(id, Sha256.hex(text).substring(0, VERSION_DIGITS));
  }

  @Override
  public String toString() {
    return version.isEmpty() ? id : id + "@" + version;
  }
}
