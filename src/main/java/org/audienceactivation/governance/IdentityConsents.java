package org.audienceactivation.governance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.audienceactivation.accounting.Reason;
import org.audienceactivation.accounting.ReasonCode;
import org.audienceactivation.profile.Identity;
import org.audienceactivation.profile.IdentityMap;
import org.audienceactivation.profile.JsonValue;
import org.audienceactivation.profile.NamespaceCodes;
import org.audienceactivation.profile.Profile;
import org.audienceactivation.profile.XdmPath;

/**
 * What a profile says of single identities: {@code consents.idSpecific.<namespace>.<id>}, and the
 * platform's results for each identity. An identity that refuses what the destination asks is left
 * out, and so is the same address in another form; the others stay. What an identity does not say
 * is what the profile says. Thread-safe.
 *
 * <p>Most profiles say nothing of single identities, and cost two look-ups.
 */
final class IdentityConsents {

  private static final XdmPath ID_SPECIFIC = XdmPath.of("consents.idSpecific");
  private static final Steps TO_ID_SPECIFIC = Steps.along(ID_SPECIFIC);
  private static final String ANY_IDENTITY = ID_SPECIFIC + ".*.*";

  /** A consent with its places below one identity, and what each comes to. */
  private record Question(List<Steps> places, List<Map<Answer, Finding>> findings) {}

  /**
   * The results of one of the platform's policies.
   *
   * @param unreadable that they say something of identities, and nobody can tell of which
   */
  private record Results(Steps place, Map<Answer, Finding> findings, Finding unreadable) {}

  /** An identity that refuses, as the consents name it. */
  private record Refusing(String namespace, String id, Optional<ContactForm> form, Finding why) {}

  private final List<Question> questions = new ArrayList<>();
  private final List<Results> results = new ArrayList<>();
  private final Finding shapeless;
  private final Set<XdmPath> needs = new HashSet<>();

  IdentityConsents(ConsentRules rules, PolicyRef policy) {
    Set<Consent> asked = new LinkedHashSet<>(rules.require());
    rules.subscriptions().forEach(subscription -> asked.add(subscription.channel()));
    asked.forEach(consent -> questions.add(question(consent, rules.missing(), policy)));
    if (!questions.isEmpty()) {
      needs.add(ID_SPECIFIC);
    }
    for (String id : rules.results()) {
      for (XdmPath place : PlatformResults.of(id, "identityLevelConsents")) {
        results.add(
            new Results(
                Steps.along(place),
                findings(policy, rules.missing(), id, place.toString()),
                unreadable(policy, "results." + id, place.toString())));
        needs.add(place);
      }
    }
    shapeless = unreadable(policy, ID_SPECIFIC.toString(), ID_SPECIFIC.toString());
  }

  private static Finding unreadable(PolicyRef policy, String subject, String path) {
    return new Finding(
        Optional.of(Reason.of(ReasonCode.CONSENT_UNREADABLE, subject)),
        policy,
        path,
        Answer.UNREADABLE.word());
  }

  private static Question question(Consent consent, MissingConsent missing, PolicyRef policy) {
    List<Steps> places = new ArrayList<>();
    List<Map<Answer, Finding>> findings = new ArrayList<>();
    Optional<Consent> next = Optional.of(consent);
    while (next.isPresent()) {
      // "consents" is not repeated below an identity
      List<String> keys = next.get().value().segments();
      places.add(Steps.along(keys.subList(1, keys.size())));
      String path = ANY_IDENTITY + "." + next.get().xdmName() + ".val";
      findings.add(findings(policy, missing, next.get().subject(), path));
      next = next.get().fallback();
    }
    return new Question(places, findings);
  }

  /** What an identity does not say is no refusal: the profile's answer holds for it. */
  private static Map<Answer, Finding> findings(
      PolicyRef policy, MissingConsent missing, String subject, String path) {
    Map<Answer, Finding> findings = new EnumMap<>(Answer.class);
    for (Answer answer : Answer.values()) {
      Optional<Reason> refusal =
          switch (answer) {
            case YES, MISSING -> Optional.empty();
            case PENDING ->
                missing == MissingConsent.ALLOW
                    ? Optional.empty()
                    : Optional.of(Reason.of(ReasonCode.IDENTITY_REFUSED, subject));
            case NO, UNREADABLE -> Optional.of(Reason.of(ReasonCode.IDENTITY_REFUSED, subject));
          };
      findings.put(answer, new Finding(refusal, policy, path, answer.word()));
    }
    return findings;
  }

