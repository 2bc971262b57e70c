package org.audienceactivation.kinesis.sender;

/**
 * What a sender keeps in order. PutRecords itself keeps nothing in order: a record that fails is
 * overtaken by its neighbours (API reference of PutRecords).
 */
public enum DeliveryOrder {
  /**
   * The records of one partition key reach the stream in the order in which they were given, across
   * calls and retries: at most one record of a key is under way. Other keys do not wait for it.
   */
  PER_KEY,

  /**
   * As {@link #PER_KEY}, and a record that waits when a newer one of its key is given is not sent:
   * the newer one takes its place, and the older is {@link DeliveryResult.Superseded}. So is one
   * that a call carries meanwhile, if that fails and it would be sent again later. Only a record in
   * a call whose argument was refused is sent once more, to find out which was meant.
   */
  LATEST_WINS,

  /** Nothing: a record that fails is overtaken by later ones. */
  NONE
}
