package org.audienceactivation.route;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.http.AnswerBody;
import org.audienceactivation.http.HttpAnswer;
import org.audienceactivation.http.Upload;
import org.audienceactivation.kinesis.sender.StreamRecord;
import org.audienceactivation.profile.RecordReader;

/**
 * The body of one HTTP call, whose caller waits for what becomes of each record.
 *
 * <p>When the time of the call is over, nothing of it is given to a sender any more, what waits
 * there is withdrawn, and what a call to Kinesis carries is awaited; then the caller is told. What
 * he is told was returned is not sent afterwards.
 */
final class CallDelivery extends SourceDelivery {
  /** A step that has no sender to wait for may still end by itself, before it is not waited for. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final String name;
  private final PlansInForce plans;
  private final Upload upload;
  private final Consumer<List<StreamRecord>> withdrawal;
  private final Consumer<CallDelivery> whenEnded;
  private final CallResults results;
  private volatile boolean timeIsUp;
  private volatile long timeWasUp;

  CallDelivery(
      String id,
      RecordReader reader,
      PlansInForce plans,
      StopSignal stop,
      Upload upload,
      Consumer<List<StreamRecord>> withdrawal,
      Consumer<CallDelivery> whenEnded) {
    super(id, reader, plans, stop);
    this.name = id;
    this.plans = plans;
    this.upload = upload;
    this.withdrawal = withdrawal;
    this.whenEnded = whenEnded;
    this.results =
        new CallResults(
            names(plans.now().destinations()), upload.prefersMinimal(), AnswerBody.empty());
    upload.whenTimeIsUp(this::withdraw);
  }

  @Override
  boolean mayBeWithdrawn() {
    return true;
  }

  @Override
  boolean endsEarly() {
    return timeIsUp || hasReturned();
  }

  @Override
  String name() {
    return name;
  }

  @Override
  String fate() {
    return "the caller is told";
  }

  @Override
  void noteSettled(ProfileBatch batch) {
    results.add(batch);
  }

  @Override
  ReasonCode whyGivenBack() {
    return timeIsUp ? ReasonCode.TIMED_OUT : super.whyGivenBack();
  }

  /** Again and again until the call is answered, as what a failed call carried waits again. */
  private void withdraw() {
    if (!timeIsUp) {
      timeWasUp = System.nanoTime();
      timeIsUp = true;
    }
    boolean isWithSender = false;
    for (ProfileBatch batch : List.copyOf(inFlight())) {
      List<StreamRecord> open = batch.withdraw();
      withdrawal.accept(open);
      isWithSender |= open.stream().anyMatch(event -> event.result().isEmpty());
    }
    boolean isStuck = System.nanoTime() - timeWasUp > GRACE.toNanos();
    if (isStuck && !isWithSender) {
      giveBackUnsettled();
      concludeEarly().ifPresent(upload::answerAlready);
    }
  }

  /** Not while a batch is handed out that is not told of: it is looked at the next time. */
  private synchronized Optional<HttpAnswer> concludeEarly() {
    return inFlight().isEmpty() ? conclude() : Optional.empty();
  }

  @Override
  void answer(Exchange exchange) {
    conclude().ifPresent(exchange.getMessage()::setBody);
  }

  /** The answer, the first time. */
  private synchronized Optional<HttpAnswer> conclude() {
    if (results.isConcluded()) {
      return Optional.empty();
    }
    if (hasRest()) {
      ReasonCode why = whyRestIsLeft();
      List<DestinationPlan> destinations = plans.now().destinations();
      destinations.forEach(
          plan -> {
            plan.account().received(1);
            plan.account().settled(Reason.of(why), 1);
          });
      results.addRest(names(destinations), why);
    }
    return Optional.of(results.conclude(upload.cut()));
  }

  private static List<String> names(List<DestinationPlan> destinations) {
    return destinations.stream().map(DestinationPlan::name).toList();
  }

  private ReasonCode whyRestIsLeft() {
    boolean isCallersDoing =
        upload
            .cut()
            .filter(why -> why != Upload.Cut.TIME_IS_UP && why != Upload.Cut.NO_PLACE)
            .isPresent();
    return isCallersDoing ? ReasonCode.UPLOAD_CUT : whyGivenBack();
  }

  @Override
  boolean isAnswered() {
    return true;
  }

  @Override
  void ended() {
    results.discardUnlessConcluded();
    whenEnded.accept(this);
  }
}
