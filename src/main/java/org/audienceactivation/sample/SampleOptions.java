package org.audienceactivation.sample;

import static java.util.Objects.requireNonNull;

/**
 * What to write. The same options always give the same bytes.
 *
 * @param profiles how many records, readable or not; empty lines come on top
 * @param seed chooses the export; any number
 */
public record SampleOptions(
    long profiles, long seed, LineEnd lineEnd, Start start, SampleFractions fractions) {

  /** How lines end. */
  public enum LineEnd {
    LF,
    CRLF,
    /** LF, and CRLF on one line in fifty. */
    MIXED
  }

  /** What stands before the first line. */
  public enum Start {
    PLAIN,
    /** A UTF-8 byte-order mark, as some Windows programs write it. */
    BYTE_ORDER_MARK
  }

  /**
   * @throws IllegalArgumentException if {@code profiles} is negative
   */
  public SampleOptions {
    if (profiles < 0) {
      throw new IllegalArgumentException("profiles: must not be negative, is " + profiles);
    }
    requireNonNull(lineEnd, "lineEnd");
    requireNonNull(start, "start");
    requireNonNull(fractions, "fractions");
  }

  /** Mixed line ends, no byte-order mark, the default fractions. */
  public static SampleOptions of(long profiles, long seed) {
    return new SampleOptions(profiles, seed, LineEnd.MIXED, Start.PLAIN, SampleFractions.DEFAULT);
  }

  public SampleOptions withLineEnd(LineEnd other) {
    return new SampleOptions(profiles, seed, other, start, fractions);
  }

  public SampleOptions withStart(Start other) {
    return new SampleOptions(profiles, seed, lineEnd, other, fractions);
  }

  public SampleOptions withFractions(SampleFractions other) {
    return new SampleOptions(profiles, seed, lineEnd, start, other);
  }
}
