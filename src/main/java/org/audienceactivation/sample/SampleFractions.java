package org.audienceactivation.sample;

/**
 * How much of an export is made to fail or to be left out, each between 0 and 1.
 *
 * <p>They are drawn independently of each other, so that a profile may deserve several outcomes at
 * once; which one counts is said at {@link SampleExports}.
 *
 * @param unreadable lines that are not valid UTF-8, not JSON, or have a wrong type
 * @param withoutIdentity profiles without a single identity
 * @param unmapped profiles in no audience of {@link SampleAudience#MAPPED}
 * @param refused profiles whose {@code consents.share} says no
 * @param emptyLines empty lines, counted per profile and on top of the profiles
 */
public record SampleFractions(
    double unreadable, double withoutIdentity, double unmapped, double refused, double emptyLines) {

  /** What the shipped samples are made with. */
  public static final SampleFractions DEFAULT =
      new SampleFractions(0.005, 0.003, 0.15, 0.04, 0.003);

  /** Every line is a usable profile that is delivered. */
  public static final SampleFractions ALL_DELIVERED = new SampleFractions(0, 0, 0, 0, 0);

  /**
   * @throws IllegalArgumentException if one of them is not between 0 and 1
   */
  public SampleFractions {
    check("unreadable", unreadable);
    check("withoutIdentity", withoutIdentity);
    check("unmapped", unmapped);
    check("refused", refused);
    check("emptyLines", emptyLines);
  }

  private static void check(String name, double fraction) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException(name + ": must be between 0 and 1, is " + fraction);
    }
  }
}
