package org.audienceactivation.localkinesis;

/** What became of one record of a put. */
sealed interface PutResult {

  record Stored(Shard shard, long place) implements PutResult {}

  /** Not stored, with the service's code for it; the caller may send the record again. */
  record Failed(String code, String message) implements PutResult {}
}
