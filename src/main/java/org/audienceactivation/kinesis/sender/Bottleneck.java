package org.audienceactivation.kinesis.sender;

/** What alone holds a stream back, though the rest of it has room: somebody should act on it. */
public sealed interface Bottleneck permits HotShard, LongLine {

  /**
   * What it is and what mends it, to be read after "is held back by". Holds no personal data: of a
   * key only the beginning of its hash.
   */
  String description();
}
