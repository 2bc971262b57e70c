package org.audienceactivation.destination;

import java.util.List;
import java.util.Set;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.profile.Membership;

/** Whether a record is to become an event, beside what was delivered before. */
public sealed interface Change {

  /**
   * It is.
   *
   * @param causes at least one, all of them switched on
   * @param memberships what the event shows, exits that no source shows included
   * @param after what is known to be delivered once Kinesis has accepted the event
   */
  record Export(Set<Trigger> causes, List<Membership> memberships, LastDelivered after)
      implements Change {}

  /** It is not; the reason has the outcome {@code unchanged} or {@code excluded}. */
  record Suppressed(Reason why) implements Change {}
}
