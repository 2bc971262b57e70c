package org.audienceactivation.governance;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/**
 * Whether the profile prefers the destination's channel: {@code consents.marketing.preferred}, a
 * text, or an object with {@code val} as later schemas have it.
 */
final class PreferredChannel implements ConsentCheck {

  private static final XdmPath PLACE = XdmPath.of("consents.marketing.preferred");
  private static final Steps STEPS = Steps.along(PLACE);
  private static final Set<String> CHANNELS =
      Set.of(
          "email",
          "push",
          "inApp",
          "sms",
          "phone",
          "phyMail",
          "inVehicle",
          "inHome",
          "iot",
          "social",
          "other");

  private final String channel;
  private final Map<Answer, Finding> findings = new EnumMap<>(Answer.class);

  PreferredChannel(String channel, MissingConsent missing, PolicyRef policy) {
    this.channel = channel;
    put(policy, Answer.YES, Optional.empty());
    put(policy, Answer.NO, Optional.of(ReasonCode.OTHER_CHANNEL_PREFERRED));
    put(policy, Answer.UNREADABLE, Optional.of(ReasonCode.CONSENT_UNREADABLE));
    put(
        policy,
        Answer.MISSING,
        missing == MissingConsent.ALLOW
            ? Optional.empty()
            : Optional.of(ReasonCode.CONSENT_MISSING));
  }

  private void put(PolicyRef policy, Answer answer, Optional<ReasonCode> refusal) {
    findings.put(
        answer,
        new Finding(
            refusal.map(code -> Reason.of(code, PLACE.toString())),
            policy,
            PLACE.toString(),
            answer.word()));
  }

  @Override
  public String title() {
    return "preferred channel " + channel;
  }

  @Override
  public Set<XdmPath> needs() {
    return Set.of(PLACE);
  }

  @Override
  public Finding ask(JsonValue.Obj attributes) {
    return findings.get(answer(value(attributes)));
  }

  private static JsonValue value(JsonValue.Obj attributes) {
    JsonValue value = STEPS.from(attributes);
    return value instanceof JsonValue.Obj object ? Steps.member(object, "val") : value;
  }

  private Answer answer(JsonValue value) {
    if (value == JsonValue.Null.NULL) {
      return Answer.MISSING;
    }
    if (!(value instanceof JsonValue.Text text)) {
      return Answer.UNREADABLE;
    }
    if (text.value().equals(channel)) {
      return Answer.YES;
    }
    if (text.value().equals("none") || text.value().equals("unknown")) {
      return Answer.MISSING;
    }
    return CHANNELS.contains(text.value()) ? Answer.NO : Answer.UNREADABLE;
  }

  @Override
  public Explanation explain(JsonValue.Obj attributes) {
    Finding finding = ask(attributes);
    return Explanation.of(title(), finding, Shown.choice(value(attributes), finding.answer()));
  }
}
