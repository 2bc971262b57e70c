package org.audienceactivation.profile;

import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;

/**
 * Why an input record is not a usable profile.
 *
 * @param reason an outcome-bearing reason of the kind {@code rejected}
 * @param detail where and what, for the person who repairs the export, such as {@code column 35:
 *     unexpected character}; made of positions, key names of the XDM schema and type names, never
 *     of a profile's values
 */
public record Rejection(Reason reason, String detail) implements Reading {

  static Rejection of(ReasonCode code, String detail) {
    return new Rejection(Reason.of(code), detail);
  }

  /** A value at a known place has a JSON type that cannot be used there. */
  public static Rejection wrongType(String path, String expected, String actual) {
    return of(ReasonCode.WRONG_TYPE, path + ": must be " + expected + ", is " + actual);
  }

  /** The profile names nobody, so there is nothing to send and no partition key. */
  public static Rejection noIdentity() {
    return of(ReasonCode.NO_IDENTITY, "the profile has no identity in identityMap or identities");
  }
}
