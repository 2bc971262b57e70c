package org.audienceactivation.kinesis;

import java.util.List;
import java.util.stream.Collectors;
import org.audienceactivation.kinesis.sender.DeliveryResult.Refused;
import org.audienceactivation.kinesis.sender.DeliveryResult.Returned;

/**
 * Not all records of a plain body were delivered. Says which, by their place in the body, and why;
 * shows neither keys nor data. A redelivery of the same exchange sends those that can still
 * succeed, and only those.
 */
public class KinesisDeliveryException extends Exception {

  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 10;

  /**
   * One record that was not delivered.
   *
   * @param index its place in the body, from 0
   * @param code AWS's error code or our word in its style; {@code Returned} where the sender let go
   *     of the record without an answer
   * @param message safe to show
   * @param attempts the number of calls that contained it
   * @param mayBeSentAgain false if Kinesis refuses this record for good
   */
  public record Undelivered(
      int index, String code, String message, int attempts, boolean mayBeSentAgain)
      implements java.io.Serializable {

    static Undelivered of(int index, Refused refused, boolean mayBeSentAgain) {
      return new Undelivered(
          index, refused.errorCode(), refused.message(), refused.attempts(), mayBeSentAgain);
    }

    static Undelivered of(int index, Returned returned) {
      return new Undelivered(index, "Returned", returned.why(), returned.attempts(), true);
    }
  }

  private final List<Undelivered> undelivered;

  KinesisDeliveryException(String stream, int records, List<Undelivered> undelivered) {
    super(text(stream, records, undelivered));
    this.undelivered = List.copyOf(undelivered);
  }

  /** Those that were not delivered, in the order of the body. */
  public List<Undelivered> undelivered() {
    return undelivered;
  }

  /**
   * Whether a redelivery can help: at least one record is not refused for good. In a predicate of
   * {@code onWhen} or {@code retryWhile} it keeps Camel from redelivering in vain.
   */
  public boolean canBeRetried() {
    return undelivered.stream().anyMatch(Undelivered::mayBeSentAgain);
  }

  private static String text(String stream, int records, List<Undelivered> undelivered) {
    String shown =
        undelivered.stream()
            .limit(SHOWN)
            .map(one -> "#%d %s (%s)".formatted(one.index, one.code, one.message))
            .collect(Collectors.joining("; "));
    int more = undelivered.size() - SHOWN;
    return "%d of %d records were not delivered to Kinesis stream %s: %s%s"
        .formatted(
            undelivered.size(), records, stream, shown, more > 0 ? "; and " + more + " more" : "");
  }
}
