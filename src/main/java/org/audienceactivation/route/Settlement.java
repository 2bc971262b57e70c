package org.audienceactivation.route;

import java.util.Optional;
import org.audienceactivation.accounting.Reason;

/** The final answer for one record and one destination. */
sealed interface Settlement {

  /** Kinesis has it. */
  enum Delivered implements Settlement {
    DELIVERED
  }

  /**
   * It was not delivered.
   *
   * @param detail for people, without personal data; may be empty
   * @param attempts the calls that contained the record
   * @param partitionKey of the event, if there was one
   */
  record NotDelivered(Reason reason, String detail, int attempts, Optional<String> partitionKey)
      implements Settlement {

    static NotDelivered of(Reason reason, String detail) {
      return new NotDelivered(reason, detail, 0, Optional.empty());
    }
  }
}
