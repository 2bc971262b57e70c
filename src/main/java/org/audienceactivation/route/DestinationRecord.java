package org.audienceactivation.route;

import java.util.Optional;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.destination.Draft;
import org.audienceactivation.destination.Selection;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.kinesis.sender.DeliveryResult;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.RawRecord;
import org.audienceactivation.state.ProfileKey;

/**
 * One profile on its way to one destination. It only moves forward: selected, governed, mapped,
 * settled; a step that finds it elsewhere leaves it alone, so a batch that comes again goes on
 * where it stood. What a stage no longer needs is let go, because a batch may wait long for
 * Kinesis.
 */
public final class DestinationRecord {

  private enum Stage {
    RECEIVED,
    SELECTED,
    GOVERNED,
    DRAFTED,
    DEPARTING,
    MAPPED,
    DROPPED
  }

  private final RawRecord raw;
  private Optional<Profile> profile;
  private Stage stage = Stage.RECEIVED;
  private Optional<GovernedProfile> governed = Optional.empty();
  private Withholding withheld = Withholding.NOTHING;
  private boolean isInMappedAudience = true;
  private Optional<ProfileKey> key = Optional.empty();
  private Optional<Profile> denied = Optional.empty();
  private Optional<Draft.Mapped> draft = Optional.empty();
  private Optional<DestinationState.Sent> sent = Optional.empty();
  private Optional<StreamRecord> event = Optional.empty();
  private Optional<Settlement> settlement = Optional.empty();

  DestinationRecord(RawRecord raw, Profile profile) {
    this.raw = raw;
    this.profile = Optional.of(profile);
  }

  public RawRecord raw() {
    return raw;
  }

  /** The event for the stream, once the record is mapped. */
  public Optional<StreamRecord> event() {
    return event;
  }

  /** The profile, as long as nobody has selected it. */
  Optional<Profile> received() {
    return stage == Stage.RECEIVED ? profile : Optional.empty();
  }

  /** The profile that waits for governance. */
  Optional<Profile> selected() {
    return stage == Stage.SELECTED ? profile : Optional.empty();
  }

  /** The profile that waits to be mapped: only governance can have put it here. */
  Optional<GovernedProfile> governed() {
    return stage == Stage.GOVERNED ? governed : Optional.empty();
  }

  void select() {
    stage = Stage.SELECTED;
  }

  /**
   * Lets it pass, whether it shows a mapped audience or not: of one that shows none an exit may be
   * to be told.
   *
   * @param profileKey by which it is known again
   */
  void select(ProfileKey profileKey, boolean showsMappedAudience) {
    key = Optional.of(profileKey);
    isInMappedAudience = showsMappedAudience;
    stage = Stage.SELECTED;
  }

  /** By what the profile is known again, if that matters. */
  Optional<ProfileKey> key() {
    return key;
  }

  /** What was withheld of this record: all of it, some parts, or nothing. */
  Withholding withheld() {
    return withheld;
  }

  /**
   * Takes what governance lets through.
   *
   * @param named who is to be written down if something was withheld
   */
  void govern(GovernedProfile let, IdentityMap named) {
    governed = Optional.of(let);
    withheld = Withholding.of(let, named);
    profile = Optional.empty();
    stage = Stage.GOVERNED;
  }

  void deny(Decision.Denied decision, IdentityMap named) {
    Optional<Profile> refused = key.isPresent() ? profile : Optional.empty();
    if (isInMappedAudience) {
      withheld = Withholding.of(decision, named);
      drop(decision.reason(), "");
    } else {
      drop(Selection.NOT_SELECTED, "");
    }
    denied = refused;
  }

  /** The profile that governance did not let through and that may be owed a last event. */
  Optional<Profile> denied() {
    return stage == Stage.DROPPED ? denied : Optional.empty();
  }

  void draft(Draft.Mapped mapped) {
    draft = Optional.of(mapped);
    governed = Optional.empty();
    stage = Stage.DRAFTED;
  }

  /** What waits for the decision whether it is a change. */
  Optional<Draft.Mapped> draft() {
    return stage == Stage.DRAFTED ? draft : Optional.empty();
  }

  /** The event on its way, as the state of the destination knows it. */
  Optional<DestinationState.Sent> sent() {
    return sent;
  }

  void sent(DestinationState.Sent onItsWay) {
    sent = Optional.of(onItsWay);
  }

  /** Nobody shows the profile any more: only its end can be told. */
  void expectFarewell() {
    profile = Optional.empty();
    stage = Stage.DEPARTING;
  }

  boolean isDeparting() {
    return stage == Stage.DEPARTING;
  }

  /** In the place of the profile, which stays withheld, its end is told. */
  void farewell(StreamRecord last) {
    settlement = Optional.empty();
    map(last);
  }

  /** Whether an event tells the end of a profile that is withheld. */
  boolean isFarewell() {
    return stage == Stage.MAPPED && withheld.whole().isPresent();
  }

  void map(StreamRecord mapped) {
    event = Optional.of(mapped);
    governed = Optional.empty();
    draft = Optional.empty();
    denied = Optional.empty();
    stage = Stage.MAPPED;
  }

  void drop(Reason reason, String detail) {
    if (withheld.whole().isEmpty()) {
      withheld = Withholding.NOTHING; // parts are withheld of an event, and there is none
    }
    settlement = Optional.of(Settlement.NotDelivered.of(reason, detail));
    profile = Optional.empty();
    governed = Optional.empty();
    draft = Optional.empty();
    stage = Stage.DROPPED;
  }

  /** What became of the record so far; empty while it is on its way. */
  Optional<Settlement> settlement() {
    if (settlement.isPresent()) {
      return settlement;
    }
    if (event.isEmpty() || event.get().result().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(settlement(event.get(), event.get().result().get()));
  }

  private static Settlement settlement(StreamRecord mapped, DeliveryResult result) {
    if (result instanceof DeliveryResult.Delivered) {
      return Settlement.Delivered.DELIVERED;
    }
    if (result instanceof DeliveryResult.Refused refused) {
      return new Settlement.NotDelivered(
          reason(refused),
          refused.message(),
          refused.attempts(),
          Optional.of(mapped.partitionKey()));
    }
    if (result instanceof DeliveryResult.Superseded superseded) {
      return new Settlement.NotDelivered(
          Reason.of(ReasonCode.NEWER_EVENT),
          "a newer event of the same partition key took its place",
          superseded.attempts(),
          Optional.of(mapped.partitionKey()));
    }
    DeliveryResult.Returned returned = (DeliveryResult.Returned) result;
    return new Settlement.NotDelivered(
        Reason.of(reason(returned)),
        returned.why(),
        returned.attempts(),
        Optional.of(mapped.partitionKey()));
  }

  private static ReasonCode reason(DeliveryResult.Returned returned) {
    return switch (returned.cause()) {
      case CLOSED -> ReasonCode.STOPPED;
      case WITHDRAWN -> ReasonCode.TIMED_OUT;
      case FAULT -> ReasonCode.FAILED_BATCH;
    };
  }

  private static Reason reason(DeliveryResult.Refused refused) {
    return switch (refused.cause()) {
      case TOO_LARGE -> Reason.of(ReasonCode.RECORD_TOO_LARGE);
      case RETRY_LIMIT -> Reason.of(ReasonCode.RETRY_LIMIT, refused.errorCode());
      case INVALID_KEY, REFUSED_BY_KINESIS ->
          Reason.of(ReasonCode.KINESIS_REFUSED, refused.errorCode());
    };
  }
}
