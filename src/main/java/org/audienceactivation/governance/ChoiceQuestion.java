package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.XdmPath;

/**
 * A question that the profile answers with a choice at one place, or, if that says nothing, at the
 * next one: a channel falls back to {@code marketing.any}. The first place that says something
 * decides; if none does, the destination's rule for missing consents. So it does where the person
 * was asked for the channel and has not answered, unless the next place refuses. The platform's
 * results are asked at all their places, and one that refuses decides.
 */
final class ChoiceQuestion implements ConsentCheck {

  /** A place to look at, with what each answer found there comes to. */
  private record Source(XdmPath path, Steps steps, Map<Answer, Finding> findings) {}

  private final String title;
  private final Function<JsonValue, Answer> reading;
  private final boolean asksAll;
  private final List<Source> sources = new ArrayList<>();

  private ChoiceQuestion(String title, Function<JsonValue, Answer> reading, boolean asksAll) {
    this.title = title;
    this.reading = reading;
    this.asksAll = asksAll;
  }

  /** Whether the profile gives a consent. */
  static ChoiceQuestion consent(Consent consent, MissingConsent missing, PolicyRef policy) {
    ChoiceQuestion question = new ChoiceQuestion(consent.subject(), Answer::ofChoice, false);
    question.add(
        consent.value(),
        policy,
        Reason.of(ReasonCode.CONSENT_REFUSED, consent.subject()),
        consent.subject(),
        missing);
    consent
        .fallback()
        .ifPresent(
            any ->
                question.add(
                    any.value(),
                    policy,
                    Reason.of(ReasonCode.CONSENT_REFUSED, any.subject()),
                    any.subject(),
                    missing));
    return question;
  }

  /** Whether the platform's own consent policy holds for the profile. */
  static ChoiceQuestion result(String id, MissingConsent missing, PolicyRef policy) {
    ChoiceQuestion question =
        new ChoiceQuestion("result of consent policy " + id, Answer::ofStatus, true);
    for (XdmPath place : PlatformResults.of(id, "status")) {
      question.add(
          place, policy, Reason.of(ReasonCode.CONSENT_RESULT, id), "results." + id, missing);
    }
    return question;
  }

  private void add(
      XdmPath path, PolicyRef policy, Reason refused, String subject, MissingConsent missing) {
    Map<Answer, Finding> findings = new EnumMap<>(Answer.class);
    for (Answer answer : Answer.values()) {
      Optional<Reason> refusal =
          switch (answer) {
            case YES -> Optional.empty();
            case NO -> Optional.of(refused);
            case UNREADABLE -> Optional.of(Reason.of(ReasonCode.CONSENT_UNREADABLE, subject));
            case MISSING, PENDING ->
                missing == MissingConsent.ALLOW
                    ? Optional.empty()
                    : Optional.of(Reason.of(ReasonCode.CONSENT_MISSING, subject));
          };
      findings.put(answer, new Finding(refusal, policy, path.toString(), answer.word()));
    }
    sources.add(new Source(path, Steps.along(path), findings));
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public Set<XdmPath> needs() {
    Set<XdmPath> needs = new HashSet<>();
    sources.forEach(source -> needs.add(source.path()));
    return needs;
  }

  @Override
  public Finding ask(JsonValue.Obj attributes) {
    Finding decided = sources.get(0).findings().get(Answer.MISSING);
    boolean isMissing = true;
    boolean isPending = false;
    for (int at = 0; at < sources.size(); at++) { // asked once a record: no iterator
      Source source = sources.get(at);
      Answer answer = reading.apply(source.steps().from(attributes));
      isPending |= answer == Answer.PENDING;
      if (answer == Answer.MISSING || answer == Answer.PENDING) {
        continue;
      }
      Finding finding = source.findings().get(answer);
      if (finding.refuses() || !(asksAll || isPending)) {
        return finding;
      }
      decided = isMissing && !isPending ? finding : decided;
      isMissing = false;
    }
    return decided;
  }

  @Override
  public Explanation explain(JsonValue.Obj attributes) {
    Finding finding = ask(attributes);
    List<Explanation> parts = new ArrayList<>();
    for (Source source : sources.size() > 1 ? sources : List.<Source>of()) {
      JsonValue value = source.steps().from(attributes);
      Finding alone = source.findings().get(reading.apply(value));
      parts.add(
          Explanation.of(
              source.path().toString(),
              alone.equals(finding) && finding.refuses()
                  ? Explanation.Result.WITHHOLDS
                  : Explanation.Result.PASSES,
              Shown.choice(value, alone.answer())));
    }
    JsonValue decided =
        sources.stream()
            .filter(source -> source.path().toString().equals(finding.path()))
            .map(source -> source.steps().from(attributes))
            .findFirst()
            .orElse(JsonValue.Null.NULL);
    Explanation node = Explanation.of(title, finding, Shown.choice(decided, finding.answer()));
    return new Explanation(node.what(), node.result(), node.because(), parts);
  }
}
