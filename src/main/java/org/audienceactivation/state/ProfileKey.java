package org.audienceactivation.state;

/**
 * Which profile: 128 bits of a digest of what names it, so that a store holds no name. Ordered as
 * an unsigned number.
 */
public record ProfileKey(long high, long low) implements Comparable<ProfileKey> {

  @Override
  public int compareTo(ProfileKey other) {
    int byHigh = Long.compareUnsigned(high, other.high);
    return byHigh == 0 ? Long.compareUnsigned(low, other.low) : byHigh;
  }

  /** 32 hexadecimal digits. */
  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
