package org.audienceactivation.route;

import java.util.function.Consumer;
import org.audienceactivation.profile.RecordReader;

/**
 * One message. A stop lets it end, as it is short and giving it back would use up one of the
 * attempts that its broker allows; once a batch of it was returned it comes again as a whole, so
 * the rest stays unread.
 */
final class MessageDelivery extends SourceDelivery {
  private final String name;
  private final Consumer<MessageDelivery> whenEnded;

  MessageDelivery(
      String id,
      RecordReader reader,
      PlansInForce plans,
      StopSignal stop,
      Consumer<MessageDelivery> whenEnded) {
    super(id, reader, plans, stop);
    this.name = id;
    this.whenEnded = whenEnded;
  }

  @Override
  boolean endsEarly() {
    return hasReturned();
  }

  @Override
  String name() {
    return name;
  }

  @Override
  String fate() {
    return "the message stays with its source and will come again";
  }

  @Override
  void ended() {
    whenEnded.accept(this);
  }
}
