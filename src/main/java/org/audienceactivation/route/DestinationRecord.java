package org.audienceactivation.route;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.governance.Decision;
import org.audienceactivation.governance.GovernedProfile;
import org.audienceactivation.governance.Withheld;
import org.audienceactivation.kinesis.sender.DeliveryResult;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.RawRecord;

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
    MAPPED,
    DROPPED
  }

  private final RawRecord raw;
  private Optional<Profile> profile;
  private Stage stage = Stage.RECEIVED;
  private Optional<GovernedProfile> governed = Optional.empty();
  private List<Withholding> withholdings = List.of();
  private List<Withheld> withheld = List.of();
  private List<Withheld> audited = List.of();
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

  /** What policies have left out of the profile. */
  List<Withheld> withheld() {
    return withheld;
  }

  /** What is sent although a policy that is only audited forbids it. */
  List<Withheld> audited() {
    return audited;
  }

  void govern(GovernedProfile let) {
    governed = Optional.of(let);
    withholdings = Withholding.from(let);
    withheld = let.withheld();
    audited = let.audited();
    profile = Optional.empty();
    stage = Stage.GOVERNED;
  }

  void deny(Decision.Denied denied) {
    withholdings = List.of(Withholding.profile(denied, profile.orElseThrow()));
    drop(denied.reason(), "");
  }

  /** The parts that are left out of this record, in words; empty if there are none. */
  String leftOutInWords() {
    return Stream.concat(
            Withholding.inWords(withholdings), withheld.stream().map(DestinationRecord::inWords))
        .collect(Collectors.joining(", "));
  }

  static String inWords(Withheld one) {
    return one.part() + " (" + one.policy() + ")";
  }

  /** What was withheld of this record: all of it, some of its identities, or nothing. */
  List<Withholding> withholdings() {
    return withholdings;
  }

  void map(StreamRecord mapped) {
    event = Optional.of(mapped);
    governed = Optional.empty();
    stage = Stage.MAPPED;
  }

  void drop(Reason reason, String detail) {
    settlement = Optional.of(Settlement.NotDelivered.of(reason, detail));
    profile = Optional.empty();
    governed = Optional.empty();
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
