package org.audienceactivation.kinesis.sender;

/** What is done about a failure. */
enum Treatment {
  /** It passes by itself: send again later. */
  RETRY,
  /** It passes when somebody does something: send again later, and say so loudly at once. */
  RETRY_AND_CALL_FOR_HELP,
  /** Something in the call is refused: send it again in halves until the guilty record is alone. */
  BISECT,
  /** It stays: the record is refused. */
  REFUSE,
  /** Nobody foresaw it: send again a few times, then give the records back. */
  SURPRISE
}
