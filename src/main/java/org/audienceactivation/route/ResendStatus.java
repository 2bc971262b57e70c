package org.audienceactivation.route;

import java.time.Instant;
import java.util.Optional;
import org.audienceactivation.profile.AudienceRef;

/**
 * What became of a request to send members again.
 *
 * @param askedAt empty if nobody has asked
 * @param audience the only one whose members are meant; empty for all
 * @param endedAt when an input that began after the request was through
 * @param members how many profiles are known to be in an audience, if that can be counted now
 * @param left how many of them have not come in since, if that can be counted now
 */
public record ResendStatus(
    Optional<Instant> askedAt,
    Optional<AudienceRef> audience,
    Stage stage,
    Optional<Instant> endedAt,
    Optional<Long> members,
    Optional<Long> left) {

  /** How far it is. */
  public enum Stage {
    /** Nobody has asked. */
    NONE,
    /** The application that runs takes the request within seconds. */
    HANDED_OVER,
    /** The next input is to come, or to end. */
    WAITING,
    /** An input was through, or everybody was sent. */
    ENDED
  }

  static final ResendStatus NEVER_ASKED =
      new ResendStatus(
          Optional.empty(),
          Optional.empty(),
          Stage.NONE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  static ResendStatus handedOver(Optional<AudienceRef> audience) {
    return new ResendStatus(
        Optional.empty(),
        audience,
        Stage.HANDED_OVER,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
