package org.audienceactivation.governance;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/**
 * Whether the profile is subscribed. To subscribe is an act, so who does not stand there has not,
 * whatever a missing consent means to the destination; an entry without {@code val} counts if it
 * names a subscriber.
 */
final class SubscriptionCheck implements ConsentCheck {

  private final XdmPath place;
  private final Steps steps;
  private final Map<Answer, Finding> findings = new EnumMap<>(Answer.class);

  SubscriptionCheck(ConsentRules.Subscription subscription, PolicyRef policy) {
    List<String> channel = XdmPath.of(subscription.channel().subject()).segments();
    this.place =
        new XdmPath(
            List.of(
                channel.get(0),
                channel.get(1),
                channel.get(2),
                "subscriptions",
                subscription.name()));
    this.steps = Steps.along(place);
    put(policy, Answer.YES, Optional.empty());
    put(policy, Answer.NO, Optional.of(ReasonCode.CONSENT_REFUSED));
    put(policy, Answer.MISSING, Optional.of(ReasonCode.CONSENT_MISSING));
    put(policy, Answer.PENDING, Optional.of(ReasonCode.CONSENT_MISSING));
    put(policy, Answer.UNREADABLE, Optional.of(ReasonCode.CONSENT_UNREADABLE));
  }

  private void put(PolicyRef policy, Answer answer, Optional<ReasonCode> refusal) {
    String subject = place.toString();
    findings.put(
        answer,
        new Finding(refusal.map(code -> Reason.of(code, subject)), policy, subject, answer.word()));
  }

  @Override
  public String title() {
    return "subscription " + place;
  }

  @Override
  public Set<XdmPath> needs() {
    return Set.of(place);
  }

  @Override
  public Finding ask(JsonValue.Obj attributes) {
    return findings.get(answer(steps.from(attributes)));
  }

  private static Answer answer(JsonValue entry) {
    if (entry == JsonValue.Null.NULL) {
      return Answer.MISSING;
    }
    if (!(entry instanceof JsonValue.Obj object)) {
      return Answer.UNREADABLE;
    }
    JsonValue val = Steps.member(object, "val");
    if (val != JsonValue.Null.NULL) {
      return Answer.ofChoice(val);
    }
    boolean namesSomebody =
        Steps.member(object, "subscribers") instanceof JsonValue.Obj subscribers
            && subscribers.size() > 0;
    return namesSomebody ? Answer.YES : Answer.MISSING;
  }

  @Override
  public Explanation explain(JsonValue.Obj attributes) {
    return Explanation.of(title(), ask(attributes), "");
  }
}
