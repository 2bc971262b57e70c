package org.audienceactivation.route;

import org.audienceactivation.kinesis.sender.Turn;

/**
 * The place of a batch among those of its source, in both lines of a destination: where is decided
 * what has changed, and where events are given to the sender.
 */
record Place(Turn deciding, Turn sending) {

  /** Of a batch that stands in no line. */
  static final Place NONE = new Place(Turn.NONE, Turn.NONE);

  /** The first place of new lines. */
  static Place line() {
    return new Place(Turn.line(), Turn.line());
  }

  /** The place behind this one; to be asked for once. */
  Place next() {
    return new Place(deciding.next(), sending.next());
  }

  /** Lets those behind it move up. */
  void giveUp() {
    deciding.giveUp();
    sending.giveUp();
  }
}