  Set<XdmPath> needs() {
    return needs;
  }

  /** Why the whole profile must stay: it says something of identities that nobody can read. */
  Optional<Finding> unreadable(JsonValue.Obj attributes) {
    if (!questions.isEmpty() && !isMapOfMaps(TO_ID_SPECIFIC.from(attributes))) {
      return Optional.of(shapeless);
    }
    for (int at = 0; at < results.size(); at++) { // asked once a record: no iterator
      Results one = results.get(at);
      if (!isMapOfResults(one.place().from(attributes))) {
        return Optional.of(one.unreadable());
      }
    }
    return Optional.empty();
  }

  private static boolean isMapOfMaps(JsonValue value) {
    if (!(value instanceof JsonValue.Obj namespaces)) {
      return value == JsonValue.Null.NULL;
    }
    for (int at = 0; at < namespaces.size(); at++) {
      JsonValue ids = namespaces.value(at);
      boolean isReadable = ids instanceof JsonValue.Obj named && hasNames(named);
      if (ids != JsonValue.Null.NULL && (!isReadable || namespaces.key(at).isBlank())) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasNames(JsonValue.Obj ids) {
    for (int at = 0; at < ids.size(); at++) {
      if (ids.key(at).isBlank()) {
        return false;
      }
    }
    return true;
  }

  private static boolean isMapOfResults(JsonValue value) {
    if (!(value instanceof JsonValue.Obj namespaces)) {
      return value == JsonValue.Null.NULL;
    }
    for (int at = 0; at < namespaces.size(); at++) {
      JsonValue items = namespaces.value(at);
      boolean isReadable = items instanceof JsonValue.Arr list && areResults(list);
      if (items != JsonValue.Null.NULL && (!isReadable || namespaces.key(at).isBlank())) {
        return false;
      }
    }
    return true;
  }

  private static boolean areResults(JsonValue.Arr list) {
    for (int at = 0; at < list.items().size(); at++) {
      if (!isResult(list.items().get(at))) {
        return false;
      }
    }
    return true;
  }

  /** What refuses must say for whom. */
  private static boolean isResult(JsonValue item) {
    if (!(item instanceof JsonValue.Obj object)) {
      return item == JsonValue.Null.NULL;
    }
    Answer answer = Answer.ofStatus(Steps.member(object, "status"));
    boolean mayRefuse = answer == Answer.NO || answer == Answer.UNREADABLE;
    return !mayRefuse || isName(Steps.member(object, "identity"));
  }

  private static boolean isName(JsonValue identity) {
    return identity instanceof JsonValue.Num
        || (identity instanceof JsonValue.Text text && !text.value().isBlank());
  }

  /** The profile's identities that must be left out, in their order; none for most. */
  List<WithheldIdentity> withheld(Profile profile) {
    if (saysNothing(profile.attributes())) {
      return List.of();
    }
    List<Refusing> refusing = refusing(profile.attributes());
    return refusing.isEmpty() ? List.of() : withheld(profile.identities(), refusing);
  }

  private boolean saysNothing(JsonValue.Obj attributes) {
    if (!questions.isEmpty() && TO_ID_SPECIFIC.from(attributes) != JsonValue.Null.NULL) {
      return false;
    }
    for (int at = 0; at < results.size(); at++) {
      if (results.get(at).place().from(attributes) != JsonValue.Null.NULL) {
        return false;
      }
    }
    return true;
  }

  private static List<WithheldIdentity> withheld(IdentityMap identities, List<Refusing> refusing) {
    List<WithheldIdentity> withheld = new ArrayList<>();
    for (String namespace : identities.namespaces()) {
      for (Identity identity : identities.of(namespace)) {
        Optional<Finding> why = why(namespace, identity.id(), refusing);
        why.ifPresent(w -> withheld.add(new WithheldIdentity(namespace, identity, w)));
      }
    }
    return withheld;
  }

  private static Optional<Finding> why(String namespace, String id, List<Refusing> refusing) {
    String code = NamespaceCodes.codeOf(namespace);
    Optional<ContactForm> form = ContactForm.of(namespace, id);
    for (Refusing one : refusing) {
      boolean isTheOne = isSameId(one.id(), id) && maybeSame(one.namespace(), code);
      boolean isItsOtherForm =
          form.isPresent() && one.form().isPresent() && form.get().maybeSameAs(one.form().get());
      if (isTheOne || isItsOtherForm) {
        return Optional.of(one.why());
      }
    }
    return Optional.empty();
  }

  /**
   * In whatever case, with whatever space around it: both are of one profile, so they are hardly
   * two identities. Keys of consents have lost their prefix {@code xdm:}, also where they are ids.
   */
  private static boolean isSameId(String refused, String id) {
    String bare = id.strip();
    return refused.strip().equalsIgnoreCase(bare)
        || (bare.startsWith("xdm:") && refused.strip().equalsIgnoreCase(bare.substring(4)));
  }

  private static boolean maybeSame(String one, String other) {
    return one.equals(other)
        || NamespaceCodes.isUnknownId(one)
        || NamespaceCodes.isUnknownId(other);
  }

  private List<Refusing> refusing(JsonValue.Obj attributes) {
    List<Refusing> refusing = new ArrayList<>();
    if (!questions.isEmpty()
        && TO_ID_SPECIFIC.from(attributes) instanceof JsonValue.Obj namespaces) {
      addSpecific(namespaces, refusing);
    }
    for (Results one : results) {
      if (one.place().from(attributes) instanceof JsonValue.Obj namespaces) {
        addResults(namespaces, one.findings(), refusing);
      }
    }
    return refusing;
  }

  private void addSpecific(JsonValue.Obj namespaces, List<Refusing> refusing) {
    for (int at = 0; at < namespaces.size(); at++) {
      if (namespaces.value(at) instanceof JsonValue.Obj ids) {
        for (int id = 0; id < ids.size(); id++) {
          addSpecific(namespaces.key(at), ids.key(id), ids.value(id), refusing);
        }
      }
    }
  }

  private void addSpecific(
      String namespace, String id, JsonValue consents, List<Refusing> refusing) {
    for (Question question : questions) {
      Finding finding = ask(question, consents);
      if (finding.refuses()) {
        add(namespace, id, finding, refusing);
        return;
      }
    }
  }

  private static Finding ask(Question question, JsonValue consents) {
    Finding decided = question.findings().get(0).get(Answer.MISSING);
    boolean isPending = false;
    for (int at = 0; at < question.places().size(); at++) {
      Answer answer = Answer.ofChoice(question.places().get(at).from(consents));
      Finding finding = question.findings().get(at).get(answer);
      if (answer == Answer.PENDING) {
        decided = isPending ? decided : finding;
        isPending = true;
      } else if (answer != Answer.MISSING && (!isPending || finding.refuses())) {
        return finding;
      }
    }
    return decided;
  }

  private static void addResults(
      JsonValue.Obj namespaces, Map<Answer, Finding> findings, List<Refusing> refusing) {
    for (int at = 0; at < namespaces.size(); at++) {
      if (namespaces.value(at) instanceof JsonValue.Arr items) {
        for (JsonValue item : items.items()) {
          addResult(namespaces.key(at), item, findings, refusing);
        }
      }
    }
  }

  private static void addResult(
      String namespace, JsonValue item, Map<Answer, Finding> findings, List<Refusing> refusing) {
    if (!(item instanceof JsonValue.Obj object)) {
      return;
    }
    Finding finding = findings.get(Answer.ofStatus(Steps.member(object, "status")));
    JsonValue identity = Steps.member(object, "identity");
    if (!finding.refuses()) {
      return;
    }
    if (identity instanceof JsonValue.Text text) {
      add(namespace, text.value(), finding, refusing);
    } else if (identity instanceof JsonValue.Num number) {
      add(namespace, number.source(), finding, refusing);
    }
  }

  private static void add(String namespace, String id, Finding why, List<Refusing> refusing) {
    refusing.add(
        new Refusing(NamespaceCodes.codeOf(namespace), id, ContactForm.of(namespace, id), why));
  }
}
