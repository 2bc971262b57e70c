package org.audienceactivation.destination;

/**
 * What one profile is to one destination: one record for its stream. The same profile and mapping
 * give the same bytes, so that a digest of them tells whether anything changed.
 */
public final class ActivationEvent {

  private final String partitionKey;
  private final byte[] data;

  ActivationEvent(String partitionKey, byte[] data) {
    this.partitionKey = partitionKey;
    this.data = data;
  }

  /** 1 to 256 characters, the same for every event of a profile whose identities stay the same. */
  public String partitionKey() {
    return partitionKey;
  }

  /** One JSON object in UTF-8 without white space. Not copied; must not be changed. */
  public byte[] data() {
    return data;
  }
}
