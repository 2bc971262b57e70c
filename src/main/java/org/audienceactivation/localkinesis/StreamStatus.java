package org.audienceactivation.localkinesis;

/**
 * Where a stream stands in its life, by the service's words. A stream that is {@link #ACTIVE} or
 * {@link #UPDATING} takes and gives records; one that is {@link #CREATING} or {@link #DELETING} is
 * not found by those who want to.
 */
public enum StreamStatus {
  CREATING,
  ACTIVE,
  UPDATING,
  DELETING;

  boolean takesRecords() {
    return this == ACTIVE || this == UPDATING;
  }
}
